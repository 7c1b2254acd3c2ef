import { cancelButton, openDialog, submitButton } from "../../js/dialogs.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { columnOptions } from "./card_menu.js";
import { bottomOf, topOf } from "./places.js";
import { nameOf, spokenColumn } from "./spoken.js";

/** Asks where a card goes: a column, its top or its bottom. */
export async function moveByDialog(board, mover, id) {
  const { ticket, column } = board.lists.find(id) ?? {};
  if (!ticket || !board.mayMove) return;
  const select = h("select", { name: "column", id: "move-column" }, columnOptions(board.store.columns, column));
  const told = h("span", { class: "help" });
  const tell = () => (told.textContent = spokenColumn(board.store.columnByNumber.get(Number(select.value)), board.lists.all(Number(select.value)).length));
  select.addEventListener("change", tell);
  tell();
  const content = [
    h("p", { class: "faint" }, nameOf(ticket)),
    h("div", { class: "field" }, h("label", { for: select.id }, t("column")), select, told),
    h("fieldset", { class: "field" }, h("legend", {}, t("position")), choice("top", true), choice("bottom", false)),
  ];
  const { form, closed } = openDialog(t("move_card"), content, { actions: [cancelButton(), submitButton(t("move"))] });
  const answer = await closed;
  const to = Number(select.value);
  board.focus.card(id);
  if (answer !== "yes" || !board.store.columnByNumber.has(to)) return;
  const place = (form.elements.position.value === "top" ? topOf : bottomOf)(board.lists, to, id);
  mover.move(id, place);
  board.focus.card(id);
}

const choice = (value, checked) =>
  h("label", { class: "choice" }, h("input", { type: "radio", name: "position", value, checked }), t(`position_${value}`));
