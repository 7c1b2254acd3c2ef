import { h } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";
import { fold } from "../filter.js";
import { caretPlace } from "./caret.js";
import { membersOnce } from "./people.js";

const CALL = /(?:^|[^\w@])@([^@\n]{0,40})$/u;
const SHOWN = 6;
let list = null; // {field, element, people, at}

/** Offers names while an @ is being typed. */
export async function offerNames(field) {
  const text = field.value.slice(0, field.selectionStart);
  const match = CALL.exec(text);
  if (!match || match[1].startsWith(" ")) return closeNames();
  const people = await membersOnce().catch(() => []);
  if (document.activeElement !== field || field.value.slice(0, field.selectionStart) !== text) return undefined;
  const wanted = fold(match[1]);
  const found = people.filter((person) => person.active && matches(fold(person.name), wanted)).slice(0, SHOWN);
  // A name written out whole has been chosen already.
  if (!found.length || found.some((person) => wanted.startsWith(`${fold(person.name)} `))) return closeNames();
  open(field, found, match[1].length);
  return undefined;
}

const matches = (name, wanted) => name.startsWith(wanted) || name.split(/\s+/).some((part) => part.startsWith(wanted));

function open(field, people, length) {
  closeNames();
  const options = people.map((person, index) =>
    h("li", { class: "menu-item", role: "option", id: `mention-${index}`, onmousedown: (event) => (event.preventDefault(), choose(index)) }, person.name),
  );
  const element = h("ul", { class: "menu mention-list", role: "listbox", id: "mention-list", popover: "manual", "aria-label": t("mention_names") }, options);
  (field.closest("dialog") ?? document.body).append(element);
  element.showPopover();
  const place = caretPlace(field);
  element.style.left = `${Math.min(place.left, innerWidth - element.offsetWidth - 8)}px`;
  element.style.top = `${place.bottom + element.offsetHeight > innerHeight ? place.top - element.offsetHeight - 4 : place.bottom + 4}px`;
  field.setAttribute("aria-controls", "mention-list");
  field.setAttribute("aria-autocomplete", "list");
  list = { field, element, people, length, at: 0 };
  mark(0);
}

function mark(at) {
  list.at = (at + list.people.length) % list.people.length;
  [...list.element.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === list.at)));
  list.field.setAttribute("aria-activedescendant", `mention-${list.at}`);
}

function choose(index) {
  const { field, people, length } = list;
  const end = field.selectionStart;
  field.setRangeText(`${people[index].name} `, end - length, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  closeNames();
}

export function closeNames() {
  if (!list) return;
  list.element.remove();
  for (const name of ["aria-controls", "aria-autocomplete", "aria-activedescendant"]) list.field.removeAttribute(name);
  list = null;
}

/** True when the key was for the list. */
export function keyForNames(event) {
  if (!list || event.target !== list.field) return false;
  if (event.key === "ArrowDown") mark(list.at + 1);
  else if (event.key === "ArrowUp") mark(list.at - 1);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") choose(list.at);
  else if (event.key === "Escape") closeNames();
  else return false;
  return true;
}
