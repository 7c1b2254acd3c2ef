/** Makes an element. Data reaches it as text, attributes and listeners only: nothing is parsed as HTML. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "class") element.className = value;
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name in element && typeof value !== "string") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

export function icon(name) {
  return h("span", { class: `icon icon-${name}`, "aria-hidden": "true" });
}

/** Sets the text only if it differs: a screen reader and the painter are left alone otherwise. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const inText = (target) =>
  target instanceof Element &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])"));

/** The element that may hold something a person has to see or hear now: a modal dialog makes the rest inert. */
export function topmost() {
  const modals = document.querySelectorAll("dialog:modal");
  return modals.length ? modals[modals.length - 1] : document.body;
}
