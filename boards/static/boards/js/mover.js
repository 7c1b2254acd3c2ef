import { announce } from "../../js/announce.js";
import { t } from "../../js/messages.js";
import { toast } from "../../js/toasts.js";
import { call } from "./api.js";
import { askOverride } from "./override.js";
import { sentenceOf } from "./sentences.js";
import { nameOf, spokenPlace } from "./spoken.js";
import { fromApi } from "./ticket.js";

/** Moves tickets: shown at once, sent one after the other, taken back with a sentence when refused. */
export class Mover {
  sent = Promise.resolve();

  constructor(board) {
    this.board = board;
  }

  /** `place` is {column, after, before}: a column's number and the ids of the neighbours to be. */
  async move(id, place, { reason = "" } = {}) {
    const { board } = this;
    const from = board.lists.find(id)?.column ?? board.store.tickets.get(id)?.column;
    if (from === undefined) return;
    const operation = board.pending.add({ id, ...place });
    board.touchColumns(from, place.column);
    announce(t("moved", { place: spokenPlace(board, id) }));
    try {
      this.settle(operation, await this.send(id, place, reason));
    } catch (error) {
      this.takeBack(operation, error);
    }
  }

  /** One at a time: a place may name the neighbour that the move before it made. */
  send(id, { column, after, before }, reason) {
    const body = { column: this.board.store.columnByNumber.get(column)?.id, after, before };
    if (reason) body.override_reason = reason;
    const answer = this.sent.then(() => call("PUT", `/tickets/${id}/position`, body));
    this.sent = answer.catch(() => null);
    return answer;
  }

  settle(operation, json) {
    this.board.pending.drop(operation);
    this.board.touchColumns(operation.column, this.board.store.put(fromApi(json, this.board.store)));
  }

  leave(operation) {
    const before = this.board.store.tickets.get(operation.id)?.column;
    this.board.pending.drop(operation);
    this.board.touchColumns(operation.column, before === undefined ? new Set() : before);
  }

  async takeBack(operation, error) {
    const { board } = this;
    const ticket = board.store.tickets.get(operation.id);
    this.leave(operation);
    if (!ticket) return;
    if (board.focus.id === operation.id) board.focus.card(operation.id);
    toast(t("move_refused", { card: nameOf(ticket), reason: sentenceOf(error) }), { error: true });
    if (error.code !== "WIP_LIMIT") return;
    const reason = await askOverride(error);
    const { id, column, after, before } = operation;
    if (reason) this.move(id, { column, after, before }, { reason });
    else announce(t("move_given_up", { place: spokenPlace(board, operation.id) }));
  }
}
