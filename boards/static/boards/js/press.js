const MOUSE_THRESHOLD = 5;
const TOUCH_DELAY = 300;
const TOUCH_SLACK = 10;

/** Tells a press that wants to drag from a click and from a scroll: the mouse by moving, a finger by waiting. */
export class Press {
  constructor(root, { canBegin, begin }) {
    Object.assign(this, { root, canBegin, begin });
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("dragstart", (event) => event.preventDefault());
    root.addEventListener("contextmenu", (event) => this.touched && event.preventDefault());
  }

  down(event) {
    this.stop();
    const row = event.target.closest(".card-row");
    if (!row || !event.isPrimary || event.button !== 0 || event.target.closest("button") || !this.canBegin(row)) return;
    this.start = { row, x: event.clientX, y: event.clientY, pointerId: event.pointerId, type: event.pointerType };
    this.touched = event.pointerType === "touch";
    this.aborter = new AbortController();
    const { signal } = this.aborter;
    document.addEventListener("pointermove", (move) => this.moved(move), { signal });
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => this.stop(), { signal });
    if (this.touched) {
      this.timer = setTimeout(() => this.commit(), TOUCH_DELAY);
      document.addEventListener("scroll", () => this.stop(), { signal, capture: true });
    }
  }

  moved(event) {
    if (event.pointerId !== this.start.pointerId) return;
    const far = Math.hypot(event.clientX - this.start.x, event.clientY - this.start.y);
    if (this.touched && far > TOUCH_SLACK) this.stop();
    else if (!this.touched && far > MOUSE_THRESHOLD) this.commit(event);
  }

  commit(event = null) {
    const { start } = this;
    this.stop();
    this.begin(start.row, start, event ?? start);
  }

  stop() {
    clearTimeout(this.timer);
    this.aborter?.abort();
    this.aborter = null;
  }
}
