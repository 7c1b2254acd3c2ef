import { h } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";
import { toast } from "../../../js/toasts.js";
import { call } from "../api.js";
import { sentenceOf } from "../sentences.js";

/** Forms that speak to the API: `data-api="PATCH /boards/..."`. Then `data-then` names the next page ("{key}" is of the
 * answer), or the page is drawn anew in place; `data-said` is the sentence that tells it is done. */

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-api]");
  if (!form) return;
  event.preventDefault();
  send(form);
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-upper]")) target.value = target.value.toUpperCase();
  if (target.matches("[aria-invalid]")) clear(target);
});

async function send(form, extra = {}) {
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  const [method, path] = form.dataset.api.split(" ");
  try {
    const body = { ...bodyOf(form), ...extra };
    const answer = await call(method, path, Object.keys(body).length ? body : undefined);
    await done(form, answer);
  } catch (error) {
    if (!("status" in error)) throw error;
    refused(form, error);
  } finally {
    delete form.dataset.busy;
  }
}

function bodyOf(form) {
  const body = {};
  for (const field of form.elements) {
    if (field.name && !(field.dataset.type === "filled" && !field.value)) body[field.name] = valueOf(field);
  }
  return body;
}

function valueOf(field) {
  if (field.dataset.type === "json") return JSON.parse(field.value);
  if (field.type === "checkbox") return field.checked;
  if (field.type === "number") return field.value === "" ? null : Number(field.value);
  return field.value;
}

async function done(form, answer) {
  if (form.dataset.then) {
    const next = form.dataset.then.replace(/\{(\w+)\}/g, (whole, name) => answer[name]);
    if (next !== location.pathname) return location.assign(next);
  }
  if ("reset" in form.dataset) form.reset();
  await redraw(form);
  if (form.dataset.said) toast(form.dataset.said);
  return undefined;
}

/** The page as it is now, in place: the focus stays, or goes on to what took the place of its element. */
async function redraw(form) {
  const response = await fetch(location.href, { redirect: "manual" });
  if (!response.ok) return location.reload();
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
  const place = form.closest("li, section");
  const next = place?.nextElementSibling?.id || place?.previousElementSibling?.id;
  const main = document.getElementById("main");
  window.Idiomorph.morph(main, fresh, { morphStyle: "outerHTML" });
  main.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: main } }));
  if (document.activeElement !== document.body) return undefined;
  (document.getElementById(next)?.querySelector("button, input, a") ?? main).focus();
  return undefined;
}

async function refused(form, error) {
  if (error.code === "WIP_LIMIT") return askReason(form, error);
  const details = error.status === 422 ? error.details : [];
  const shown = details.filter(({ field, message }) => form.elements[field] && mark(form.elements[field], message));
  if (shown.length) return form.elements[shown[0].field].focus();
  toast(details.map((detail) => detail.message).join(" ") || sentenceOf(error), { error: true });
  return undefined;
}

function mark(field, message) {
  clear(field);
  const id = `${field.id || field.name}-error`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [id, field.getAttribute("aria-describedby")].filter(Boolean).join(" "));
  field.after(h("p", { class: "field-error", id }, message));
  return true;
}

function clear(field) {
  const id = `${field.id || field.name}-error`;
  document.getElementById(id)?.remove();
  field.removeAttribute("aria-invalid");
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((name) => name && name !== id);
  if (others.length) field.setAttribute("aria-describedby", others.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** A full column takes one more with a reason, which stays in the history. */
async function askReason(form, error) {
  const { askOverride } = await import("../override.js");
  const reason = await askOverride(error);
  if (reason) {
    delete form.dataset.busy;
    await send(form, { override_reason: reason });
  }
}
