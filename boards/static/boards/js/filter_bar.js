import { announce } from "../../js/announce.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { me } from "./config.js";
import { DUE, NOBODY, readUrl, writeUrl } from "./filter.js";
import { FilterMenu } from "./filter_menu.js";

/** The row above the board: a text, and a menu each for labels, people and due dates. */
export class FilterBar {
  constructor(board, form) {
    Object.assign(this, { board, form, text: form.elements.text });
    const choices = (kind, list) => new FilterMenu(form.querySelector(`[data-filter=${kind}]`), board.filter[kind], list, () => this.changed());
    this.menus = [
      choices("labels", () => [...board.store.labels.values()].map(labelChoice)),
      choices("people", () => this.people()),
      choices("due", () => DUE.map((value) => ({ value, label: t(`filter_due_${value}`) }))),
    ];
    this.clearButton = form.querySelector("[data-action=clear-filter]");
    this.clearButton.addEventListener("click", () => this.clear());
    this.text.addEventListener("input", (event) => event.isComposing || this.typed());
    this.text.addEventListener("compositionend", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.keyed(event));
    form.addEventListener("submit", (event) => event.preventDefault());
    board.watch((touched) => touched.faces && this.show());
  }

  people() {
    const { store } = this.board;
    const used = new Set([...store.tickets.values()].flatMap((ticket) => ticket.assignees));
    const people = [...store.people.values()].filter((person) => used.has(person.number) || (person.active && !person.placeholder));
    people.sort((a, b) => (b.number === me.number) - (a.number === me.number) || a.name.localeCompare(b.name));
    const choices = people.map((person) => ({ value: person.number, label: person.number === me.number ? t("filter_me", { name: person.name }) : person.name, face: person.name }));
    return [{ value: NOBODY, label: t("filter_nobody") }, ...choices];
  }

  /** Takes the filter that the address names. */
  start() {
    readUrl(this.board.filter);
    this.text.value = this.board.filter.text;
    this.board.lists.match = this.board.filter.matcher();
    this.show();
  }

  typed() {
    if (this.text.value === this.board.filter.text) return;
    this.board.filter.text = this.text.value;
    this.changed();
  }

  keyed(event) {
    if (event.isComposing || event.key !== "Escape" || !this.text.value) return;
    this.text.value = "";
    this.typed();
    event.preventDefault();
  }

  changed() {
    const { board } = this;
    writeUrl(board.filter);
    board.filterChanged();
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => announce(t(board.filter.isOn ? "filter_found" : "filter_off", { count: board.lists.countVisible() })), 500);
  }

  clear() {
    this.board.filter.clear();
    this.text.value = "";
    this.changed();
    this.text.focus();
  }

  show() {
    for (const menu of this.menus) menu.show();
    this.text.value = this.board.filter.text;
    this.clearButton.hidden = !this.board.filter.isOn;
  }

  /** What is said in place of the cards when nothing matches anywhere. */
  nothing(element) {
    element.hidden = !this.board.filter.isOn || this.board.lists.countVisible() > 0 || !this.board.store.columns.length;
    if (element.hidden || element.firstChild) return;
    const button = h("button", { type: "button", class: "button", onclick: () => this.clear() }, t("clear_filter"));
    element.append(h("strong", {}, t("nothing_matches")), h("p", {}, t("nothing_matches_next")), button);
  }
}

const labelChoice = (label) => ({ value: label.number, label: label.name || t(`colour_${label.colour}`), colour: label.colour });

