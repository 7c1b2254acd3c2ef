const COPIED = ["boxSizing", "width", "borderWidth", "borderStyle", "padding", "font", "letterSpacing", "lineHeight", "tabSize", "wordBreak"];

/** Where the caret of a text area is on the screen: a hidden copy of the text is measured. */
export function caretPlace(field) {
  const style = getComputedStyle(field);
  const mirror = document.createElement("div");
  for (const name of COPIED) mirror.style[name] = style[name];
  Object.assign(mirror.style, { position: "fixed", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", top: "0", left: "0" });
  const caret = document.createElement("span");
  caret.textContent = "\u200b";
  mirror.append(field.value.slice(0, field.selectionStart), caret);
  document.body.append(mirror);
  const box = field.getBoundingClientRect();
  const top = box.top + caret.offsetTop - field.scrollTop;
  const place = { left: box.left + caret.offsetLeft, top: Math.max(box.top, top), bottom: Math.min(box.bottom, top + caret.offsetHeight) };
  mirror.remove();
  return place;
}
