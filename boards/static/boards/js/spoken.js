import { t } from "../../js/messages.js";
import { dayText } from "../../js/times.js";
import { dueState } from "./due.js";
import { keyOf } from "./ticket.js";

/** The board in sentences, for those who hear it. */

export const nameOf = (ticket) => (ticket.number ? `${keyOf(ticket)} ${ticket.title}` : ticket.title);

export function spokenCard(ticket, board) {
  return [...partsOf(ticket, board)].join(". ");
}

function* partsOf(ticket, board) {
  yield nameOf(ticket);
  const labels = ticket.labels.map((number) => board.store.labels.get(number)).filter(Boolean);
  if (labels.length) yield t("spoken_labels", { names: labels.map((label) => label.name || t(`colour_${label.colour}`)).join(", ") });
  if (ticket.priority) yield t(`priority_${["", "low", "medium", "high", "urgent"][ticket.priority]}`);
  if (ticket.dueOn) yield t(`due_${dueState(ticket, board) || "on"}`, { date: dayText(ticket.dueOn) });
  const people = ticket.assignees.map((number) => board.store.people.get(number)?.name).filter(Boolean);
  if (people.length) yield t("spoken_people", { names: people.join(", ") });
  if (ticket.checks) yield t("checks_done", { done: ticket.checked, count: ticket.checks });
  if (ticket.comments) yield t("comments", { count: ticket.comments });
  if (ticket.attachments) yield t("attachments", { count: ticket.attachments });
}

/** "Card X, position 3 of 12, column Doing, limit 4 of 5" */
export function spokenPlace(board, id) {
  const found = board.lists.find(id);
  if (!found) return "";
  const column = board.store.columnByNumber.get(found.column);
  const place = { card: nameOf(found.ticket), position: found.index + 1, count: board.lists.visible(found.column).length, column: column.name };
  if (!column.wip_limit) return t("spoken_place", place);
  return t("spoken_place_limit", { ...place, used: board.lists.all(found.column).length, limit: column.wip_limit });
}

export function spokenColumn(column, count) {
  if (!column.wip_limit) return t("column_count", { count });
  return t(count > column.wip_limit ? "column_over_limit" : "column_count_limit", { count, limit: column.wip_limit });
}
