/** Whether a form field holds something that the server did not put there. */
export function isDirty(field) {
  if (field.matches("[type=hidden], [type=file], [type=submit]")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (!field.matches("select")) return field.value !== field.defaultValue;
  const given = [...field.options].find((option) => option.defaultSelected);
  return Boolean(given) && !given.selected;
}

/** What the field holds is now what the server has. */
export function markSaved(field) {
  if (field.matches("[type=checkbox], [type=radio]")) field.defaultChecked = field.checked;
  else if (field.matches("select")) for (const option of field.options) option.defaultSelected = option.selected;
  else field.defaultValue = field.value;
}

/** The field holds again what the server has. */
export function takeBack(field) {
  if (field.matches("[type=checkbox], [type=radio]")) field.checked = field.defaultChecked;
  else if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
  else field.value = field.defaultValue;
}
