import { config } from "../config.js";
import { article } from "./article.js";
import { isDirty } from "./fields_state.js";

const PREFIX = "tika:draft:";
const KEPT_FOR = 30 * 86_400_000;

const keyOf = (field) => `${PREFIX}${config.member.id}:${article().dataset.ticket}:${field.dataset.draft}`;

/** What has been typed and not saved, kept in this browser; {text, base, at} or null. `base` is the ticket's version. */
export function draftOf(field) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(field)));
  } catch {
    return null;
  }
}

export function keepDraft(field, base) {
  if (!isDirty(field)) return dropDraft(field);
  try {
    localStorage.setItem(keyOf(field), JSON.stringify({ text: field.value, base, at: Date.now() }));
  } catch {
    // The browser keeps nothing (private window, full): the text is still in the field.
  }
}

export function dropDraft(field) {
  localStorage.removeItem(keyOf(field));
}

/** Puts drafts back: into the fields that are always open, and as a notice where an editor has to be opened. */
export function offerDrafts() {
  for (const field of article().querySelectorAll("[data-draft]")) {
    const draft = draftOf(field);
    if (!draft) continue;
    const editor = field.closest("[data-editor]");
    if (draft.text === field.defaultValue) dropDraft(field);
    else if (!editor) field.value = draft.text;
    else if (!editor.hasAttribute("data-editing")) showKept(editor, true);
  }
}

export function showKept(editor, isKept) {
  const notice = editor.querySelector("[data-draft-kept]");
  if (notice) notice.hidden = !isKept;
}

export function forgetOldDrafts() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    try {
      if (Date.now() - JSON.parse(localStorage.getItem(key)).at < KEPT_FOR) continue;
    } catch {
      // Not ours any more.
    }
    localStorage.removeItem(key);
  }
}
