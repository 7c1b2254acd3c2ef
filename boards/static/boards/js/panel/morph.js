import { isDirty } from "./fields_state.js";

/** Turns the shown ticket into the fresh one, in place: focus, scrolling and whatever the reader is at stay. */
export function morph(old, fresh) {
  window.Idiomorph.morph(old, fresh, {
    morphStyle: "outerHTML",
    callbacks: { beforeNodeMorphed: mayChange, beforeNodeRemoved: mayLeave, beforeAttributeUpdated: mayUpdate },
  });
}

function mayChange(from, to) {
  if (!(from instanceof Element) || !(to instanceof Element)) return true;
  if (from.matches("[data-own]")) return false; // drawn by a script: uploads, history, a preview
  if (from.matches("[data-avatar]") && from.dataset.avatar === to.dataset.avatar) return false;
  if (from.matches("time") && from.dateTime === to.dateTime) return false;
  if (from.hasAttribute("data-editing")) return noteChange(from, to);
  return !(from.matches("input, textarea, select") && isDirty(from));
}

/** An open editor stays; if the text under it has changed, it says so. */
function noteChange(from, to) {
  const theirs = to.querySelector("form [name]")?.defaultValue;
  const mine = from.querySelector("form [name]");
  const notice = from.querySelector("[data-changed]");
  if (notice && mine && theirs !== undefined) notice.hidden = theirs === mine.defaultValue;
  from.theirs = theirs;
  return false;
}

const mayLeave = (node) => !(node instanceof Element && (node.matches("[data-editing]") || node.querySelector("[data-editing]")));

/** What scripts have set on an element is not the server's to take back. */
const mayUpdate = (name, element) => !["style", "aria-expanded", "aria-pressed"].includes(name) && !(name === "open" && element.matches("details"));
