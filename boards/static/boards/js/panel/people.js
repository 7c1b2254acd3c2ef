import { call } from "../api.js";

const KEPT_FOR = 60_000;
let known = null;
let knownAt = 0;

/** The workspace's people, asked for at most once a minute. */
export function membersOnce() {
  if (!known || Date.now() - knownAt > KEPT_FOR) {
    knownAt = Date.now();
    known = call("GET", "/members").then(({ items }) => items);
    known.catch(() => (known = null));
  }
  return known;
}
