import { toast } from "../../../js/toasts.js";
import { h } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";
import { call, create } from "../api.js";
import { sentenceOf } from "../sentences.js";
import { article, refresh, ticketId } from "./article.js";

let last = Promise.resolve();

/** One write after the other: each then sees the version that the one before it made. */
export function inTurn(write) {
  const answer = last.then(write);
  last = answer.catch(() => null);
  return answer;
}

/** Changes fields of the open ticket. `base` is the version that was edited: the shown one if not given. */
export function writeTicket(changes, base = null) {
  const id = ticketId();
  return inTurn(async () => {
    const seen = base ?? shownVersion(id);
    return told(await call("PATCH", `/tickets/${id}`, changes, { headers: seen ? { "If-Match": `"${seen}"` } : {} }));
  });
}

const shownVersion = (id) => (article()?.dataset.ticket === id ? article().dataset.version : null);

/** Any other write that answers with the ticket: its place, the archive, the trash. */
export const putTicket = (method, path, body) => inTurn(async () => told(await call(method, `/tickets/${ticketId()}${path}`, body)));

/** The board's card and the panel's version follow an answer at once, ahead of the stream. */
function told(ticket) {
  if (article()?.dataset.ticket === ticket.id) article().dataset.version = ticket.version;
  document.dispatchEvent(new CustomEvent("tika:ticket-answer", { detail: ticket }));
  return ticket;
}

export const add = (path, body) => inTurn(() => create(path, body));
export const change = (method, path, body) => inTurn(() => call(method, path, body));

/** Runs a write and draws its outcome; a refusal is told and the page shows again what is so. True when it was done. */
export async function perform(write) {
  try {
    await write();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    tellProblem(error);
    await refresh();
    return false;
  }
  await refresh();
  return true;
}

export const isRefusal = (error) => "status" in error;

export function tellProblem(error) {
  toast(problemText(error), { error: true, action: error.status === 401 ? { label: t("panel_sign_in"), run: signIn } : null });
}

const signIn = () => window.open("/accounts/login/", "_blank", "noopener");

export function problemText(error) {
  if (error.status === 401) return t("panel_signed_out");
  if (error.status === 404) return t("panel_gone");
  if (error.status === 422 && error.details.length) return error.details.map((detail) => detail.message).join(" ");
  return sentenceOf(error);
}

/** Shows in a form why it was not saved; what was typed stays where it is. */
export function showProblem(form, error) {
  const place = form.querySelector("[data-problem]");
  if (!place) return tellProblem(error);
  const link = h("a", { href: "/accounts/login/", target: "_blank", rel: "noopener" }, t("panel_sign_in"));
  place.replaceChildren(h("span", { class: "grow" }, problemText(error), " ", error.status === 401 && link));
  place.hidden = false;
}
