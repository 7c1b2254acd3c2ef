import { announce } from "./announce.js";
import { h, inText } from "./dom.js";
import { t } from "./messages.js";

const PAUSE = 160;
const SHOWN = 8;

/** The search field of every page: results while typing, arrows and Enter to choose, Enter alone for the whole page. */
class Search {
  chosen = -1;

  constructor(form) {
    Object.assign(this, { form, input: form.elements.q, list: form.querySelector(".search-results") });
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", this.list.id], ["aria-autocomplete", "list"]]) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.keyed(event));
    this.input.addEventListener("focus", () => this.list.children.length && this.show(true));
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.show(false));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    form.addEventListener("submit", (event) => this.input.value.trim() || event.preventDefault());
    // Who typed before this script came is answered as well.
    if (document.activeElement === this.input) this.typed();
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(this.input.value.trim()), PAUSE);
  }

  async ask(text) {
    this.request?.abort();
    if (!text) return this.fill([], text);
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const url = `/${document.body.dataset.workspace}/api/search?${new URLSearchParams({ q: text, limit: SHOWN })}`;
      const response = await fetch(url, { signal });
      if (response.ok) this.fill((await response.json()).items, text);
    } catch {
      // Typed on, or offline: Enter still goes to the page.
    }
    return undefined;
  }

  fill(items, text) {
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    const none = text && !items.length ? [h("div", { class: "search-result", role: "option", "aria-disabled": "true" }, t("search_nothing"))] : [];
    this.list.replaceChildren(...items.map((item, index) => resultOf(item, index)), ...none);
    this.show(Boolean(text) && this.form.contains(document.activeElement));
    if (text) announce(t("search_found", { count: items.length }));
  }

  show(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  keyed(event) {
    if (event.isComposing) return;
    const options = [...this.list.querySelectorAll("a")];
    const isOpen = !this.list.hidden && options.length > 0;
    if (event.key === "ArrowDown" && isOpen) this.choose((this.chosen + 1) % options.length, options);
    else if (event.key === "ArrowUp" && isOpen) this.choose((this.chosen <= 0 ? options.length : this.chosen) - 1, options);
    else if (event.key === "Enter" && isOpen && options[this.chosen]) options[this.chosen].click();
    else if (event.key === "Escape" && !this.list.hidden) this.show(false);
    else if (event.key === "Escape") this.input.blur();
    else return;
    event.preventDefault();
  }

  choose(index, options) {
    options[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = index;
    options[index].setAttribute("aria-selected", "true");
    options[index].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[index].id);
  }
}

function resultOf({ ticket, highlight, in: where }, index) {
  const words = (highlight ?? [[ticket.title, false]]).map(([text, isHit]) => (isHit ? h("mark", {}, text) : text));
  const place = [ticket.key, ticket.board?.name, where !== "title" && t(`found_in_${where}`)].filter(Boolean).join(" · ");
  const lines = where === "title" ? [h("span", {}, words)] : [h("span", {}, ticket.title), h("small", {}, words)];
  const key = ticket.key.replace(/-\d+$/, "");
  const href = `/${document.body.dataset.workspace}/boards/${key}/tickets/${ticket.number}/`;
  return h("a", { class: "search-result", role: "option", id: `search-result-${index}`, href, tabindex: "-1", "aria-selected": "false" }, lines, h("small", {}, place));
}

let search = null;

export function focusSearch() {
  search?.input.focus();
  search?.input.select();
}

export function startSearch(form) {
  search = new Search(form);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inText(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    focusSearch();
  });
}
