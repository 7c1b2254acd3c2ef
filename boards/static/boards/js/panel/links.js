import { colourOf, initialsOf } from "../../../js/avatars.js";
import { h, icon } from "../../../js/dom.js";
import { t } from "../../../js/messages.js";
import { call } from "../api.js";
import { labelPill } from "../card.js";
import { article, refresh } from "./article.js";
import { membersOnce } from "./people.js";
import { openPicker } from "./picker.js";
import { add, isRefusal, perform, tellProblem, writeTicket } from "./writing.js";

const COLOURS = ["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"];

const chosenIds = (kind) => article().dataset[kind].split(" ").filter(Boolean);

/** The labels or the assignees of the ticket, under the button that adds them. */
export async function pick(button) {
  const { kind } = button.dataset;
  try {
    const choices = kind === "labels" ? await labelChoices() : await peopleChoices();
    openPicker(button, {
      title: t(`picker_${kind}`),
      choices,
      chosen: chosenIds(kind),
      toggle: (id, isOn) => perform(() => toggle(kind, id, isOn)),
      create: kind === "labels" ? newLabel : null,
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    tellProblem(error);
  }
}

/** One in or out. What others have added or removed meanwhile stays as they left it. */
async function toggle(kind, id, isOn, { base = null, now = chosenIds(kind) } = {}) {
  const wanted = now.filter((other) => other !== id).concat(isOn ? [id] : []);
  article().dataset[kind] = wanted.join(" ");
  try {
    await writeTicket({ [kind]: wanted }, base);
  } catch (error) {
    const theirs = error.code === "CONFLICT" ? error.details?.fields?.[kind]?.theirs : null;
    if (!theirs) throw error;
    await toggle(kind, id, isOn, { base: error.details.version, now: theirs });
  }
}

async function labelChoices() {
  const { items } = await call("GET", `/labels?board=${article().dataset.board}`);
  return items.map(labelChoice);
}

const labelChoice = (label) => ({ id: label.id, name: label.name || t(`colour_${label.colour}`), face: () => labelPill(label) });

async function peopleChoices() {
  const mine = new Set(chosenIds("assignees"));
  const people = (await membersOnce()).filter((person) => person.active || mine.has(person.id));
  return people.sort((a, b) => mine.has(b.id) - mine.has(a.id)).map((person) => ({ id: person.id, name: person.name, face: () => face(person) }));
}

function face(person) {
  const avatar = h("span", { class: "avatar", "aria-hidden": "true", data: { colour: colourOf(person.name) } }, initialsOf(person.name));
  return h("span", { class: "person" }, avatar, person.name, person.placeholder && h("span", { class: "faint small" }, t("picker_placeholder")));
}

/** "Create label" below the list, in a colour. */
function newLabel(picker, text) {
  if (text && picker.choices.some((choice) => choice.name === text)) return null;
  const swatches = COLOURS.map((colour) => {
    const input = h("input", { type: "radio", name: "new-label-colour", value: colour, "aria-label": t(`colour_${colour}`), checked: colour === (picker.colour ?? "blue"), onchange: () => (picker.colour = colour) });
    return h("label", { class: "swatch", data: { colour } }, input);
  });
  const make = () => makeLabel(picker, picker.input.value.trim());
  const button = h("button", { class: "button button-small", type: "button", onclick: make }, icon("plus"), text ? t("picker_create_label", { name: text }) : t("picker_create_colour"));
  return [h("div", { class: "swatches", role: "radiogroup", "aria-label": t("picker_colour") }, swatches), button];
}

async function makeLabel(picker, name) {
  try {
    const label = await add("/labels", { board: article().dataset.board, name, colour: picker.colour ?? "blue" });
    picker.made(labelChoice(label));
    await toggle("labels", label.id, true);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    tellProblem(error);
  }
  await refresh();
}
