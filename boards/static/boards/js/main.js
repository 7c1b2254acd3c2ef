import { focusSearch } from "../../js/search.js";
import { Actions } from "./actions.js";
import { Board } from "./board.js";
import { Carry } from "./carry.js";
import { ColumnAdder } from "./column_adder.js";
import { ColumnMenu } from "./column_menu.js";
import { Composer } from "./composer.js";
import { config } from "./config.js";
import { Drag } from "./drag.js";
import { FilterBar } from "./filter_bar.js";
import { showGone } from "./gone.js";
import { Keyboard } from "./keyboard.js";
import { Live, afterPaint } from "./live.js";
import { Mover } from "./mover.js";
import { tellTickets } from "./news.js";
import { Panel } from "./panel.js";
import { Presence } from "./presence.js";
import { loadSnapshot } from "./snapshot.js";
import { fromApi } from "./ticket.js";

const main = document.getElementById("main");
const root = document.getElementById("board");
const board = new Board(root);
const filterBar = new FilterBar(board, document.getElementById("filter"));
const presence = new Presence(document.getElementById("presence"), document.getElementById("live-state"));
const mover = new Mover(board);
const panel = new Panel(board, document.getElementById("panel"));
const live = new Live(board, {
  changes: (changes) => tellTickets(changes, board.store, panel.ticket),
  presence: (people) => presence.show(people),
  state: (state) => presence.showState(state),
  gone: (reason) => showGone(main, reason),
});
const composer = new Composer(board);
const columnMenu = new ColumnMenu(board, live);
const carry = new Carry(board, mover);
const actions = new Actions(board, { mover, panel, composer, columnMenu, filterBar, search: focusSearch });

if (board.mayManage) board.columnAdder = new ColumnAdder(board, live);
new Drag(board, mover);
new Keyboard(board, carry, actions);
board.watch(() => filterBar.nothing(document.getElementById("nothing")));
board.watch(({ structure }) => structure && showTitle());
document.addEventListener("tika:ticket-answer", ({ detail }) => board.touchColumns(board.store.put(fromApi(detail, board.store))));
setInterval(() => board.newDay(), 60_000);

function showTitle() {
  const { name, archived } = board.store.board;
  document.getElementById("board-name").textContent = name;
  document.getElementById("board-archived").hidden = !archived;
}

const snapshot = await loadSnapshot(main);
if (snapshot) {
  const touched = board.store.load(snapshot);
  filterBar.start();
  board.touch(touched);
  root.removeAttribute("aria-busy");
  afterPaint(() => performance.mark("tika:board-painted"));
  live.connect();
  if (config.openTicket) panel.open(config.openTicket, { history: "" });
  else composer.resume();
}
