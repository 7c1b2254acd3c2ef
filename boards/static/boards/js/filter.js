import { daysUntil, today } from "../../js/times.js";
import { keyOf } from "./ticket.js";

export const NOBODY = 0;
export const DUE = ["overdue", "today", "week", "later", "none"];

/** What the reader looks for; all four kinds hold at once, within a kind any choice does. */
export class Filter {
  text = "";
  labels = new Set();
  people = new Set();
  due = new Set();

  get isOn() {
    return Boolean(this.text.trim() || this.labels.size || this.people.size || this.due.size);
  }

  clear() {
    this.text = "";
    for (const choices of [this.labels, this.people, this.due]) choices.clear();
  }

  /** A predicate on tickets, or null when everything passes. */
  matcher() {
    if (!this.isOn) return null;
    const words = fold(this.text).split(/\s+/).filter(Boolean);
    const day = today();
    const tests = [];
    if (words.length) tests.push((ticket) => words.every((word) => haystack(ticket).includes(word)));
    if (this.labels.size) tests.push((ticket) => ticket.labels.some((number) => this.labels.has(number)));
    if (this.people.size) tests.push((ticket) => this.hasPerson(ticket));
    if (this.due.size) tests.push((ticket) => dueKinds(ticket, day).some((kind) => this.due.has(kind)));
    return (ticket) => tests.every((test) => test(ticket));
  }

  hasPerson(ticket) {
    if (!ticket.assignees.length) return this.people.has(NOBODY);
    return ticket.assignees.some((number) => this.people.has(number));
  }
}

function dueKinds(ticket, day) {
  if (!ticket.dueOn) return ["none"];
  const days = daysUntil(ticket.dueOn, day);
  if (days < 0) return ["overdue"];
  if (days === 0) return ["today", "week"];
  return [days <= 7 ? "week" : "later"];
}

/** Wide and narrow forms, composed and decomposed Hangul, upper and lower case are the same to a searcher. */
export const fold = (text) => text.normalize("NFKC").toLowerCase();

const haystacks = new WeakMap();

function haystack(ticket) {
  let text = haystacks.get(ticket);
  if (text === undefined) haystacks.set(ticket, (text = fold(`${ticket.title} ${keyOf(ticket)}`)));
  return text;
}

/** The filter in the page's address, so that it can be sent to a colleague. */
export function readUrl(filter, query = new URLSearchParams(location.search)) {
  filter.clear();
  filter.text = query.get("q") ?? "";
  for (const number of numbers(query.get("labels"))) filter.labels.add(number);
  for (const number of numbers(query.get("people"))) filter.people.add(number);
  for (const kind of (query.get("due") ?? "").split(",")) if (DUE.includes(kind)) filter.due.add(kind);
}

export function writeUrl(filter) {
  const query = new URLSearchParams();
  if (filter.text.trim()) query.set("q", filter.text.trim());
  if (filter.labels.size) query.set("labels", [...filter.labels].join(","));
  if (filter.people.size) query.set("people", [...filter.people].join(","));
  if (filter.due.size) query.set("due", [...filter.due].join(","));
  const search = query.toString().replaceAll("%2C", ",");
  history.replaceState(history.state, "", location.pathname + (search && `?${search}`));
}

const numbers = (text) => (text ?? "").split(",").filter((part) => /^\d+$/.test(part)).map(Number);
