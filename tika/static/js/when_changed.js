/** `button[data-when-changed]` is there once a select of its form differs from what the server sent. */
const changed = (form) =>
  [...form.elements].some((field) => field.options && [...field.options].some((option) => option.selected !== option.defaultSelected));

const show = (button) => (button.hidden = !changed(button.form));

const buttons = () => document.querySelectorAll("button[data-when-changed]");

for (const button of buttons()) show(button);
document.addEventListener("change", (event) => {
  for (const button of buttons()) if (button.form === event.target.form) show(button);
});
