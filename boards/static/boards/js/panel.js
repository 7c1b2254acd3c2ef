import { announce } from "../../js/announce.js";
import { h, inText, setText } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { toast } from "../../js/toasts.js";
import { config } from "./config.js";
import { trap } from "./trap.js";
import { keyOf, urlOf } from "./ticket.js";

const NARROW = matchMedia("(max-width: 48rem)");

/** The drawer that shows a ticket under the ticket's own address. */
export class Panel {
  number = null;

  constructor(board, element) {
    Object.assign(this, { board, element, body: element.querySelector(".panel-body") });
    element.addEventListener("keydown", (event) => this.keyed(event));
    element.addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("popstate", () => this.follow());
  }

  /** Opens a ticket by its number. `history` is "push", "replace" or "" (the address says it already). */
  open(number, { history: how = "push" } = {}) {
    if (number === this.number) return this.element.focus();
    const url = urlOf({ number }) + location.search;
    const state = { ticket: number, pushed: how === "push" || Boolean(window.history.state?.pushed) };
    if (how === "push") window.history.pushState(state, "", url);
    if (how === "replace") window.history.replaceState(state, "", url);
    this.number = number;
    this.element.hidden = false;
    this.hush(NARROW.matches);
    setText(this.element.querySelector(".panel-key"), keyOf({ number }));
    this.element.setAttribute("aria-label", keyOf({ number }));
    this.body.replaceChildren(h("span", { class: "spinner", role: "status", "aria-label": t("loading") }));
    this.element.focus();
    return this.load();
  }

  /** The id of the ticket that is shown. */
  get ticket() {
    return this.body.querySelector("#ticket")?.dataset.ticket ?? null;
  }

  /** Fetches the ticket as the server draws it; what is inside is the business of `panel/main.js`. */
  async load() {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const response = await fetch(urlOf(this), { headers: { "HX-Request": "true" }, signal, redirect: "manual" });
      if (!response.ok) throw new Error(String(response.status));
      this.show(await response.text());
    } catch {
      if (!signal.aborted) this.failed();
    }
  }

  show(html) {
    // Markup from our own server, the same that a full page would bring; data in it is escaped there.
    this.body.replaceChildren(document.createRange().createContextualFragment(html));
    this.body.scrollTop = 0;
    window.htmx?.process(this.body);
    const root = this.body.querySelector("#ticket");
    if (root) document.dispatchEvent(new CustomEvent("tika:panel-loaded", { detail: { root } }));
    if (document.getElementById("ticket-title")) this.element.setAttribute("aria-labelledby", "ticket-title");
  }

  failed() {
    const again = h("button", { type: "button", class: "button", onclick: () => this.load() }, t("try_again"));
    this.body.replaceChildren(h("div", { class: "empty" }, h("strong", {}, t("ticket_not_shown")), h("p", {}, t("ticket_not_shown_why")), again));
  }

  close({ history: how = "back" } = {}) {
    if (this.number === null) return;
    const { number } = this;
    this.request?.abort();
    this.number = null;
    this.element.hidden = true;
    this.hush(false);
    this.body.replaceChildren();
    if (how === "back" && window.history.state?.pushed) window.history.back();
    else if (how === "back") window.history.replaceState(null, "", config.boardUrl + location.search);
    const ticket = this.board.store.byNumber.get(number);
    if (!ticket || !this.board.focus.card(ticket.id)) this.board.canvas.root.focus();
  }

  /** Back and forward. */
  follow() {
    const [, number] = location.pathname.match(/\/tickets\/(\d+)\/$/) ?? [];
    if (number) this.open(Number(number), { history: "" });
    else this.close({ history: "" });
  }

  /** On a narrow screen the board is covered: nothing in it can be reached. */
  hush(isCovered) {
    for (const element of document.querySelectorAll("#main, .topbar, .skip-link")) element.inert = isCovered;
  }

  step(by) {
    const { board } = this;
    const order = board.store.columns.flatMap((column) => board.lists.visible(column.number)).filter((ticket) => ticket.number);
    const next = order[order.findIndex((ticket) => ticket.number === this.number) + by];
    if (!next) return announce(t("no_more_cards"));
    board.canvas.reveal(next.id);
    return this.open(next.number, { history: "replace" });
  }

  keyed(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector(".menu:popover-open, dialog[open]")) return;
    if (event.key === "Tab") return trap(this.element, event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isFree = !inText(event.target);
    if (event.key === "Escape") isFree ? this.close() : this.element.focus();
    else if (isFree && event.key === "j") this.step(1);
    else if (isFree && event.key === "k") this.step(-1);
    else if (event.target === this.element && event.key === "ArrowDown") this.body.scrollTop += 60;
    else if (event.target === this.element && event.key === "ArrowUp") this.body.scrollTop -= 60;
    else return;
    event.preventDefault();
  }

  clicked(event) {
    const control = event.target.closest("[data-panel]");
    const link = event.target.closest("a[data-ticket-link]");
    if (event.target.closest("[data-panel-close]")) this.close();
    else if (control) ({ previous: () => this.step(-1), next: () => this.step(1), copy: () => this.copy() })[control.dataset.panel]?.();
    else if (link && !event.metaKey && !event.ctrlKey) this.followLink(event, link);
  }

  followLink(event, link) {
    const [, number] = link.pathname.startsWith(config.boardUrl) ? (link.pathname.match(/\/tickets\/(\d+)\/$/) ?? []) : [];
    if (!number) return;
    event.preventDefault();
    this.open(Number(number));
  }

  copy() {
    copyLink(urlOf(this));
  }
}

export async function copyLink(path) {
  const url = new URL(path, location.origin).href;
  try {
    await navigator.clipboard.writeText(url);
    toast(t("link_copied"));
  } catch {
    toast(url);
  }
}
