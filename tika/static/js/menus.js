import { h, icon } from "./dom.js";

const ITEMS = "[role^=menuitem]:not([aria-disabled=true], :disabled)";

/**
 * A menu made on the spot beside `anchor`: `items` are {label, icon, run, danger, disabled, checked, keys} or null for
 * a line. The focus goes back to `back`.
 */
export function openMenu(anchor, label, items, { back = anchor } = {}) {
  const menu = h("div", { class: "menu", popover: "auto", role: "menu", "aria-label": label });
  menu.append(...items.map((item) => (item ? menuItem(menu, item) : h("hr"))));
  Object.assign(menu, { anchor, back });
  menu.addEventListener("toggle", (event) => event.newState === "closed" && setTimeout(() => menu.remove()));
  document.body.append(menu);
  menu.showPopover();
  return menu;
}

function menuItem(menu, { label, icon: name, run, danger, disabled, checked, keys }) {
  const role = checked === undefined ? "menuitem" : "menuitemradio";
  const act = () => {
    menu.hidePopover();
    menu.back.focus({ preventScroll: true });
    run();
  };
  const props = { type: "button", role, class: danger ? "menu-item menu-item-danger" : "menu-item" };
  props["aria-checked"] = checked === undefined ? null : String(checked);
  return h("button", { ...props, disabled: Boolean(disabled), onclick: act }, name && icon(name), label, keys && h("kbd", {}, keys));
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4 + height <= innerHeight || at.top < height;
  const start = at.left + width <= innerWidth - 8 ? at.left : at.right - width;
  menu.style.left = `${Math.max(8, start)}px`;
  menu.style.top = `${below ? Math.min(at.bottom + 4, Math.max(8, innerHeight - height - 8)) : at.top - height - 4}px`;
}

const anchorOf = (menu) => menu.anchor ?? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);

function toggled(event) {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const anchor = anchorOf(menu);
  anchor?.setAttribute("aria-expanded", String(event.newState === "open"));
  if (event.newState !== "open" || !anchor) return;
  place(menu, anchor);
  menu.querySelector(ITEMS)?.focus({ preventScroll: true });
}

function pressed(event) {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || event.target.matches("input")) return;
  const items = [...menu.querySelectorAll(ITEMS)];
  const at = items.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) items.at(to % items.length)?.focus();
  else if (event.key === "Tab") menu.hidePopover();
  else if (event.key.length === 1 && event.key !== " ") byLetter(items, at, event.key);
  else return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
}

function byLetter(items, at, letter) {
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  order.find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()))?.focus();
}

export function startMenus() {
  document.addEventListener("toggle", toggled, true);
  document.addEventListener("keydown", pressed, true);
}
