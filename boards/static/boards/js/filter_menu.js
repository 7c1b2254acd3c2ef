import { colourOf, initialsOf } from "../../js/avatars.js";
import { h, setText } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { fold } from "./filter.js";

const MANY = 8;

/** A button that opens a list of choices, any number of which may be on; a long list can be narrowed by typing. */
export class FilterMenu {
  constructor(button, chosen, choices, changed) {
    Object.assign(this, { button, chosen, choices, changed, count: h("span", { class: "badge", hidden: true }) });
    button.append(this.count);
    this.menu = h("div", { class: "menu filter-menu", popover: "auto", role: "dialog", "aria-label": button.textContent.trim() });
    this.menu.anchor = button;
    this.menu.addEventListener("toggle", (event) => event.newState === "open" && this.focusFirst());
    button.after(this.menu);
    button.popoverTargetElement = this.menu;
    this.menu.addEventListener("beforetoggle", (event) => event.newState === "open" && this.fill());
  }

  fill() {
    const choices = this.choices();
    const list = h("div", { role: "group", "aria-label": this.menu.getAttribute("aria-label") }, choices.map((choice) => this.item(choice)));
    const search = choices.length > MANY && h("input", { class: "input input-small", type: "search", placeholder: t("narrow_down"), "aria-label": t("narrow_down") });
    if (search) search.addEventListener("input", () => narrow(list, search.value));
    const empty = !choices.length && h("p", { class: "help filter-none" }, t("no_choices"));
    this.menu.replaceChildren(...[search, list, empty].filter(Boolean));
  }

  item({ value, label, colour, face }) {
    const input = h("input", { type: "checkbox", checked: this.chosen.has(value), onchange: () => this.toggle(value) });
    const mark = colour ? h("span", { class: "dot", data: { colour } }) : face && h("span", { class: "avatar", "aria-hidden": "true", data: { colour: colourOf(face) } }, initialsOf(face));
    return h("label", { class: "menu-item" }, input, mark, h("span", { class: "grow" }, label));
  }

  toggle(value) {
    if (!this.chosen.delete(value)) this.chosen.add(value);
    this.changed();
  }

  focusFirst() {
    this.menu.querySelector("input")?.focus();
  }

  show() {
    this.count.hidden = !this.chosen.size;
    setText(this.count, String(this.chosen.size));
    this.button.classList.toggle("is-on", this.chosen.size > 0);
  }
}

function narrow(list, text) {
  const wanted = fold(text.trim());
  for (const item of list.children) item.hidden = !fold(item.textContent).includes(wanted);
}
