import { announce } from "../../js/announce.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { boardsUrl } from "./config.js";

/** Puts a sentence in place of a board that the reader may no longer see. */
export function showGone(main, reason) {
  const sentence = { board: "gone_board", session: "gone_session" }[reason] ?? "gone_access";
  const link = reason === "session" ? h("a", { class: "button button-primary", href: location.href }, t("sign_in_again")) : h("a", { class: "button button-primary", href: boardsUrl }, t("to_boards"));
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close("");
  main.replaceChildren(h("div", { class: "empty gone" }, h("strong", {}, t(sentence)), h("p", {}, t(`${sentence}_next`)), link));
  document.getElementById("panel").hidden = true;
  main.inert = false;
  main.focus();
  announce(t(sentence), { assertive: true });
}
