import { h, icon } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { toast } from "../../js/toasts.js";
import { create } from "./api.js";
import { config } from "./config.js";
import { sentenceOf } from "./sentences.js";

/** The tile behind the last column that makes another; on a board without columns it says what to do. */
export class ColumnAdder {
  constructor(board, live) {
    Object.assign(this, { board, live });
    this.button = h("button", { type: "button", class: "button column-adder-button", onclick: () => this.show() }, icon("plus"), t("add_column"));
    this.input = h("input", { class: "input", maxlength: "100", "aria-label": t("column_name"), placeholder: t("column_name") });
    this.form = h("form", { class: "composer", hidden: true, onsubmit: (event) => this.submit(event) }, this.input, h("div", { class: "row" }, h("button", { class: "button button-primary button-small" }, t("add_column"))));
    this.welcome = h("div", { class: "empty column-welcome" }, h("strong", {}, t("no_columns")), h("p", {}, t("no_columns_next")));
    this.element = h("div", { class: "column-adder" }, this.welcome, this.button, this.form);
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && this.hide());
    this.form.addEventListener("focusout", (event) => !this.input.value && !this.form.contains(event.relatedTarget) && this.hide({ focus: false }));
  }

  place(strip) {
    if (strip.lastChild !== this.element) strip.append(this.element);
    this.welcome.hidden = this.board.store.columns.length > 0;
    this.element.classList.toggle("is-welcome", !this.welcome.hidden);
  }

  show() {
    this.button.hidden = true;
    this.form.hidden = false;
    this.input.focus();
    this.element.scrollIntoView({ block: "nearest", inline: "end" });
  }

  hide({ focus = true } = {}) {
    this.form.hidden = true;
    this.button.hidden = false;
    if (focus) this.button.focus();
  }

  async submit(event) {
    event.preventDefault();
    const name = this.input.value.trim();
    if (!name) return;
    this.input.value = "";
    try {
      await create("/columns", { board: config.board.id, name });
      await this.live.catchUp();
      this.show();
    } catch (error) {
      this.input.value ||= name;
      toast(sentenceOf(error), { error: true });
    }
  }
}
