import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { Refused } from "./api.js";
import { config } from "./config.js";
import { showGone } from "./gone.js";

/** The whole board; the page asks for it while its scripts load (`<link rel=preload>`). Null after saying why not. */
export async function loadSnapshot(main) {
  try {
    const response = await fetch(`${config.api}/boards/${config.board.id}/snapshot`);
    if (!response.ok) throw new Refused(response.status);
    return await response.json();
  } catch (error) {
    const reason = { 401: "session", 403: "access", 404: "access" }[error.status];
    if (reason) showGone(main, reason);
    else showFailure(main);
    return null;
  }
}

function showFailure(main) {
  const again = h("button", { type: "button", class: "button button-primary", onclick: () => location.reload() }, t("try_again"));
  main.replaceChildren(h("div", { class: "empty gone" }, h("strong", {}, t("board_not_loaded")), h("p", {}, t("board_not_loaded_why")), again));
}
