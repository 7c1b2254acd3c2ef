import { h, icon, setText } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { CardList } from "./card_list.js";
import { spokenColumn } from "./spoken.js";

/** One column: its head, its cards, the way to add one. */
export class ColumnView {
  constructor(board, column) {
    Object.assign(this, { board, number: column.number, list: new CardList(board, column.number) });
    this.build(`column-${column.number}`);
    this.patch(column);
  }

  build(id) {
    const button = (name, action, props) =>
      h("button", { type: "button", class: "button button-quiet button-icon button-small", data: { action }, ...props }, icon(name));
    this.mark = h("span", { class: "category", role: "img" });
    this.name = h("h2", { class: "column-name", id });
    this.count = h("span", { class: "column-count" });
    this.fold = button("collapse", "fold", { "aria-expanded": "true" });
    this.add = this.board.mayCreate ? button("plus", "compose", {}) : null;
    this.menu = this.board.mayManage ? button("more", "column-menu", { "aria-haspopup": "menu" }) : null;
    this.head = h("header", { class: "column-head" }, this.mark, this.name, this.count, h("span", { class: "column-tools" }, this.fold, this.add, this.menu));
    this.empty = h("p", { class: "column-empty", hidden: true });
    this.foot = h("div", { class: "column-foot" });
    this.list.grid.setAttribute("aria-labelledby", id);
    if (this.board.mayCreate) {
      this.foot.append(h("button", { type: "button", class: "column-add", data: { action: "compose" } }, icon("plus"), t("add_card")));
    }
    this.element = h("section", { class: "column", "aria-labelledby": id }, this.head, this.list.grid, this.empty, this.foot);
    this.element.dataset.column = this.number;
    this.element.view = this;
  }

  /** The column itself has changed: name, colour, category, limit. */
  patch(column) {
    this.column = column;
    setText(this.name, column.name);
    this.name.title = column.name;
    this.element.dataset.colour = column.colour;
    this.mark.dataset.category = column.category;
    this.mark.setAttribute("aria-label", t(`category_${column.category}`));
    this.mark.title = t(`category_${column.category}`);
    this.add?.setAttribute("aria-label", t("add_card_to", { column: column.name }));
    this.menu?.setAttribute("aria-label", t("column_menu", { column: column.name }));
    this.setFolded(this.board.folds.has(column.number));
  }

  setFolded(isFolded) {
    this.isFolded = isFolded;
    this.element.classList.toggle("is-folded", isFolded);
    this.fold.setAttribute("aria-expanded", String(!isFolded));
    this.fold.setAttribute("aria-label", t(isFolded ? "unfold_column" : "fold_column", { column: this.column.name }));
    this.fold.title = t(isFolded ? "unfold" : "fold");
  }

  /** The column's cards have changed. */
  update() {
    const { lists, filter } = this.board;
    const seen = lists.visible(this.number).length;
    const count = lists.all(this.number).length;
    const limit = this.column.wip_limit;
    const whole = limit ? `${count} / ${limit}` : String(count);
    setText(this.count, filter.isOn && seen !== count ? t("count_of", { seen, count }) : whole);
    this.count.title = spokenColumn(this.column, count);
    this.count.classList.toggle("is-full", Boolean(limit) && count === limit);
    this.element.classList.toggle("is-over", Boolean(limit) && count > limit);
    this.patchGrid(seen);
    this.empty.hidden = seen > 0;
    setText(this.empty, t(count ? "column_nothing_matches" : this.board.mayCreate ? "column_empty" : "column_empty_reader"));
    if (!this.isFolded) this.list.draw();
  }

  /** A grid without rows is no grid. */
  patchGrid(seen) {
    const { grid } = this.list;
    if (seen) grid.setAttribute("role", "grid");
    else grid.removeAttribute("role");
    grid.setAttribute("aria-rowcount", String(seen));
    if (!seen) grid.removeAttribute("aria-rowcount");
    grid.hidden = !seen;
  }
}
