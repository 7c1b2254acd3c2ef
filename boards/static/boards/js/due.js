import { daysUntil } from "../../js/times.js";

const SOON = 2;

/** "overdue", "soon" or "": a date in a done column is neither. */
export function dueState(ticket, board) {
  if (!ticket.dueOn || board.store.columnByNumber.get(ticket.column)?.category === "done") return "";
  const days = daysUntil(ticket.dueOn, board.day);
  if (days < 0) return "overdue";
  return days <= SOON ? "soon" : "";
}
