import { h } from "../../js/dom.js";
import { drawCard, redrawCard } from "./card.js";
import { Geometry } from "./geometry.js";

/** The cards of one column: only those near the viewport are in the page, between spacers that keep the height. */
export class CardList {
  geometry = new Geometry();
  rows = new Map();
  spacers = [];
  stop = null; // the ticket whose card the Tab key reaches
  epoch = 0;
  top = 0; // scrollTop and clientHeight, kept so that drawing one column does not lay out another
  height = 0;

  constructor(board, column) {
    Object.assign(this, { board, column });
    this.grid = h("div", { class: "column-cards", role: "grid", onscroll: () => this.scrolled() });
  }

  scrolled() {
    if (this.grid.scrollTop === this.top) return;
    this.top = this.grid.scrollTop;
    this.render();
  }

  /** Reads its size; done for all columns before any is drawn. */
  readSize() {
    if (!this.grid.clientWidth) return;
    this.height = this.grid.clientHeight;
    this.geometry.setWidth(this.grid.clientWidth);
  }

  render() {
    this.draw();
    this.settle();
  }

  /** Puts the wanted cards in order into the page. What the reader was looking at stays where it was. */
  draw(shift = this.takeItems()) {
    const { geometry } = this;
    const wanted = this.wanted(shift);
    const redraw = this.epoch !== this.board.epoch;
    const spare = this.rows;
    Object.assign(this, { rows: new Map(), epoch: this.board.epoch, node: null });
    for (const index of wanted) this.rows.set(geometry.items[index].id, null);
    for (const [id, row] of spare) if (!this.rows.has(id)) row.remove();
    this.node = this.grid.firstChild;
    let end = 0;
    let spacers = 0;
    for (const index of wanted) {
      if (index > end) this.place(this.spacer(spacers++, geometry.tops[index] - geometry.tops[end]));
      this.place(this.row(geometry.items[index], index, spare, redraw));
      end = index + 1;
    }
    if (end < geometry.items.length) this.place(this.spacer(spacers++, geometry.height - geometry.tops[end]));
    for (const element of this.spacers.slice(spacers)) element.remove();
    if (shift) this.scrollTo(this.top + shift);
    this.markStop();
  }

  /** Puts an element next. A card that is there already is not moved, which would take the focus from it. */
  place(element) {
    if (this.rows.get(element.dataset.ticket) === element) while (this.node && !this.node.dataset.ticket) this.node = this.node.nextSibling;
    if (element === this.node) this.node = this.node.nextSibling;
    else this.grid.insertBefore(element, this.node);
  }

  /** Takes the column's present list; answers how far what is at the top of the view has been pushed. */
  takeItems() {
    const { geometry, board } = this;
    const items = board.lists.visible(this.column);
    const stale = this.epoch !== board.epoch;
    if (items === geometry.items && !stale) return 0;
    const index = geometry.indexAt(this.top);
    const anchor = geometry.items[index];
    const before = geometry.tops[index];
    if (stale) geometry.measured = new WeakMap();
    geometry.setItems(items);
    const now = this.top > 0 && anchor ? items.findIndex((ticket) => ticket.id === anchor.id) : -1;
    return now < 0 ? 0 : geometry.tops[now] - before;
  }

  wanted(shift) {
    const { board, geometry, column } = this;
    const kept = board.kept(column).map((id) => geometry.items.findIndex((ticket) => ticket.id === id));
    if (!board.canvas.isNear(column)) return geometry.indices(0, 0, kept);
    const top = this.top + shift;
    return geometry.indices(top - board.canvas.overscan, top + this.height + board.canvas.overscan, kept);
  }

  spacer(index, height) {
    const element = (this.spacers[index] ??= h("div", { class: "spacer", role: "presentation" }));
    element.style.height = `${height}px`;
    return element;
  }

  row(ticket, index, spare, redraw) {
    let row = spare.get(ticket.id);
    if (!row) row = drawCard(ticket, this.board);
    else if (redraw || row.ticket !== ticket) redrawCard(row, ticket, this.board);
    this.board.markHeld(row);
    this.rows.set(ticket.id, row);
    const position = String(index + 1);
    if (row.getAttribute("aria-rowindex") !== position) row.setAttribute("aria-rowindex", position);
    return row;
  }

  /** Measures what was only estimated, keeps the view steady and fills what came into it. */
  settle() {
    const heights = [];
    for (const { ticket, row } of this.unmeasured()) heights.push([ticket, row.getBoundingClientRect().height]);
    if (!heights.length) return;
    const anchor = this.geometry.indexAt(this.top);
    const before = this.geometry.tops[anchor];
    if (this.geometry.measure(heights)) this.draw(this.top > 0 ? this.geometry.tops[anchor] - before : 0);
  }

  *unmeasured() {
    for (const row of this.rows.values()) if (!this.geometry.measured.has(row.ticket)) yield { ticket: row.ticket, row };
  }

  /** One card of the column answers to Tab: the one last focused, else the first in view. */
  markStop() {
    const { items } = this.geometry;
    const stop = this.rows.has(this.stop) ? this.stop : items[this.geometry.indexAt(this.top)]?.id;
    for (const [id, row] of this.rows) {
      const index = id === stop ? 0 : -1;
      if (row.tabIndex !== index) row.tabIndex = index;
    }
  }

  scrollTo(top) {
    this.grid.scrollTop = top;
    this.top = this.grid.scrollTop;
  }

  /** Scrolls as little as shows the card whole, and draws it. */
  reveal(index) {
    const { tops } = this.geometry;
    if (tops[index] < this.top) this.scrollTo(tops[index] - 8);
    else if (tops[index + 1] > this.top + this.height) this.scrollTo(tops[index + 1] - this.height + 8);
    this.render();
  }
}
