import { inText } from "../../js/dom.js";
import { step } from "./walk.js";

const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Home: "top", End: "bottom" };

/** The board's keys. `actions` does what has no place here: compose, open, search, filter, help, moveTo, menu. */
export class Keyboard {
  constructor(board, carry, actions) {
    Object.assign(this, { board, carry, actions });
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  pressed(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.carry.held) return this.whileCarrying(event);
    if (inText(event.target) || document.querySelector("dialog[open]") || event.target.closest(".panel, .menu")) return;
    const row = event.target.closest(".card-row");
    const run = (row && this.onCard(event, row.dataset.ticket)) ?? this.onPage(event);
    if (!run) return;
    event.preventDefault();
    run();
  }

  onCard(event, id) {
    const direction = ARROWS[event.key];
    if (direction) return () => this.focus(step(this.board, id, direction));
    if (event.target.matches("button")) return null;
    return {
      " ": () => this.carry.pickUp(id),
      Enter: () => this.actions.open(id),
      m: () => this.actions.moveTo(id),
      ".": () => this.actions.menu(id),
      c: () => this.actions.compose(this.board.lists.find(id).column),
    }[event.key];
  }

  onPage(event) {
    const isIdle = event.target === document.body || event.target.id === "main" || event.target === this.board.canvas.root;
    if (isIdle && event.key.startsWith("Arrow")) return () => this.focus(this.firstId());
    return {
      c: () => this.actions.compose(this.board.canvas.viewOf(event.target)?.number ?? this.board.store.columns[0]?.number),
      "/": () => this.actions.search(),
      f: () => this.actions.filter(),
      "?": () => this.actions.help(),
    }[event.key];
  }

  whileCarrying(event) {
    const direction = ARROWS[event.key];
    if (direction) this.carry.step(direction);
    else if (event.key === " " || event.key === "Enter") this.carry.drop();
    else if (event.key === "Escape" || event.key === "Tab") this.carry.cancel();
    event.preventDefault();
  }

  focus(id) {
    if (id) this.board.focus.card(id);
  }

  firstId() {
    const { focus, lists, store } = this.board;
    if (focus.last && lists.find(focus.last)) return focus.last;
    const column = store.columns.find(({ number }) => lists.visible(number).length);
    return column && lists.visible(column.number)[0].id;
  }
}
