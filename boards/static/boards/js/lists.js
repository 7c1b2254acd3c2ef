/** What each column shows: the store's tickets, with pending moves, through the filter. Kept until touched. */
export class Lists {
  constructor(store, pending) {
    Object.assign(this, { store, pending, match: null });
    this.forget();
  }

  forget(columns = null) {
    if (columns) for (const column of columns) (this.whole.delete(column), this.seen.delete(column));
    else (this.whole = new Map()), (this.seen = new Map());
  }

  /** Every ticket of the column, in order. */
  all(column) {
    let list = this.whole.get(column);
    if (!list) {
      list = this.pending.over(this.store.lists.get(column) ?? [], column, this.store);
      this.whole.set(column, list);
    }
    return list;
  }

  /** Those that the filter lets through. */
  visible(column) {
    if (!this.match) return this.all(column);
    let list = this.seen.get(column);
    if (!list) {
      list = this.all(column).filter(this.match);
      this.seen.set(column, list);
    }
    return list;
  }

  /** {ticket, column, index} of a visible ticket, or null. */
  find(id) {
    const column = this.pending.of(id)?.column ?? this.store.tickets.get(id)?.column;
    if (column === undefined) return null;
    const list = this.visible(column);
    const index = list.findIndex((ticket) => ticket.id === id);
    return index < 0 ? null : { ticket: list[index], column, index };
  }

  countVisible() {
    return this.store.columns.reduce((sum, column) => sum + this.visible(column.number).length, 0);
  }
}
