import { ask } from "../../js/newer.js";
import { call } from "./api.js";
import { config } from "./config.js";

const LONGEST_WAIT = 30_000;
const QUIET_FOR = 60_000; // after this long without a word, ask whether the stream still lives
const AWAY_FOR = 60_000; // a hidden tab gives its connection back: a browser has six for all its tabs

/** The board's stream: applies every change at once, and asks for what it missed. */
export class Live {
  source = null;
  failures = 0;
  state = "connecting";

  constructor(board, told) {
    Object.assign(this, { board, told });
    window.addEventListener("online", () => this.connect());
    window.addEventListener("offline", () => this.failed());
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.connect());
    document.addEventListener("visibilitychange", () => this.seen());
    setInterval(() => this.check(), QUIET_FOR / 4);
  }

  connect() {
    if (this.isOver) return;
    this.close();
    this.heardAt = Date.now();
    const source = (this.source = new EventSource(`${config.api}/boards/${config.board.id}/events?since=${this.board.store.version}`));
    source.addEventListener("open", () => this.opened());
    source.addEventListener("error", () => this.failed());
    source.addEventListener("changes", (event) => this.hear(JSON.parse(event.data)));
    source.addEventListener("presence", (event) => this.told.presence(JSON.parse(event.data).people));
    source.addEventListener("gone", (event) => this.end(JSON.parse(event.data).reason));
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  opened() {
    // Not the first time: who answers now may be newer than the page.
    if (this.state === "offline") ask();
    this.failures = 0;
    this.setState("live");
  }

  failed() {
    this.close();
    if (this.isOver) return;
    this.setState("offline");
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.timer = setTimeout(() => this.retry(), wait);
  }

  /** The stream cannot say why it was refused; an ordinary request can. */
  async retry() {
    if (this.failures > 1) await this.catchUp();
    this.connect();
  }

  hear(changes) {
    this.heardAt = Date.now();
    performance.mark("tika:event");
    const touched = this.board.store.apply(changes);
    if (!touched) return this.catchUp();
    this.board.touch(touched);
    afterPaint(() => performance.mark("tika:painted"));
    return this.told.changes(changes);
  }

  /** Fetches what happened since the version that is shown. */
  async catchUp() {
    try {
      const changes = await call("GET", `/boards/${config.board.id}/changes?since=${this.board.store.version}`);
      if (changes.version === this.board.store.version) return false;
      this.hear(changes);
      return true;
    } catch (error) {
      if (error.status === 404 || error.status === 403) this.end("access");
      if (error.status === 401) this.end("session");
      return false;
    }
  }

  /** A connection can die without a sound (a laptop that slept). */
  async check() {
    if (this.state !== "live" || document.hidden || Date.now() - this.heardAt < QUIET_FOR) return;
    this.heardAt = Date.now();
    if (await this.catchUp()) this.connect();
  }

  seen() {
    clearTimeout(this.away);
    if (document.hidden) this.away = setTimeout(() => this.close(), AWAY_FOR);
    else if (!this.source) this.connect();
  }

  end(reason) {
    this.isOver = true;
    this.close();
    this.told.gone(reason);
  }

  setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.told.state(state);
  }
}

/** Runs once the frame that shows the present state of the page has been made. */
export function afterPaint(run) {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = run;
    channel.port2.postMessage(null);
  });
}
