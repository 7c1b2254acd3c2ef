import { h } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";
import { fold } from "../filter.js";

const SHOWN = 100;

/** A list to tick from, under a button. `choices` are {id, name, face}; `toggle(id, isOn)` is called for each tick;
 * `create(text)` answers a new choice, when given. */
export function openPicker(button, { title, choices, chosen, toggle, create = null }) {
  const picker = new Picker({ title, choices, chosen: new Set(chosen), toggle, create });
  const { element } = picker;
  element.anchor = button;
  element.addEventListener("toggle", (event) => event.newState === "closed" && setTimeout(() => element.remove()));
  document.body.append(element);
  element.showPopover();
  picker.input.focus();
  return picker;
}

class Picker {
  constructor(given) {
    Object.assign(this, given);
    this.input = h("input", { class: "input input-small", type: "search", autocomplete: "off", spellcheck: "false", placeholder: t("picker_search"), "aria-label": t("picker_search") });
    this.list = h("ul", { class: "picker-list" });
    this.foot = h("div", { class: "picker-foot" });
    this.element = h("div", { class: "menu picker", popover: "auto", role: "dialog", "aria-label": this.title }, this.input, this.list, this.foot);
    this.input.addEventListener("input", () => this.draw());
    this.element.addEventListener("keydown", (event) => this.keyed(event));
    this.draw();
  }

  draw() {
    const words = fold(this.input.value.trim());
    const found = this.choices.filter((choice) => fold(choice.name).includes(words));
    this.list.replaceChildren(...found.slice(0, SHOWN).map((choice) => this.row(choice)));
    if (!found.length) this.list.append(h("li", { class: "faint small picker-none" }, t("picker_none")));
    else if (found.length > SHOWN) this.list.append(h("li", { class: "faint small picker-none" }, t("picker_more", { count: found.length - SHOWN })));
    this.foot.replaceChildren(...(this.create ? [this.create(this, this.input.value.trim())].flat().filter(Boolean) : []));
  }

  row(choice) {
    const box = h("input", { type: "checkbox", checked: this.chosen.has(choice.id), onchange: () => this.ticked(choice, box) });
    return h("li", {}, h("label", { class: "choice picker-choice" }, box, choice.face()));
  }

  ticked(choice, box) {
    if (box.checked) this.chosen.add(choice.id);
    else this.chosen.delete(choice.id);
    this.toggle(choice.id, box.checked);
  }

  /** A new choice, ticked, on top of the list. */
  made(choice) {
    this.choices = [choice, ...this.choices];
    this.chosen.add(choice.id);
    this.input.value = "";
    this.draw();
    this.input.focus();
  }

  keyed(event) {
    if (event.key === "Escape") return;
    event.stopPropagation();
    const stops = [this.input, ...this.list.querySelectorAll("input")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
    else if (event.key === "Enter" && event.target === this.input) this.list.querySelector("input")?.click();
    else if (event.key === "Enter" && event.target.matches("[type=checkbox]")) event.target.click();
    else return;
    event.preventDefault();
  }
}
