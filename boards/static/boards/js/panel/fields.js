import { askOverride } from "../override.js";
import { refresh } from "./article.js";
import { settleValue } from "./conflict.js";
import { isDirty, markSaved, takeBack } from "./fields_state.js";
import { isRefusal, putTicket, tellProblem, writeTicket } from "./writing.js";

const TYPING = 900;
const timers = new WeakMap();

/** A date is whole only when its typing ends: "2026" passes the years 2, 20 and 202 on its way. */
export function fieldChanged(field) {
  clearTimeout(timers.get(field));
  if (field.type !== "date" || document.activeElement !== field) return save(field);
  timers.set(field, setTimeout(() => save(field), TYPING));
  return undefined;
}

export function fieldLeft(field) {
  if (!timers.has(field)) return;
  clearTimeout(timers.get(field));
  timers.delete(field);
  save(field);
}

async function save(field) {
  if (!isDirty(field) || (field.value && field.validity.badInput) || (field.type === "date" && field.value && field.value < "1900")) return;
  const name = field.dataset.field;
  const isOptional = field.matches("input");
  const value = field.value === "" && isOptional ? null : field.value;
  try {
    await writeTicket({ [name]: value });
    markSaved(field);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await settle(field, error, value);
  }
  await refresh();
}

async function settle(field, error, value) {
  const clash = error.code === "CONFLICT" ? error.details?.fields?.[field.dataset.field] : null;
  const textOf = (given) => [...(field.options ?? [])].find((option) => option.value === String(given))?.text ?? given;
  if (!clash) {
    tellProblem(error);
    return takeBack(field);
  }
  const label = field.labels[0]?.textContent ?? "";
  const keepsMine = await settleValue({ label, yours: textOf(field.value), theirs: textOf(clash.theirs) });
  if (keepsMine) await writeTicket({ [field.dataset.field]: value }, error.details.version).then(() => markSaved(field), tellProblem);
  else takeBack(field);
  return undefined;
}

/** To the end of another column. */
export function columnChosen(select) {
  return move(select, { column: select.value, after: null, before: null });
}

/** To an end of its own column. */
export function placeChosen(select) {
  const option = select.selectedOptions[0];
  const column = document.getElementById("ticket-column").value;
  return move(select, { column, after: null, before: null, [option.dataset.anchor]: option.value });
}

async function move(select, place) {
  try {
    await overLimit((reason) => putTicket("PUT", "/position", { ...place, override_reason: reason }));
    markSaved(select);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    takeBack(select);
    if (!error.isSettled) tellProblem(error);
  }
  await refresh();
}

/** Writes; where a column's limit stands in the way, asks for a reason to go over it and writes again. */
export async function overLimit(write) {
  try {
    return await write("");
  } catch (error) {
    if (error.code !== "WIP_LIMIT") throw error;
    const reason = await askOverride(error);
    if (!reason) throw Object.assign(error, { isSettled: true });
    return write(reason);
  }
}
