import { colourOf, initialsOf } from "../../js/avatars.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { dayText } from "../../js/times.js";
import { dueState } from "./due.js";
import { spokenCard } from "./spoken.js";
import { keyOf, urlOf } from "./ticket.js";

const PRIORITIES = [null, "low", "medium", "high", "urgent"];
const FACES = 3;

/** A card is a row of its column's grid with one cell; the row takes the focus and carries the whole sentence. */
export function drawCard(ticket, board) {
  const row = h("div", { class: "card-row", role: "row", tabindex: "-1" }, h("div", { class: "card", role: "gridcell" }));
  row.dataset.ticket = ticket.id;
  redrawCard(row, ticket, board);
  return row;
}

export function redrawCard(row, ticket, board) {
  row.ticket = ticket;
  row.setAttribute("aria-label", spokenCard(ticket, board));
  row.firstElementChild.replaceChildren(...faceOf(ticket, board));
  row.classList.toggle("is-pending", ticket.number === null);
}

function* faceOf(ticket, board) {
  if (ticket.labels.length) yield h("div", { class: "card-labels" }, labelsOf(ticket, board.store.labels));
  yield h("a", { class: "card-title", href: ticket.number && urlOf(ticket), tabindex: "-1", draggable: "false", dir: "auto" }, ticket.title);
  yield h("div", { class: "card-meta" }, [...metaOf(ticket, board)]);
  if (board.mayMove && ticket.number) {
    yield h("button", { class: "card-menu icon icon-more", type: "button", tabindex: "-1", "aria-label": t("card_menu"), "aria-haspopup": "menu" });
  }
}

function labelsOf(ticket, labels) {
  return ticket.labels.map((number) => labels.get(number)).filter(Boolean).map(labelPill);
}

export function labelPill(label) {
  const name = label.name || t(`colour_${label.colour}`);
  return h("span", { class: label.name ? "label" : "label label-unnamed", data: { colour: label.colour } }, name);
}

function* metaOf(ticket, board) {
  yield h("span", { class: "card-key" }, ticket.number ? keyOf(ticket) : t("saving"));
  const priority = PRIORITIES[ticket.priority];
  if (priority) yield h("span", { class: `priority icon icon-${priority}`, role: "img", "aria-label": t(`priority_${priority}`), title: t(`priority_${priority}`) });
  if (ticket.dueOn) yield dueBadge(ticket, board);
  if (ticket.described) yield h("span", { class: "fact fact-text", title: t("has_description") });
  if (ticket.checks) yield fact("checks", `${ticket.checked}/${ticket.checks}`, t("checks_done", { done: ticket.checked, count: ticket.checks }), ticket.checked === ticket.checks);
  if (ticket.comments) yield fact("comments", ticket.comments, t("comments", { count: ticket.comments }));
  if (ticket.attachments) yield fact("files", ticket.attachments, t("attachments", { count: ticket.attachments }));
  if (ticket.assignees.length) yield facesOf(ticket.assignees.map((number) => board.store.people.get(number)).filter(Boolean));
}

const fact = (kind, text, title, isDone = false) => h("span", { class: `fact fact-${kind}${isDone ? " is-done" : ""}`, title }, String(text));

function dueBadge(ticket, board) {
  const state = dueState(ticket, board);
  const title = t(state ? `due_${state}` : "due_on", { date: dayText(ticket.dueOn, { long: true }) });
  return h("span", { class: `fact fact-due ${state && `is-${state}`}`, title }, dayText(ticket.dueOn));
}

export function facesOf(people) {
  const shown = people.length > FACES ? people.slice(0, FACES - 1) : people;
  const faces = shown.map((person) => h("span", { class: "avatar", title: person.name, data: { colour: colourOf(person.name) } }, initialsOf(person.name)));
  const rest = people.slice(shown.length);
  if (rest.length) faces.push(h("span", { class: "avatar", title: rest.map((person) => person.name).join(", ") }, `+${rest.length}`));
  return h("span", { class: "avatars" }, faces);
}

/** A guess that is near enough for the scroll bar to stay put when the card is drawn. */
export function estimateHeight(ticket, width) {
  const perLine = Math.max(80, width - 46);
  let length = 0;
  for (let index = 0; index < ticket.title.length; index += 1) length += ticket.title.charCodeAt(index) > 0x10ff ? 13 : 7;
  const lines = Math.max(1, Math.ceil(length / perLine));
  const labels = ticket.labels.length ? 24 * Math.ceil(ticket.labels.length / 4) : 0;
  return 50 + 20 * lines + labels;
}
