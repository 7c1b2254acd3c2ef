import { openDialog, submitButton } from "../../js/dialogs.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";

const KEYS = [
  ["help_moving", [[["←", "↑", "↓", "→"], "key_walk"], [["Home", "End"], "key_ends"], [["Enter"], "key_open"], [["c"], "key_new"], [["/"], "key_search"], [["f"], "key_filter"], [["?"], "key_help"]]],
  ["help_carrying", [[["Space"], "key_pick_up"], [["←", "↑", "↓", "→"], "key_carry"], [["Space"], "key_drop"], [["Esc"], "key_cancel"], [["m"], "key_move_to"], [["."], "key_menu"]]],
  ["help_panel", [[["j", "k"], "key_next"], [["Esc"], "key_close"]]],
];

export function showHelp() {
  const parts = KEYS.map(([title, rows]) => h("section", {}, h("h3", {}, t(title)), h("dl", { class: "keys" }, rows.flatMap(([keys, text]) => [h("dt", {}, keys.map((key) => h("kbd", {}, key))), h("dd", {}, t(text))]))));
  openDialog(t("help_title"), h("div", { class: "help-columns" }, parts), { actions: [submitButton(t("close"))], wide: true });
}
