import { t } from "../../../js/messages.js";
import { article, refresh, ticketId } from "./article.js";
import { settleText } from "./conflict.js";
import { draftOf, dropDraft, keepDraft, showKept } from "./drafts.js";
import { isDirty, markSaved } from "./fields_state.js";
import { endPreview } from "./preview.js";
import { change, isRefusal, showProblem, writeTicket } from "./writing.js";

const fieldOf = (editor) => editor.querySelector("form [name]");
const formOf = (editor) => editor.querySelector("form[data-save]");

/** Opens the editor of a text where the text is shown; a kept draft is in it. */
export function openEditor(editor) {
  const field = fieldOf(editor);
  const draft = field.dataset.draft ? draftOf(field) : null;
  editor.dataset.base = draft?.base ?? article().dataset.version;
  editor.dataset.editing = "";
  show(editor, true);
  showKept(editor, false);
  if (draft) field.value = draft.text;
  field.focus();
  field.setSelectionRange?.(field.value.length, field.value.length);
}

/** Closes it. What was typed and has a draft stays there until it is saved or discarded. */
export function closeEditor(editor, { discard = false } = {}) {
  const field = fieldOf(editor);
  const isKept = Boolean(field.dataset.draft) && isDirty(field) && !discard;
  if (field.dataset.draft && !isKept) dropDraft(field);
  const hadFocus = editor.contains(document.activeElement);
  editor.removeAttribute("data-editing");
  formOf(editor).reset();
  endPreview(editor);
  for (const notice of editor.querySelectorAll("[data-problem], [data-changed]")) notice.hidden = true;
  show(editor, false);
  showKept(editor, isKept);
  if (hadFocus) editor.querySelector("[data-action=edit]")?.focus();
}

function show(editor, isOpen) {
  for (const view of editor.querySelectorAll("[data-view]")) view.hidden = isOpen;
  formOf(editor).hidden = !isOpen;
}

export async function cancel(editor) {
  closeEditor(editor, { discard: true });
  await refresh();
}

export function discardDraft(editor) {
  dropDraft(fieldOf(editor));
  showKept(editor, false);
}

export function noteTyping(field) {
  const editor = field.closest("[data-editor]");
  keepDraft(field, editor?.dataset.base ?? article().dataset.version);
}

const PATHS = {
  checklist: (editor) => `/checklists/${editor.dataset.checklist}`,
  "item-text": (editor) => `/checklist-items/${editor.dataset.item}`,
  "comment-body": (editor) => `/comments/${editor.dataset.comment}`,
};

/** Saves an editor's text and closes it; on a refusal it stays open with all that was typed. */
export async function saveEditor(form) {
  const editor = form.closest("[data-editor]");
  const field = fieldOf(editor);
  if (!isDirty(field)) return closeEditor(editor, { discard: true });
  if (form.dataset.busy) return undefined;
  form.dataset.busy = "true";
  try {
    if (form.dataset.save === "ticket") await saveText(editor, field);
    else await change("PATCH", PATHS[form.dataset.save](editor), { [field.name]: field.value });
    await showSaved(editor, field);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (!error.isSettled) showProblem(form, error);
  } finally {
    delete form.dataset.busy;
  }
  return undefined;
}

/** The fresh text is drawn before the editor goes, so that the old one is not seen again. */
async function showSaved(editor, field) {
  const hadFocus = editor.contains(document.activeElement);
  markSaved(field);
  editor.removeAttribute("data-editing");
  await refresh();
  closeEditor(editor, { discard: true });
  if (hadFocus) editor.querySelector("[data-action=edit]")?.focus();
}

/** Title and description: when somebody else changed the same text, the writer chooses. */
async function saveText(editor, field) {
  const { name } = field;
  const id = ticketId();
  try {
    await writeTicket({ [name]: name === "title" ? field.value.trim() : field.value }, editor.dataset.base);
  } catch (error) {
    const clash = error.code === "CONFLICT" ? error.details?.fields?.[name] : null;
    if (!clash || article()?.dataset.ticket !== id) throw error;
    const chosen = await settleText({ label: t(`panel_${name}`), ...clash, yours: field.value });
    if (chosen === null) throw Object.assign(error, { isSettled: true });
    field.value = chosen;
    editor.dataset.base = error.details.version;
    if (chosen !== clash.theirs) await saveText(editor, field);
  }
}

/** What the other person has written, before saving. */
export async function compare(editor) {
  const field = fieldOf(editor);
  const chosen = await settleText({ label: t(`panel_${field.name}`), base: field.defaultValue, yours: field.value, theirs: editor.theirs ?? "" });
  if (chosen === null) return;
  editor.dataset.base = article().dataset.version;
  editor.querySelector("[data-changed]").hidden = true;
  field.value = chosen;
  field.defaultValue = editor.theirs ?? "";
  if (isDirty(field)) field.focus();
  else await cancel(editor);
}
