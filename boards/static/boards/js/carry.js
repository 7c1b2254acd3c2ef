import { announce } from "../../js/announce.js";
import { t } from "../../js/messages.js";
import { placeAt } from "./places.js";
import { nameOf, spokenPlace } from "./spoken.js";

/** Carrying a card by the keyboard: Space picks up, arrows carry, Space drops, Escape puts it back. */
export class Carry {
  held = null;

  constructor(board, mover) {
    Object.assign(this, { board, mover });
    board.watch(() => this.held && !board.store.tickets.has(this.held.id) && this.end());
  }

  pickUp(id) {
    const { board } = this;
    if (!board.mayMove) return announce(t("may_not_move"), { assertive: true });
    const { ticket, column, index } = board.lists.find(id);
    this.held = { id, ticket, column, index, start: { column, index } };
    this.preview = board.pending.add({ id, ...placeAt(board.lists.visible(column), index, column, id) });
    board.hold(id, "carry");
    board.touchColumns(column);
    return announce(t("picked_up", { place: spokenPlace(board, id) }), { assertive: true });
  }

  /** Carries the card by one place (up, down), one column (left, right), or to the column's top or bottom. */
  step(direction) {
    const { board, held } = this;
    // Others move cards meanwhile: its place is looked up, not remembered.
    held.index = board.lists.find(held.id)?.index ?? held.index;
    if (direction === "left") return this.cross(-1);
    if (direction === "right") return this.cross(1);
    return this.put(held.column, { up: held.index - 1, down: held.index + 1, top: 0, bottom: Infinity }[direction]);
  }

  cross(by) {
    const { columns } = this.board.store;
    const at = columns.findIndex((column) => column.number === this.held.column);
    const column = columns[at + by];
    if (!column) return announce(t("no_more_columns"), { assertive: true });
    return this.put(column.number, this.held.index);
  }

  put(column, index) {
    const { board, held } = this;
    const from = held.column;
    board.pending.drop(this.preview);
    board.lists.forget(new Set([from, column]));
    const list = board.lists.visible(column);
    const others = list.filter((ticket) => ticket.id !== held.id).length;
    Object.assign(held, { column, index: Math.max(0, Math.min(others, index)) });
    this.preview = board.pending.add({ id: held.id, ...placeAt(list, held.index, column, held.id) });
    board.touchColumns(from, column);
    board.focus.card(held.id);
    announce(spokenPlace(board, held.id), { assertive: true });
  }

  drop() {
    const { board, held, preview } = this;
    const isMoved = held.column !== held.start.column || held.index !== held.start.index;
    this.release();
    if (isMoved) this.mover.move(held.id, { column: preview.column, after: preview.after, before: preview.before });
    else this.goBack(held);
    board.focus.card(held.id);
    if (!isMoved) announce(t("not_moved", { place: spokenPlace(board, held.id) }), { assertive: true });
  }

  cancel() {
    const { board, held } = this;
    this.release();
    this.goBack(held);
    board.focus.card(held.id);
    announce(t("move_cancelled", { place: spokenPlace(board, held.id) }), { assertive: true });
  }

  /** The ticket has left the board in the meantime. */
  end() {
    const { held } = this;
    this.release();
    this.goBack(held);
    announce(t("card_left", { card: nameOf(held.ticket) }), { assertive: true });
  }

  release() {
    const { board, held } = this;
    board.pending.drop(this.preview);
    board.lists.forget(new Set([held.column, held.start.column]));
    board.hold(null);
    this.held = null;
  }

  goBack(held) {
    this.board.touchColumns(held.column, held.start.column);
  }
}
