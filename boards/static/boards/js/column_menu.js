import { announce } from "../../js/announce.js";
import { confirm } from "../../js/dialogs.js";
import { openMenu } from "../../js/menus.js";
import { t } from "../../js/messages.js";
import { toast } from "../../js/toasts.js";
import { call } from "./api.js";
import { editColumn } from "./column_dialog.js";
import { sentenceOf } from "./sentences.js";

/** What can be done with a column. The stream, or asking it, brings the result. */
export class ColumnMenu {
  constructor(board, live) {
    Object.assign(this, { board, live });
  }

  open(view, anchor) {
    const { column } = view;
    const { columns } = this.board.store;
    const at = columns.indexOf(column);
    openMenu(anchor, t("column_menu", { column: column.name }), [
      { label: t("rename"), icon: "edit", run: () => this.edit(column, "name") },
      { label: t("set_limit"), icon: "filter", run: () => this.edit(column, "wip_limit") },
      { label: t("set_colour"), icon: "columns", run: () => this.edit(column, "colour") },
      { label: t("set_category"), icon: "checklist", run: () => this.edit(column, "category") },
      null,
      { label: t(view.isFolded ? "unfold" : "fold"), icon: "collapse", run: () => this.board.folds.toggle(column.number) },
      { label: t("move_left"), icon: "left", disabled: at <= 0, run: () => this.shift(column, -1) },
      { label: t("move_right"), icon: "right", disabled: at === columns.length - 1, run: () => this.shift(column, 1) },
      null,
      { label: t("archive_column"), icon: "archive", danger: true, run: () => this.archive(column) },
    ]);
  }

  async edit(column, first) {
    const changes = await editColumn(column, first);
    if (!changes) return;
    await this.write(() => call("PATCH", `/columns/${column.id}`, changes), t("column_saved", { column: changes.name ?? column.name }));
    this.focus(column);
  }

  async shift(column, by) {
    const { columns } = this.board.store;
    const others = columns.filter((other) => other.id !== column.id);
    const to = columns.findIndex((other) => other.id === column.id) + by;
    const body = { after: others[to - 1]?.id ?? null, before: others[to]?.id ?? null };
    const told = t("column_moved", { column: column.name, position: to + 1, count: columns.length });
    await this.write(() => call("PUT", `/columns/${column.id}/position`, body), told);
    this.focus(column);
  }

  async archive(column) {
    const count = this.board.lists.all(column.number).length;
    if (!(await confirm(t("archive_column_question", { column: column.name, count }), t("archive_column")))) return;
    await this.write(() => call("PATCH", `/columns/${column.id}`, { archived: true }), t("column_archived", { column: column.name }));
  }

  async write(request, told) {
    try {
      await request();
      await this.live.catchUp();
      announce(told);
    } catch (error) {
      toast(sentenceOf(error), { error: true });
    }
  }

  focus(column) {
    const view = this.board.canvas.views.get(column.number);
    view?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    view?.menu.focus();
  }
}
