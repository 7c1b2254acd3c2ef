const EDGE = 56;
const FASTEST = 22;

/** Scrolls the column under the pointer, and the board, while a card is dragged near their edges. */
export class AutoScroll {
  constructor(canvas, onScroll) {
    Object.assign(this, { canvas, onScroll, frame: 0 });
  }

  /** `point` is {x, y}, `view` the column under it. */
  follow(point, view) {
    Object.assign(this, { point, view });
    if (!this.frame && this.speeds().some(Boolean)) this.frame = requestAnimationFrame(() => this.step());
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  step() {
    this.frame = 0;
    const [x, y] = this.speeds();
    const { root } = this.canvas;
    const grid = this.view?.list.grid;
    const before = [root.scrollLeft, grid?.scrollTop];
    if (x) root.scrollLeft += x;
    if (y) grid.scrollTop += y;
    if (root.scrollLeft === before[0] && grid?.scrollTop === before[1]) return;
    this.onScroll();
    this.follow(this.point, this.view);
  }

  speeds() {
    const board = this.canvas.root.getBoundingClientRect();
    const column = this.view && !this.view.isFolded ? this.view.list.grid.getBoundingClientRect() : null;
    return [speed(this.point.x, board.left, board.right), column ? speed(this.point.y, column.top, column.bottom) : 0];
  }
}

/** The nearer the edge, the faster; nothing in the middle. */
function speed(at, low, high) {
  const edge = Math.min(EDGE, (high - low) / 4);
  if (at < low + edge) return -Math.ceil(FASTEST * Math.min(1, (low + edge - at) / edge));
  if (at > high - edge) return Math.ceil(FASTEST * Math.min(1, (at - high + edge) / edge));
  return 0;
}
