import { h } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";
import { announceDrawn, fetchPart } from "./article.js";

const place = () => document.getElementById("history-events");
const parse = (html) => document.createRange().createContextualFragment(html);

/** Reads the history when it is first opened, and again when the ticket has changed under it. */
export async function loadHistory() {
  const details = document.getElementById("ticket-history");
  if (!details?.open) return;
  const html = await fetchPart(details.dataset.history);
  if (!place()) return;
  // Our own server's answer; the texts in it are escaped there.
  place().replaceChildren(html === null ? h("p", { class: "faint" }, t("server_refused")) : parse(html));
  announceDrawn();
}

export async function loadOlder(button) {
  const url = `${document.getElementById("ticket-history").dataset.history}?before=${button.dataset.before}`;
  const html = await fetchPart(url);
  if (html === null || !button.isConnected) return;
  const older = parse(html);
  const next = older.querySelector("[data-action=older-history]");
  const events = [...older.querySelectorAll(".history-event")];
  place().querySelector(".history").append(...events);
  if (next) button.replaceWith(next);
  else button.remove();
  (next ?? document.querySelector("#ticket-history > summary")).focus();
  announceDrawn();
}
