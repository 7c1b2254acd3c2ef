import { CardMenu } from "./card_menu.js";
import { showHelp } from "./help.js";
import { moveByDialog } from "./move_dialog.js";

/** What keys, clicks and menus ask for. */
export class Actions {
  constructor(board, parts) {
    Object.assign(this, { board, ...parts, cardMenu: new CardMenu(board, this) });
    board.canvas.root.addEventListener("click", (event) => this.clicked(event));
    document.querySelector("[data-action=help]").hidden = false;
    document.addEventListener("click", (event) => event.target.closest("[data-action=help]") && this.help());
  }

  open(id) {
    const ticket = this.board.store.tickets.get(id);
    if (ticket) this.panel.open(ticket.number);
  }

  moveTo(id) {
    if (this.board.mayMove) moveByDialog(this.board, this.mover, id);
  }

  menu(id) {
    if (this.board.mayMove) this.cardMenu.open(id);
  }

  compose(column) {
    this.composer.show(column);
  }

  filter() {
    this.filterBar.text.focus();
    this.filterBar.text.select();
  }

  help() {
    document.getElementById("user-menu")?.hidePopover();
    showHelp();
  }

  clicked(event) {
    const button = event.target.closest("button");
    const row = event.target.closest(".card-row");
    const view = this.board.canvas.viewOf(event.target);
    if (button && row) this.cardMenu.open(row.dataset.ticket);
    else if (button) this.onColumn(button.dataset.action, view, button);
    else if (row) this.cardClicked(event, row);
    else if (view?.isFolded) this.board.folds.toggle(view.number);
    else if (!event.target.closest("form, .composer")) this.panel.close();
  }

  onColumn(action, view, button) {
    if (action === "compose") this.compose(view.number);
    if (action === "fold") this.board.folds.toggle(view.number);
    if (action === "column-menu") this.columnMenu.open(view, button);
  }

  /** A click opens the panel; one that asks for a new tab or window is the browser's. */
  cardClicked(event, row) {
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (!isPlain && event.target.closest("a")) return;
    event.preventDefault();
    if (isPlain && row.ticket.number !== null) this.open(row.dataset.ticket);
  }
}
