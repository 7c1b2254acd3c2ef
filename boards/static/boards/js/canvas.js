import { h, icon } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { ColumnView } from "./column.js";

const OVERSCAN = 480;
const MANY_PIXELS = 6_000_000; // beyond this there is enough on the screen; keep the page small

/** The columns on the screen. Draws what was touched, at once; the caller decides when. */
export class Canvas {
  views = new Map();
  left = 0;
  width = 0;
  overscan = OVERSCAN;

  constructor(board, root) {
    Object.assign(this, { board, root });
    this.strip = h("div", { class: "columns" });
    root.append(this.strip);
    root.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.resizes = new ResizeObserver(() => this.resized());
    this.resizes.observe(root);
  }

  /** Draws the touched columns: the named ones, or all. */
  render({ all, faces, structure, columns }) {
    if (structure) this.arrange();
    const views = all || faces || structure ? [...this.views.values()] : [...columns].map((number) => this.views.get(number)).filter(Boolean);
    for (const view of views) view.update();
    if (structure) this.readSizes();
    for (const view of views) this.redraw(view, structure);
  }

  redraw(view, sizesChanged) {
    if (view.isFolded) return;
    if (sizesChanged) view.list.draw();
    view.list.settle();
  }

  /** Brings the columns' elements into the board's order, making and dropping as needed. */
  arrange() {
    const { columns } = this.board.store;
    const views = new Map();
    let node = this.strip.firstChild;
    for (const column of columns) {
      const view = this.views.get(column.number) ?? this.adopt(new ColumnView(this.board, column));
      view.patch(column);
      views.set(column.number, view);
      if (view.element === node) node = node.nextSibling;
      else this.strip.insertBefore(view.element, node);
      view.list.scrollTo(view.list.top);
    }
    for (const [number, view] of this.views) if (!views.has(number)) view.element.remove();
    this.views = views;
    this.board.columnAdder?.place(this.strip);
    this.readSizes();
  }

  adopt(view) {
    this.resizes.observe(view.list.grid);
    return view;
  }

  readSizes() {
    this.left = this.root.scrollLeft;
    this.width = this.root.clientWidth;
    this.overscan = this.width * this.root.clientHeight > MANY_PIXELS ? OVERSCAN / 4 : OVERSCAN;
    for (const view of this.views.values()) {
      view.left = view.element.offsetLeft;
      view.right = view.left + view.element.offsetWidth;
      if (!view.isFolded) view.list.readSize();
    }
  }

  isNear(number) {
    const view = this.views.get(number);
    return view.right > this.left - 200 && view.left < this.left + this.width + 200;
  }

  scrolled() {
    const { scrollLeft } = this.root;
    if (scrollLeft === this.left) return;
    const before = [...this.views.values()].map((view) => this.isNear(view.number));
    this.left = scrollLeft;
    for (const [index, view] of [...this.views.values()].entries()) {
      if (!view.isFolded && this.isNear(view.number) !== before[index]) view.list.render();
    }
  }

  resized() {
    this.readSizes();
    for (const view of this.views.values()) if (!view.isFolded) view.list.render();
  }

  /** Brings a card onto the screen and answers its element. */
  reveal(id) {
    const found = this.board.lists.find(id);
    const view = found && this.views.get(found.column);
    if (!view) return null;
    if (view.isFolded) this.board.folds.open(view.number);
    if (view.left < this.root.scrollLeft || view.right > this.root.scrollLeft + this.width) {
      view.element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      this.scrolled();
    }
    view.list.reveal(found.index);
    return view.list.rows.get(id) ?? null;
  }

  rowOf(id) {
    const found = this.board.lists.find(id);
    return (found && this.views.get(found.column)?.list.rows.get(id)) ?? null;
  }

  viewOf(element) {
    return element?.closest?.(".column")?.view ?? null;
  }
}

export function emptyState(title, sentence, action) {
  return h("div", { class: "empty" }, h("strong", {}, title), h("p", {}, sentence), action);
}

export const plusButton = (label, run) => h("button", { type: "button", class: "button button-primary", onclick: run }, icon("plus"), label ?? t("add_column"));
