import { announce } from "./announce.js";
import { keepForms } from "./kept_forms.js";

const own = document.documentElement.dataset.version;
const ASK_AFTER = 300_000; // a page that was out of sight for this long asks when it is looked at again
let askedAt = Date.now();

/** Every answer of the server says its version; the page tells its reader, once, when that is newer than its own. */
export function heard(response) {
  if (isNewer(response.headers.get("X-Tika-Version"), own)) show();
}

/** Asks for nothing but the version: after a stream was cut off, the server may be another one. */
export async function ask() {
  askedAt = Date.now();
  try {
    heard(await fetch("/livez", { method: "HEAD", cache: "no-store" }));
  } catch {
    // Not there right now.
  }
}

export function startNewer() {
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (isNewer(detail.xhr.getResponseHeader("X-Tika-Version"), own)) show();
  });
  document.addEventListener("visibilitychange", () => !document.hidden && Date.now() - askedAt > ASK_AFTER && ask());
}

function show() {
  const notice = document.getElementById("newer");
  if (!notice?.hidden || notice.dataset.closed) return;
  notice.hidden = false;
  notice.querySelector("[data-reload]").addEventListener("click", reload);
  notice.querySelector("[data-close]").addEventListener("click", () => {
    notice.dataset.closed = "true";
    notice.hidden = true;
  });
  announce(notice.querySelector("span").textContent);
}

function reload() {
  keepForms();
  location.reload();
}

/** By their three numbers: while servers are replaced one by one, old ones answer too. */
function isNewer(version, other) {
  const [mine, theirs] = [version, other].map((text) => /^(\d+)\.(\d+)\.(\d+)/.exec(text ?? "")?.slice(1).map(Number));
  if (!mine || !theirs) return false;
  const place = mine.findIndex((number, index) => number !== theirs[index]);
  return place >= 0 && mine[place] > theirs[place];
}
