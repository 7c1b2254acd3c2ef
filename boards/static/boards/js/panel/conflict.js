import { cancelButton, openDialog } from "../../../js/dialogs.js";
import { h } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";

/** Two people have written the same text: shows both and answers the text that is to stay; null when put off. */
export async function settleText({ label, base, yours, theirs }) {
  const merged = h("textarea", { class: "input", rows: "8", name: "merged", "aria-label": t("conflict_merged") });
  const merge = h("div", { class: "field conflict-merge", hidden: true }, h("span", { class: "label-text" }, t("conflict_merged")), merged);
  const content = [h("p", {}, t("conflict_what", { field: label })), panes(base, yours, theirs), merge];
  const { dialog, closed } = openDialog(t("conflict_title"), content, { actions: choices(), wide: true, role: "alertdialog" });
  dialog.classList.add("conflict-dialog");
  dialog.querySelector("[data-choose=merge]").addEventListener("click", () => startMerging(dialog, merge, merged, yours));
  const answer = await closed;
  return { mine: yours, theirs, merged: merged.value }[answer] ?? null;
}

function panes(base, yours, theirs) {
  const pane = (title, text) => h("div", { class: "conflict-pane" }, h("h3", {}, title), h("pre", { tabindex: "0" }, text || t("conflict_empty")));
  const before = h("details", {}, h("summary", {}, t("conflict_base")), h("pre", { tabindex: "0" }, base || t("conflict_empty")));
  return h("div", { class: "stack stack-tight" }, h("div", { class: "conflict-panes" }, pane(t("conflict_yours"), yours), pane(t("conflict_theirs"), theirs)), before);
}

const choice = (value, text, kind = "") => h("button", { class: `button ${kind}`, value }, text);

function choices() {
  return [
    cancelButton(t("conflict_later")),
    h("button", { class: "button", type: "button", data: { choose: "merge" } }, t("conflict_by_hand")),
    choice("theirs", t("conflict_take_theirs")),
    choice("mine", t("conflict_keep_mine"), "button-primary"),
  ];
}

function startMerging(dialog, merge, merged, yours) {
  merge.hidden = false;
  merged.value = yours;
  const save = choice("merged", t("conflict_save_merged"), "button-primary");
  dialog.querySelector(".dialog-actions").replaceChildren(cancelButton(t("conflict_later")), save);
  merged.focus();
}

/** The same for a value that is chosen, not written: true when the reader's own stays, null when put off. */
export async function settleValue({ label, yours, theirs }) {
  const row = (title, value) => [h("dt", {}, title), h("dd", {}, value || t("conflict_empty"))];
  const values = h("dl", { class: "definitions" }, row(t("conflict_yours"), yours), row(t("conflict_theirs"), theirs));
  const content = [h("p", {}, t("conflict_what", { field: label })), values];
  const actions = [choice("theirs", t("conflict_take_theirs")), choice("mine", t("conflict_keep_mine"), "button-primary")];
  const answer = await openDialog(t("conflict_title"), content, { actions, role: "alertdialog" }).closed;
  return answer ? answer === "mine" : null;
}
