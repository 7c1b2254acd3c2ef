import { cancelButton, confirm, openDialog, submitButton } from "../../../js/dialogs.js";
import { h } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";
import { article, refresh, ticketId } from "./article.js";
import { dropDraft } from "./drafts.js";
import { markSaved } from "./fields_state.js";
import { overLimit } from "./fields.js";
import { endPreview } from "./preview.js";
import { add, change, isRefusal, perform, putTicket, showProblem, tellProblem } from "./writing.js";

const PATHS = {
  item: (form) => `/checklists/${form.dataset.checklist}/items`,
  comment: () => `/tickets/${ticketId()}/comments`,
};

/** A new comment or a new item of a checklist: the field is emptied when the server has it, and stays for the next. */
export async function addFrom(form) {
  const field = form.querySelector("[name]");
  const text = field.value.trim();
  if (!text) return field.focus();
  if (form.dataset.busy) return undefined;
  form.dataset.busy = "true";
  try {
    await add(PATHS[form.dataset.save](form), { [field.name]: text });
    dropDraft(field);
    Object.assign(field, { value: "" });
    endPreview(form);
    form.querySelector("[data-problem]")?.setAttribute("hidden", "");
    field.focus();
    await refresh();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    showProblem(form, error);
  } finally {
    delete form.dataset.busy;
  }
  return undefined;
}

export async function addChecklist() {
  const input = h("input", { class: "input", name: "name", required: true, maxlength: "255", autocomplete: "off", value: t("panel_checklist") });
  const field = h("label", { class: "field" }, h("span", { class: "label-text" }, t("panel_checklist_name")), input);
  const { closed } = openDialog(t("panel_add_checklist"), field, { actions: [cancelButton(), submitButton(t("panel_add"))] });
  input.select();
  if ((await closed) !== "yes" || !input.value.trim()) return;
  let made = null;
  const isDone = await perform(async () => (made = await add(`/tickets/${ticketId()}/checklists`, { name: input.value.trim() })));
  if (isDone) document.querySelector(`#checklist-${made.id}-add input`)?.focus();
}

export async function tick(box) {
  const item = box.closest("[data-item]").dataset.item;
  await perform(() => change("PATCH", `/checklist-items/${item}`, { is_done: box.checked }).then(() => markSaved(box)));
}

/** Deletes after asking; the focus goes to the neighbour. */
export async function remove(button, path) {
  if (button.dataset.ask && !(await confirm(button.dataset.ask, t("panel_delete")))) return;
  const place = button.closest("li, section");
  const neighbour = place.nextElementSibling ?? place.previousElementSibling ?? place.parentElement.closest("section, article");
  const id = neighbour?.id;
  if (!(await perform(() => change("DELETE", path)))) return;
  const next = document.getElementById(id)?.querySelector("button:not([hidden]), input, textarea");
  (next ?? article())?.focus();
}

/** Into the archive or the trash. */
export async function putAway(into) {
  if (into === "trash" && !(await confirm(t("panel_trash_question"), t("panel_trash")))) return;
  await perform(() => putTicket("PUT", `/${into}`));
}

export async function restore(from) {
  try {
    await overLimit((reason) => putTicket("DELETE", `/${from}`, reason ? { override_reason: reason } : undefined));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (!error.isSettled) tellProblem(error);
  }
  await refresh();
}

export async function showEarlier() {
  article().dataset.comments = "all";
  const first = document.querySelector("#comment-list > li")?.id;
  await refresh();
  document.getElementById(first)?.previousElementSibling?.querySelector("button, a")?.focus();
}
