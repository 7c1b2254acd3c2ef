/** Tells the page which tickets have changed (`tika:ticket-changed`): the open one's panel listens. */
export function tellTickets({ removed = [], entries = [] }, store) {
  const touched = new Set([...removed, ...entries.map((entry) => entry.ticket)]);
  touched.delete(null);
  for (const id of touched) {
    const { number = null, version = null } = store.tickets.get(id) ?? {};
    const detail = { id, number, version, entries: entries.filter((entry) => entry.ticket === id) };
    document.dispatchEvent(new CustomEvent("tika:ticket-changed", { detail, cancelable: true }));
  }
}
