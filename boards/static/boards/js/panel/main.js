import { inText } from "../../../js/dom.js";
import { addChecklist, addFrom, putAway, remove, restore, showEarlier, tick } from "./adding.js";
import { article, announceDrawn, refresh } from "./article.js";
import { forgetOldDrafts, offerDrafts } from "./drafts.js";
import { cancel, closeEditor, compare, discardDraft, noteTyping, openEditor, saveEditor } from "./editors.js";
import { columnChosen, fieldChanged, fieldLeft, placeChosen } from "./fields.js";
import { loadHistory, loadOlder } from "./history.js";
import { pick } from "./links.js";
import { closeNames, keyForNames, offerNames } from "./mentions.js";
import { togglePreview } from "./preview.js";
import { dragged, pasted, upload } from "./uploads.js";

/** The open ticket: what its parts do. All listeners are on the document, so a part may be drawn anew at any time. */

const editorOf = (element) => element.closest("[data-editor]");

const ACTIONS = {
  edit: (button) => openEditor(editorOf(button)),
  cancel: (button) => cancel(editorOf(button)),
  compare: (button) => compare(editorOf(button)),
  discard: (button) => discardDraft(editorOf(button)),
  preview: togglePreview,
  pick,
  "add-checklist": addChecklist,
  attach: () => document.querySelector("#ticket [data-files-input]").click(),
  earlier: showEarlier,
  "older-history": loadOlder,
  "put-away": (button) => putAway(button.dataset.into),
  restore: (button) => restore(button.dataset.from),
  "delete-checklist": (button) => remove(button, `/checklists/${editorOf(button).dataset.checklist}`),
  "delete-item": (button) => remove(button, `/checklist-items/${editorOf(button).dataset.item}`),
  "delete-comment": (button) => remove(button, `/comments/${button.dataset.comment}`),
  "delete-attachment": (button) => remove(button, `/attachments/${button.dataset.attachment}`),
};

const inTicket = (event, selector) => event.target.closest?.(`#ticket ${selector}`);

document.addEventListener("click", (event) => {
  const button = inTicket(event, "[data-action]");
  if (button) ACTIONS[button.dataset.action](button);
  else if (inTicket(event, "#editor-title [data-view] h2") && article().querySelector("[data-editor=title]")) openEditor(editorOf(event.target));
});

document.addEventListener("submit", (event) => {
  const form = inTicket(event, "form[data-save]");
  if (!form) return;
  event.preventDefault();
  if (editorOf(form)) saveEditor(form);
  else addFrom(form);
});

document.addEventListener("change", ({ target }) => {
  if (!target.closest("#ticket")) return;
  if (target.matches("[data-field]")) fieldChanged(target);
  else if (target.matches("[data-move]")) columnChosen(target);
  else if (target.matches("[data-place]")) placeChosen(target);
  else if (target.matches("[data-tick]")) tick(target);
  else if (target.matches("[data-files-input]")) upload(target.files).then(() => (target.value = ""));
});

document.addEventListener("input", ({ target }) => {
  if (!target.closest("#ticket")) return;
  if (target.matches("[data-draft]")) noteTyping(target);
  if (target.matches("[data-mentions]")) offerNames(target);
  if (target.matches("[data-one-line]") && target.value.includes("\n")) target.value = target.value.replaceAll(/\s*\n\s*/g, " ");
});

document.addEventListener("focusout", ({ target }) => {
  if (target.matches?.("#ticket [data-field]")) fieldLeft(target);
  if (target.matches?.("#ticket [data-mentions]")) closeNames();
});

/** Before the panel around it, which closes on Escape. */
document.addEventListener("keydown", (event) => {
  if (event.isComposing || !event.target.closest?.("#ticket")) return;
  if (keyForNames(event) || keyed(event)) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);

function keyed(event) {
  const { target, key } = event;
  const editor = editorOf(target);
  const isSave = key === "Enter" && (event.ctrlKey || event.metaKey || target.matches("[data-one-line]"));
  if (isSave && target.form?.dataset.save) return target.form.requestSubmit(), true;
  if (key === "Escape" && editor?.hasAttribute("data-editing")) return closeEditor(editor), true;
  return false;
}

document.addEventListener("paste", (event) => {
  const field = inTicket(event, "[data-mentions]");
  if (field || (article() && event.target.closest?.(".panel") && !inText(event.target))) pasted(event, field);
});

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) document.addEventListener(name, dragged);
document.addEventListener("toggle", (event) => event.target.id === "ticket-history" && loadHistory(), true);
document.addEventListener("tika:panel-refreshed", loadHistory);
document.addEventListener("tika:panel-loaded", start);
document.addEventListener("tika:ticket-changed", (event) => {
  if (event.detail.id !== article()?.dataset.ticket) return;
  event.preventDefault();
  if (String(event.detail.version) !== article().dataset.version || event.detail.entries.some((entry) => entry.resource !== "ticket")) refresh();
});

function start() {
  if (!article()) return;
  offerDrafts();
  announceDrawn();
}

forgetOldDrafts();
start();
