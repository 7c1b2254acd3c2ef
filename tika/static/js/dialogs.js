import { h } from "./dom.js";
import { t } from "./messages.js";

let opened = 0;

/** Shows a modal dialog that leaves the page when it closes; answers how it closed (its returnValue). */
export function openDialog(title, content, { actions = [], wide = false, role = null } = {}) {
  const heading = h("h2", { id: `dialog-${++opened}-title` }, title);
  const form = h("form", { method: "dialog", class: "stack" }, content, h("div", { class: "dialog-actions" }, actions));
  const dialog = h("dialog", { class: wide ? "dialog dialog-wide" : "dialog", role, "aria-labelledby": heading.id }, heading, form);
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(""));
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  const closed = new Promise((resolve) => dialog.addEventListener("close", () => resolve(leave(dialog, before))));
  dialog.showModal();
  return { dialog, form, closed };
}

/** What was moved into the dialog to be heard and seen goes back to the page. */
function leave(dialog, before) {
  document.body.append(...dialog.querySelectorAll(":scope > #announcer, :scope > #toasts"));
  dialog.remove();
  if (before?.isConnected && document.activeElement === document.body) before.focus({ preventScroll: true });
  return dialog.returnValue;
}

export const cancelButton = (label = t("cancel")) =>
  h("button", { type: "button", class: "button", data: { close: "" } }, label);

export const submitButton = (label, { danger = false } = {}) =>
  h("button", { class: danger ? "button button-primary button-danger" : "button button-primary", value: "yes" }, label);

export async function confirm(question, label = t("confirm")) {
  const actions = [cancelButton(), submitButton(label, { danger: true })];
  return (await openDialog(question, "", { actions, role: "alertdialog" }).closed) === "yes";
}

/** `data-dialog="id"` opens a dialog of the page, `data-close` closes it, `data-confirm` asks before a form is sent. */
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    event.target.closest?.("[data-close]")?.closest("dialog")?.close();
  });
  document.addEventListener("submit", async (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (!question || event.target.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.confirmed = await confirm(question, event.submitter?.textContent.trim());
    if (event.target.confirmed) event.target.requestSubmit(event.submitter);
    event.target.confirmed = false;
  }, true);
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await confirm(event.detail.question)) event.detail.issueRequest(true);
  });
}
