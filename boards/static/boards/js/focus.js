import { announce } from "../../js/announce.js";
import { t } from "../../js/messages.js";
import { nameOf } from "./spoken.js";

/** Keeps the keyboard's place: on the same card when it is drawn anew, on its neighbour when it has left. */
export class Focus {
  id = null; // the ticket whose card has the focus
  last = null; // the ticket whose card had it last
  isDrawing = false;

  constructor(board) {
    this.board = board;
    board.canvas.root.addEventListener("focusin", (event) => this.entered(event.target));
    board.canvas.root.addEventListener("focusout", (event) => this.left(event));
  }

  entered(target) {
    const row = target.closest(".card-row");
    if (!row) return;
    this.id = this.last = row.dataset.ticket;
    this.remember();
    const { list } = this.board.canvas.viewOf(row);
    list.stop = this.id;
    list.markStop();
  }

  left(event) {
    if (this.isDrawing || event.relatedTarget?.closest?.(".card-row")) return;
    // The window losing the focus is not the card losing it.
    if (document.hasFocus()) this.id = null;
  }

  remember() {
    this.found = this.board.lists.find(this.id) ?? this.found;
  }

  /** Runs a drawing; afterwards the focus is where it was. */
  keep(draw) {
    const active = document.activeElement;
    const inBoard = this.board.canvas.root.contains(active);
    this.isDrawing = true;
    draw();
    this.isDrawing = false;
    if (!inBoard || (active.isConnected && document.activeElement === active)) return this.id && this.remember();
    if (active.isConnected) active.focus({ preventScroll: true });
    else this.recover();
  }

  recover() {
    if (!this.id) return;
    const row = this.board.canvas.rowOf(this.id);
    if (row) {
      row.focus({ preventScroll: true });
      this.remember();
    } else if (!this.board.lists.find(this.id)) this.moveOn();
    else this.card(this.id);
  }

  /** The card has left the board: its place's next owner takes the focus. */
  moveOn() {
    const { ticket, column, index } = this.found ?? {};
    const list = column === undefined ? [] : this.board.lists.visible(column);
    const next = list[Math.min(index, list.length - 1)];
    this.id = null;
    if (ticket) announce(t("card_left", { card: nameOf(ticket) }));
    if (next) this.card(next.id);
    else (this.board.canvas.views.get(column)?.element.querySelector("button:not([hidden])") ?? this.board.canvas.root).focus();
  }

  /** Puts the focus on a ticket's card, bringing it onto the screen; answers whether there is one. */
  card(id) {
    const row = this.board.canvas.reveal(id);
    row?.focus({ preventScroll: true });
    return Boolean(row);
  }
}
