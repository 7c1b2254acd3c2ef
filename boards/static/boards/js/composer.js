import { announce } from "../../js/announce.js";
import { h, icon } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { toast } from "../../js/toasts.js";
import { create } from "./api.js";
import { config } from "./config.js";
import { askOverride } from "./override.js";
import { sentenceOf } from "./sentences.js";
import { fromApi, unborn } from "./ticket.js";

const TITLE_MAX = 255;
let made = 0;

/** Adding cards in place: Enter adds and stays open for the next, Escape closes, a draft survives a reload. */
export class Composer {
  constructor(board) {
    this.board = board;
    this.open = null;
    board.watch(() => this.open && !board.canvas.views.has(this.open.view.number) && (this.open = null));
  }

  show(number) {
    const view = this.board.canvas.views.get(number);
    if (!view || !this.board.mayCreate) return;
    if (view.isFolded) this.board.folds.open(number);
    this.back = this.board.focus.id;
    if (this.open?.view !== view) {
      this.close({ focus: false });
      this.build(view);
    }
    view.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.open.input.focus();
  }

  build(view) {
    const label = t("add_card_to", { column: view.column.name });
    const input = h("textarea", { class: "composer-input", rows: "2", maxlength: String(TITLE_MAX), "aria-label": label, placeholder: t("card_title_placeholder"), enterkeyhint: "done" });
    input.value = draftOf(view.number);
    const add = h("button", { type: "button", class: "button button-primary button-small", onclick: () => this.submit() }, t("add_card"));
    const close = h("button", { type: "button", class: "button button-quiet button-icon button-small", "aria-label": t("close"), onclick: () => this.close() }, icon("close"));
    const form = h("div", { class: "composer" }, input, h("div", { class: "row" }, add, close, h("span", { class: "composer-hint" }, t("composer_hint"))));
    input.addEventListener("input", () => keepDraft(view.number, input.value));
    input.addEventListener("keydown", (event) => this.keyed(event));
    view.foot.prepend(form);
    view.element.classList.add("is-composing");
    this.open = { view, input, form };
  }

  keyed(event) {
    // Enter that ends a Hangul syllable is not meant for the form.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && !event.shiftKey) this.submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  submit() {
    const { view, input } = this.open;
    const title = input.value.replace(/\s+/g, " ").trim();
    input.focus();
    if (!title) return;
    input.value = "";
    keepDraft(view.number, "");
    this.add(view.number, title);
  }

  async add(column, title, reason = "") {
    const { board } = this;
    const operation = board.pending.add({ id: `new-${++made}`, column, after: null, before: null });
    operation.unborn = unborn(operation.id, title, column);
    board.touchColumns(column);
    this.showEnd(column);
    try {
      const body = { column: board.store.columnByNumber.get(column).id, title };
      const ticket = fromApi(await create("/tickets", reason ? { ...body, override_reason: reason } : body), board.store);
      board.pending.drop(operation);
      board.touchColumns(column, board.store.put(ticket));
      this.tell(ticket, column);
    } catch (error) {
      board.pending.drop(operation);
      board.touchColumns(column);
      this.refused(error, column, title);
    }
  }

  tell(ticket, column) {
    const name = this.board.store.columnByNumber.get(column)?.name ?? "";
    const isHidden = this.board.lists.match && !this.board.lists.match(ticket);
    if (!isHidden) return announce(t("card_added", { title: ticket.title, column: name }));
    const run = () => (this.board.filter.clear(), this.board.filterChanged());
    return toast(t("card_added_hidden", { title: ticket.title }), { action: { label: t("clear_filter"), run } });
  }

  async refused(error, column, title) {
    toast(t("add_refused", { title, reason: sentenceOf(error) }), { error: true });
    const reason = error.code === "WIP_LIMIT" ? await askOverride(error) : "";
    if (reason) return this.add(column, title, reason);
    // What was typed is not lost.
    const input = this.open?.view.number === column ? this.open.input : null;
    if (input && !input.value) input.value = title;
    if (!input || input.value === title) keepDraft(column, title);
    return input?.focus();
  }

  showEnd(column) {
    const list = this.board.canvas.views.get(column)?.list;
    if (!list) return;
    list.scrollTo(list.geometry.height);
    list.render();
  }

  close({ focus = true } = {}) {
    if (!this.open) return;
    const { view, form } = this.open;
    this.open = null;
    form.remove();
    view.element.classList.remove("is-composing");
    if (focus && !(this.back && this.board.focus.card(this.back))) view.foot.querySelector(".column-add").focus();
  }

  /** Opens the column whose draft the last visit left. */
  resume() {
    const left = this.board.store.columns.find((column) => draftOf(column.number));
    if (left) this.show(left.number);
  }
}

const draftKey = (column) => `tika:draft:${config.board.id}:${column}`;

// A browser may refuse its storage (private windows); then a draft lives as long as the page.
function draftOf(column) {
  try {
    return sessionStorage.getItem(draftKey(column)) ?? "";
  } catch {
    return "";
  }
}

function keepDraft(column, text) {
  try {
    if (text) sessionStorage.setItem(draftKey(column), text);
    else sessionStorage.removeItem(draftKey(column));
  } catch {
    // not kept
  }
}
