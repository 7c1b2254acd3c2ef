import { config } from "./config.js";

const KEY = `tika:folds:${config.board.id}`;

/** Which columns this reader has collapsed on this board; kept in the browser. */
export class Folds {
  constructor(board) {
    this.board = board;
    this.numbers = new Set(read());
  }

  has(number) {
    return this.numbers.has(number);
  }

  toggle(number) {
    if (!this.numbers.delete(number)) this.numbers.add(number);
    this.apply(number);
  }

  open(number) {
    if (this.numbers.delete(number)) this.apply(number);
  }

  apply(number) {
    write([...this.numbers]);
    const { canvas } = this.board;
    const view = canvas.views.get(number);
    view.setFolded(this.has(number));
    canvas.readSizes();
    for (const other of canvas.views.values()) if (!other.isFolded) other.list.render();
  }
}

// A browser may refuse its storage (private windows); then nothing is remembered.
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function write(numbers) {
  try {
    localStorage.setItem(KEY, JSON.stringify(numbers));
  } catch {
    // not remembered
  }
}
