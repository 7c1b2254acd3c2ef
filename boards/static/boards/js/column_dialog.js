import { cancelButton, openDialog, submitButton } from "../../js/dialogs.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";

export const COLOURS = ["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"];
const CATEGORIES = ["backlog", "todo", "in_progress", "done"];

/** Asks for a column's name, colour, limit and category; answers what was changed, or null. */
export async function editColumn(column, first) {
  const name = h("input", { name: "name", id: "column-name", required: true, maxlength: "100", autocomplete: "off", value: column.name });
  const limit = h("input", { name: "wip_limit", id: "column-limit", type: "number", min: "1", max: "9999", inputmode: "numeric", value: column.wip_limit === null ? "" : String(column.wip_limit) });
  const category = h("select", { name: "category", id: "column-category" }, CATEGORIES.map((value) => h("option", { value, selected: value === column.category }, t(`category_${value}`))));
  const content = [
    h("div", { class: "field" }, h("label", { for: name.id }, t("name")), name),
    h("div", { class: "field" }, h("label", { for: limit.id }, t("wip_limit")), limit, h("span", { class: "help" }, t("wip_limit_help"))),
    h("div", { class: "field" }, h("label", { for: category.id }, t("category")), category, h("span", { class: "help" }, t("category_help"))),
    h("fieldset", { class: "field" }, h("legend", {}, t("colour")), h("div", { class: "swatches" }, COLOURS.map((colour) => swatch(colour, column.colour)))),
  ];
  const { form, closed } = openDialog(t("edit_column"), content, { actions: [cancelButton(), submitButton(t("save"))] });
  const field = first === "colour" ? form.querySelector("[name=colour]:checked") : form.elements[first];
  field.focus();
  field.select?.();
  if ((await closed) !== "yes") return null;
  const given = {
    name: name.value.trim(),
    wip_limit: limit.value ? Number(limit.value) : null,
    category: category.value,
    colour: form.elements.colour.value,
  };
  const changes = Object.fromEntries(Object.entries(given).filter(([key, value]) => value !== column[key]));
  return Object.keys(changes).length ? changes : null;
}

function swatch(colour, chosen) {
  const input = h("input", { type: "radio", name: "colour", value: colour, checked: colour === chosen, "aria-label": t(`colour_${colour}`) });
  return h("label", { class: "swatch", title: t(`colour_${colour}`), data: { colour } }, input);
}
