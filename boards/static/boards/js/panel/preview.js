import { t } from "../../../js/messages.js";
import { csrfToken } from "../api.js";
import { article, fetchPart } from "./article.js";

/** Shows a text as it will look, and back. */
export async function togglePreview(button) {
  const editor = button.closest("[data-text-editor]");
  const isShown = button.getAttribute("aria-pressed") === "true";
  if (isShown) return endPreview(editor, { focus: true });
  const text = editor.querySelector("textarea").value;
  const init = { method: "POST", body: new URLSearchParams({ text }), headers: { "X-CSRFToken": csrfToken() } };
  const html = await fetchPart(article().dataset.preview, init);
  const pane = editor.querySelector("[data-preview-of]");
  // Our own server's answer, sanitised there.
  if (html === null) pane.textContent = t("server_refused");
  else pane.replaceChildren(document.createRange().createContextualFragment(html));
  if (!pane.textContent.trim() && !pane.querySelector("img")) pane.textContent = t("panel_nothing_to_preview");
  set(editor, true);
  return undefined;
}

export function endPreview(within, { focus = false } = {}) {
  for (const pane of within.querySelectorAll("[data-preview-of]:not([hidden])")) set(pane.closest("[data-text-editor]"), false);
  if (focus) within.querySelector("textarea").focus();
}

function set(editor, isShown) {
  editor.querySelector("textarea").hidden = isShown;
  editor.querySelector("[data-preview-of]").hidden = !isShown;
  const button = editor.querySelector("[data-action=preview]");
  button.setAttribute("aria-pressed", String(isShown));
}
