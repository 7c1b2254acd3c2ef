import { config } from "./config.js";

/** Turns the rows of a snapshot or a change into tickets; `fields` names the places of a row. */
export function reader(fields) {
  const at = Object.fromEntries(fields.map((name, index) => [name, index]));
  return (row) => {
    const badges = row[at.badges];
    return {
      id: row[at.id],
      number: row[at.number],
      title: row[at.title],
      column: row[at.column],
      rank: row[at.rank],
      labels: row[at.labels],
      assignees: row[at.assignees],
      priority: row[at.priority],
      startOn: row[at.start_on],
      dueOn: row[at.due_on],
      estimate: row[at.estimate],
      version: row[at.version],
      described: row[at.described] === 1,
      comments: badges ? badges[0] : 0,
      attachments: badges ? badges[1] : 0,
      checked: badges ? badges[2] : 0,
      checks: badges ? badges[3] : 0,
    };
  };
}

const PRIORITIES = ["none", "low", "medium", "high", "urgent"];

/** The API's ticket (ids, names) as a ticket of the board (numbers). */
export function fromApi(json, store) {
  return {
    id: json.id,
    number: json.number,
    title: json.title,
    column: store.columnById.get(json.column)?.number,
    rank: json.rank,
    labels: numbersOf(json.labels, store.labels),
    assignees: numbersOf(json.assignees, store.people),
    priority: PRIORITIES.indexOf(json.priority),
    startOn: json.start_on,
    dueOn: json.due_on,
    estimate: json.estimate,
    version: json.version,
    described: Boolean(json.description),
    comments: json.comment_count,
    attachments: json.attachment_count,
    checked: json.checklist_done,
    checks: json.checklist_total,
    isAway: Boolean(json.archived_at ?? json.trashed_at),
  };
}

function numbersOf(ids, things) {
  const wanted = new Set(ids);
  return [...things.values()].filter((thing) => wanted.has(thing.id)).map((thing) => thing.number);
}

/** A ticket that is on its way to the server. */
export function unborn(id, title, column) {
  const empty = { labels: [], assignees: [], priority: 0, startOn: null, dueOn: null, estimate: null, described: false };
  return { id, number: null, title, column, rank: "", version: 0, ...empty, comments: 0, attachments: 0, checked: 0, checks: 0 };
}

export const keyOf = (ticket) => (ticket.number ? `${config.board.key}-${ticket.number}` : config.board.key);
export const urlOf = (ticket) => `${config.boardUrl}tickets/${ticket.number}/`;
