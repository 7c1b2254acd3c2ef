import { announce } from "../../js/announce.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { AutoScroll } from "./auto_scroll.js";
import { findTarget } from "./drop_target.js";
import { placeAt } from "./places.js";
import { Press } from "./press.js";
import { nameOf } from "./spoken.js";

/** Dragging a card with the mouse, a pen or a finger. */
export class Drag {
  active = null;

  constructor(board, mover) {
    Object.assign(this, { board, mover });
    const { root } = board.canvas;
    this.press = new Press(root, {
      canBegin: (row) => board.mayMove && row.ticket.number !== null && !board.held,
      begin: (row, start, event) => this.begin(row, start, event),
    });
    this.scroller = new AutoScroll(board.canvas, () => this.aim());
    // A finger that drags must not scroll: this has to be listened to before the touch begins.
    root.addEventListener("touchmove", (event) => this.active && event.cancelable && event.preventDefault(), { passive: false });
    board.watch(() => this.active && this.checkStill());
  }

  begin(row, start, event) {
    const { board } = this;
    const { ticket } = row;
    const box = row.firstElementChild.getBoundingClientRect();
    const ghost = h("div", { class: "card drag-ghost", "aria-hidden": "true" }, ...row.firstElementChild.cloneNode(true).childNodes);
    ghost.style.width = `${box.width}px`;
    const line = h("div", { class: "drop-line", "aria-hidden": "true", hidden: true });
    document.body.append(ghost, line);
    document.body.classList.add("is-dragging");
    this.active = { id: ticket.id, ticket, ghost, line, offset: { x: start.x - box.left, y: start.y - box.top }, column: ticket.column };
    board.hold(ticket.id, "drag");
    this.listen(start.pointerId);
    if (start.type === "touch") navigator.vibrate?.(12);
    this.follow({ clientX: event.clientX ?? event.x, clientY: event.clientY ?? event.y });
  }

  listen(pointerId) {
    this.aborter = new AbortController();
    const { signal } = this.aborter;
    const own = (handle) => (event) => event.pointerId === pointerId && handle(event);
    document.addEventListener("pointermove", own((event) => this.follow(event)), { signal });
    document.addEventListener("pointerup", own(() => this.drop()), { signal });
    document.addEventListener("pointercancel", own(() => this.cancel()), { signal });
    window.addEventListener("blur", () => this.cancel(), { signal });
    document.addEventListener("keydown", (event) => this.keyed(event), { signal, capture: true });
  }

  keyed(event) {
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") this.cancel();
  }

  follow(event) {
    const { ghost, offset } = this.active;
    this.point = { x: event.clientX, y: event.clientY };
    ghost.style.transform = `translate(${this.point.x - offset.x}px, ${this.point.y - offset.y}px)`;
    this.aim();
  }

  /** Shows where the card would land. */
  aim() {
    if (!this.active) return;
    const { line } = this.active;
    const target = (this.target = findTarget(this.board.canvas, this.point));
    line.hidden = !target?.line;
    if (target?.line) {
      line.style.width = `${target.line.width}px`;
      line.style.transform = `translate(${target.line.x}px, ${target.line.y}px)`;
    }
    for (const view of this.board.canvas.views.values()) view.element.classList.toggle("is-target", view === target?.view);
    this.scroller.follow(this.point, target?.view);
  }

  drop() {
    const { id } = this.active;
    const { target } = this;
    this.end();
    if (!target) return;
    const from = this.board.lists.find(id);
    const list = this.board.lists.visible(target.view.number);
    const isSame = from?.column === target.view.number;
    const index = isSame && target.gap > from.index ? target.gap - 1 : target.gap;
    if (isSame && (index === from.index || target.view.isFolded)) return;
    this.mover.move(id, placeAt(list, index, target.view.number, id));
  }

  cancel() {
    const { ticket } = this.active;
    this.end();
    announce(t("drag_cancelled", { card: nameOf(ticket) }));
  }

  /** Someone else has moved the card, or it has left the board. */
  checkStill() {
    const now = this.board.store.tickets.get(this.active.id);
    if (now?.column === this.active.column) return this.aim();
    return this.cancel();
  }

  end() {
    this.aborter.abort();
    this.scroller.stop();
    this.active.ghost.remove();
    this.active.line.remove();
    this.active = null;
    document.body.classList.remove("is-dragging");
    this.board.canvas.root.querySelector(".column.is-target")?.classList.remove("is-target");
    this.board.hold(null);
    swallowClick();
  }
}

/** The click that ends a drag opens nothing. */
function swallowClick() {
  const swallow = (event) => (event.preventDefault(), event.stopPropagation());
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
}
