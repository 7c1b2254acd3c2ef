/** Moves and new tickets that the server has not answered yet, laid over what it told last. */
export class Pending {
  operations = [];

  add(operation) {
    this.operations.push(operation);
    return operation;
  }

  drop(operation) {
    this.operations = this.operations.filter((other) => other !== operation);
  }

  /** The ticket's last operation: an earlier one no longer shows. */
  of(id) {
    return this.operations.findLast((operation) => operation.id === id);
  }

  /** The tickets of a column with the pending operations applied. */
  over(list, column, store) {
    if (!this.operations.length) return list;
    const last = new Map(this.operations.map((operation) => [operation.id, operation]));
    const shown = list.filter((ticket) => !last.has(ticket.id));
    for (const operation of last.values()) {
      if (operation.column !== column) continue;
      const ticket = shownTicket(operation, store);
      if (ticket) shown.splice(placeIn(shown, operation), 0, ticket);
    }
    return shown;
  }
}

function shownTicket(operation, store) {
  const ticket = operation.unborn ?? store.tickets.get(operation.id);
  if (!ticket || ticket.column === operation.column) return ticket;
  if (operation.from !== ticket) Object.assign(operation, { from: ticket, shown: { ...ticket, column: operation.column } });
  return operation.shown;
}

/** Where the server will put it: after the one anchor, else before the other, else at the end. */
export function placeIn(list, { after, before }) {
  const at = after ? list.findIndex((ticket) => ticket.id === after) : -1;
  if (at >= 0) return at + 1;
  const next = before ? list.findIndex((ticket) => ticket.id === before) : -1;
  return next >= 0 ? next : list.length;
}
