import { cancelButton, openDialog, submitButton } from "../../js/dialogs.js";
import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";

/** Asks why a full column takes one more ticket; "" when the reader gives up. */
export async function askOverride(refusal) {
  const input = h("input", { class: "input", name: "reason", required: true, maxlength: "200", autocomplete: "off", placeholder: t("override_example") });
  const content = [
    h("p", {}, refusal.message),
    h("div", { class: "field" }, h("label", {}, h("span", { class: "label-text" }, t("override_reason")), input), h("span", { class: "help" }, t("override_help"))),
  ];
  const actions = [cancelButton(), submitButton(t("override_anyway"))];
  const { dialog, closed } = openDialog(t("override_title"), content, { actions, role: "alertdialog" });
  dialog.classList.add("wip-dialog");
  input.focus();
  return (await closed) === "yes" ? input.value.trim() : "";
}
