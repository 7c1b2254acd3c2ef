/** Tells the page which tickets have changed (`tika:ticket-changed`): the panel of the open one listens. */
export function tellTickets({ snapshot, removed = [], entries = [] }, store, open) {
  // A snapshot does not say what has changed: the open ticket may have.
  if (snapshot) return open && tell(open, [{ resource: "snapshot" }], store);
  const touched = new Set([...removed, ...entries.map((entry) => entry.ticket)]);
  touched.delete(null);
  for (const id of touched) tell(id, entries.filter((entry) => entry.ticket === id), store);
  return undefined;
}

function tell(id, entries, store) {
  const { number = null, version = null } = store.tickets.get(id) ?? {};
  document.dispatchEvent(new CustomEvent("tika:ticket-changed", { detail: { id, number, version, entries } }));
}
