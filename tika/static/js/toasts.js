import { announce } from "./announce.js";
import { h, icon, topmost } from "./dom.js";
import { t } from "./messages.js";

const SHOWN_FOR = 6000;

/** Shows a sentence for a while and speaks it; `action` is {label, run}. Pointing at it or being in it keeps it. */
export function toast(sentence, { error = false, action = null } = {}) {
  const host = document.getElementById("toasts");
  if (host.parentElement !== topmost()) topmost().append(host);
  const element = h("div", { class: error ? "toast toast-error" : "toast" }, h("span", {}, sentence));
  if (action) {
    const run = () => (dismiss(element), action.run());
    element.append(h("button", { type: "button", class: "button toast-action", onclick: run }, action.label));
  }
  element.append(
    h("button", { type: "button", class: "button button-icon", "aria-label": t("close"), onclick: () => dismiss(element) }, icon("close")),
  );
  host.append(element);
  while (host.children.length > 3) host.firstElementChild.remove();
  fade(element);
  announce(sentence, { assertive: error });
  return element;
}

function fade(element) {
  setTimeout(() => {
    if (!element.isConnected) return;
    if (element.matches(":hover, :focus-within")) fade(element);
    else dismiss(element);
  }, SHOWN_FOR);
}

function dismiss(element) {
  element.remove();
}

/** The server's own sentences: those of the page, and those an htmx answer brings (`HX-Trigger: tika:toast`). */
export function adoptToasts() {
  for (const element of document.querySelectorAll("#toasts > .toast")) fade(element);
  document.addEventListener("tika:toast", ({ detail }) => toast(detail.text, { error: detail.error }));
}
