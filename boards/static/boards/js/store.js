import { reader } from "./ticket.js";

const EVERYTHING = Object.freeze({ columns: new Set(), structure: true });
const NOTHING = Object.freeze({ columns: new Set() });

/** The board as the server last told it: nothing optimistic, nothing filtered. */
export class Store {
  version = -1;
  board = null;
  columns = [];
  columnById = new Map();
  columnByNumber = new Map();
  labels = new Map();
  people = new Map();
  tickets = new Map();
  byNumber = new Map();
  lists = new Map();
  gone = new Set(); // tickets that the stream has told to have left

  load(snapshot) {
    this.version = snapshot.version;
    this.board = snapshot.board;
    this.tickets.clear();
    this.byNumber.clear();
    this.lists.clear();
    this.gone.clear();
    this.setLabels(snapshot.labels);
    this.setPeople(snapshot.people);
    this.setColumns(snapshot.columns);
    const read = reader(snapshot.fields);
    for (const row of snapshot.tickets) this.add(read(row));
    return EVERYTHING;
  }

  /**
   * Applies what the stream or `changes?since=` told; answers what was touched, or null when something is missing.
   * `structure`: columns or the board itself; `faces`: every card looks different; else the named columns' lists.
   */
  apply(changes) {
    if (changes.snapshot) return changes.snapshot.version > this.version ? this.load(changes.snapshot) : NOTHING;
    if (changes.since > this.version) return null;
    if (changes.version <= this.version) return NOTHING;
    const touched = { columns: new Set(), faces: Boolean(changes.labels ?? changes.people), structure: Boolean(changes.columns ?? changes.board) };
    if (changes.board) this.board = changes.board;
    if (changes.labels) this.setLabels(changes.labels);
    if (changes.people) this.setPeople(changes.people);
    const read = reader(changes.fields);
    const coming = changes.tickets.map(read);
    // All leave before any arrives: while keys are numbered anew, old and new ones do not compare.
    for (const id of [...changes.removed, ...coming.map((ticket) => ticket.id)]) this.remove(id, touched.columns);
    for (const id of changes.removed) this.gone.add(id);
    for (const ticket of coming) this.gone.delete(ticket.id);
    if (changes.columns) this.setColumns(changes.columns);
    for (const ticket of coming) this.insert(ticket, touched.columns);
    this.version = changes.version;
    return touched;
  }

  /** One ticket as an answer to a write told it; the stream may have told something newer already. */
  put(ticket) {
    const touched = new Set();
    if (this.gone.has(ticket.id) || this.tickets.get(ticket.id)?.version > ticket.version) return touched;
    if (ticket.isAway) return this.take(ticket.id);
    if (!this.columnByNumber.has(ticket.column)) return touched;
    this.remove(ticket.id, touched);
    this.insert(ticket, touched);
    return touched;
  }

  take(id) {
    const touched = new Set();
    this.remove(id, touched);
    return touched;
  }

  setColumns(columns) {
    this.columns = columns;
    this.columnById = new Map(columns.map((column) => [column.id, column]));
    this.columnByNumber = new Map(columns.map((column) => [column.number, column]));
    for (const column of columns) if (!this.lists.has(column.number)) this.lists.set(column.number, []);
    for (const [number, list] of this.lists) if (!this.columnByNumber.has(number)) this.drop(number, list);
  }

  drop(number, list) {
    for (const ticket of list) {
      this.tickets.delete(ticket.id);
      this.byNumber.delete(ticket.number);
    }
    this.lists.delete(number);
  }

  setLabels(labels) {
    this.labels = new Map(labels.map((label) => [label.number, label]));
  }

  setPeople(people) {
    this.people = new Map(people.map((person) => [person.number, person]));
  }

  add(ticket) {
    const list = this.lists.get(ticket.column);
    if (!list) return;
    this.tickets.set(ticket.id, ticket);
    this.byNumber.set(ticket.number, ticket);
    list.push(ticket);
  }

  insert(ticket, touched) {
    const list = this.lists.get(ticket.column);
    if (!list) return;
    this.tickets.set(ticket.id, ticket);
    this.byNumber.set(ticket.number, ticket);
    list.splice(firstAbove(list, ticket.rank), 0, ticket);
    touched.add(ticket.column);
  }

  remove(id, touched) {
    const ticket = this.tickets.get(id);
    if (!ticket) return;
    const list = this.lists.get(ticket.column);
    list.splice(list.indexOf(ticket), 1);
    this.tickets.delete(id);
    this.byNumber.delete(ticket.number);
    touched.add(ticket.column);
  }
}

/** Ranks are ASCII: `<` orders them as the database's COLLATE "C" does. */
function firstAbove(list, rank) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].rank <= rank) low = middle + 1;
    else high = middle;
  }
  return low;
}
