import { h } from "../../js/dom.js";
import { openMenu } from "../../js/menus.js";
import { t } from "../../js/messages.js";
import { toast } from "../../js/toasts.js";
import { call } from "./api.js";
import { copyLink } from "./panel.js";
import { sentenceOf } from "./sentences.js";
import { nameOf } from "./spoken.js";
import { fromApi, urlOf } from "./ticket.js";

/** What can be done with a card, for those who neither drag nor know the keys. */
export class CardMenu {
  constructor(board, actions) {
    Object.assign(this, { board, actions });
  }

  open(id) {
    const { ticket } = this.board.lists.find(id);
    const row = this.board.canvas.rowOf(id);
    const items = [
      { label: t("open_card"), icon: "text", keys: "Enter", run: () => this.actions.open(id) },
      { label: t("move_to"), icon: "move", keys: "M", run: () => this.actions.moveTo(id) },
      { label: t("copy_link"), icon: "link", run: () => copyLink(urlOf(ticket)) },
      null,
      { label: t("archive_card"), icon: "archive", run: () => this.archive(ticket) },
    ];
    openMenu(row.querySelector(".card-menu"), t("card_menu_of", { card: nameOf(ticket) }), items, { back: row });
  }

  async archive(ticket) {
    const { board } = this;
    try {
      await call("PUT", `/tickets/${ticket.id}/archive`);
      board.touchColumns(board.store.take(ticket.id));
      toast(t("card_archived", { card: nameOf(ticket) }), { action: { label: t("undo"), run: () => this.restore(ticket) } });
    } catch (error) {
      toast(t("archive_refused", { reason: sentenceOf(error) }), { error: true });
    }
  }

  async restore(ticket) {
    const { board } = this;
    try {
      const restored = fromApi(await call("DELETE", `/tickets/${ticket.id}/archive`), board.store);
      board.store.gone.delete(ticket.id);
      board.touchColumns(board.store.put(restored));
      board.focus.card(ticket.id);
    } catch (error) {
      toast(t("restore_refused", { reason: sentenceOf(error) }), { error: true });
    }
  }
}

/** Columns as options of a select, one of them chosen. */
export const columnOptions = (columns, chosen) =>
  columns.map((column) => h("option", { value: String(column.number), selected: column.number === chosen }, column.name));
