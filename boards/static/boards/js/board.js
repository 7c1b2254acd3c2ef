import { today } from "../../js/times.js";
import { Canvas } from "./canvas.js";
import { can } from "./config.js";
import { Filter } from "./filter.js";
import { Focus } from "./focus.js";
import { Folds } from "./folds.js";
import { Lists } from "./lists.js";
import { Pending } from "./pending.js";
import { Store } from "./store.js";

/** The board in the page: what is known, what is pending, what is looked for, and the canvas that shows it. */
export class Board {
  store = new Store();
  pending = new Pending();
  filter = new Filter();
  epoch = 1; // grows when every card looks different: labels, people, the day
  day = today();
  held = null; // the ticket that is being carried or dragged
  holding = ""; // "carry" or "drag"
  mayCreate = can.create;
  mayMove = can.update;
  mayManage = can.manage;

  constructor(root) {
    this.lists = new Lists(this.store, this.pending);
    this.folds = new Folds(this);
    this.canvas = new Canvas(this, root);
    this.focus = new Focus(this);
    this.watchers = [];
  }

  /** Calls `watcher(touched)` after everything drawn. */
  watch(watcher) {
    this.watchers.push(watcher);
  }

  /** Tickets of a column whose cards stay in the page whatever is scrolled. */
  kept(column) {
    const ids = [this.focus.id, this.held].filter(Boolean);
    return ids.filter((id) => (this.pending.of(id)?.column ?? this.store.tickets.get(id)?.column) === column);
  }

  /** The card of this ticket is held; it stays in the page and shows it. */
  hold(id, how = "") {
    const rows = [this.held, id].map((held) => held && this.canvas.rowOf(held));
    this.held = id;
    this.holding = how;
    for (const row of rows) if (row) this.markHeld(row);
  }

  markHeld(row) {
    if (row.dataset.ticket === this.held) row.dataset.held = this.holding;
    else delete row.dataset.held;
  }

  /** Something has changed: forgets what was derived from it and draws it, now. */
  touch(touched) {
    if (touched.faces || touched.structure) this.epoch += 1;
    this.lists.forget(touched.all || touched.faces || touched.structure ? null : touched.columns);
    this.focus.keep(() => this.canvas.render(touched));
    for (const watcher of this.watchers) watcher(touched);
  }

  touchColumns(...numbers) {
    this.touch({ columns: new Set(numbers.flatMap((number) => (number instanceof Set ? [...number] : [number]))) });
  }

  filterChanged() {
    this.lists.match = this.filter.matcher();
    for (const view of this.canvas.views.values()) view.list.scrollTo(0);
    this.touch({ all: true });
  }

  /** Due dates are told against the reader's day. */
  newDay() {
    if (this.day === today()) return;
    this.day = today();
    if (this.filter.isOn) this.lists.match = this.filter.matcher();
    this.touch({ faces: true });
  }
}
