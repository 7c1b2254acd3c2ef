const KEY = `tika:forms:${location.pathname}`;
const LEFT_OUT = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

/** What has been typed into the page's forms, for the same page after it was loaded again. No passwords, no files. */
export function keepForms() {
  const typed = fields().filter(([, field]) => isChanged(field));
  const values = typed.map(([name, field]) => [name, isTicked(field) ? field.checked : field.value]);
  try {
    if (values.length) sessionStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // The browser keeps nothing.
  }
}

/** Puts it back, once. */
export function restoreForms() {
  const kept = new Map(taken());
  for (const [name, field] of fields()) {
    if (!kept.has(name)) continue;
    if (isTicked(field)) field.checked = kept.get(name);
    else field.value = kept.get(name);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function taken() {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return JSON.parse(text) ?? [];
  } catch {
    return [];
  }
}

/** [name, field]: by the form's place and address, and the field's name and value where several share it. */
function fields() {
  return [...document.forms].flatMap((form, place) =>
    [...form.elements]
      .filter((field) => field.name && !LEFT_OUT.has(field.type) && !("draft" in field.dataset))
      .map((field) => [`${place} ${form.getAttribute("action")} ${field.name} ${isTicked(field) ? field.value : ""}`, field]),
  );
}

const isTicked = (field) => field.type === "checkbox" || field.type === "radio";

function isChanged(field) {
  if (isTicked(field)) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}
