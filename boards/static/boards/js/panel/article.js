/** The open ticket in the page: the `<article id="ticket">` that the server drew. */
export const article = () => document.getElementById("ticket");
export const ticketId = () => article().dataset.ticket;

/** Avatars, times and htmx take notice of what has been drawn (`shell.js` listens). */
export function announceDrawn() {
  article()?.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: article() } }));
}

let running = null;
let waiting = null;

/** Draws the ticket as it is on the server now. Calls that come while one is under way share the next one. */
export function refresh() {
  if (!running) return (running = load().finally(() => (running = null)));
  return (waiting ??= running.then(() => ((waiting = null), refresh())));
}

async function load() {
  const old = article();
  if (!old) return;
  const html = await fetchPart(old.dataset.url + (old.dataset.comments ? "?comments=all" : ""));
  const fresh = html && new DOMParser().parseFromString(html, "text/html").getElementById("ticket");
  if (!fresh || article() !== old) return;
  const { morph } = await import("./morph.js");
  morph(old, fresh);
  announceDrawn();
  document.dispatchEvent(new CustomEvent("tika:panel-refreshed"));
}

/** A part of a page as text; null when it cannot be had (gone, signed out, offline): what is shown then stays. */
export async function fetchPart(url, init = {}) {
  try {
    const response = await fetch(url, { ...init, headers: { "HX-Request": "true", ...init.headers }, redirect: "manual" });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
