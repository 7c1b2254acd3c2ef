const COLOURS = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"];

/** The same person has the same colour everywhere. */
export function colourOf(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return COLOURS[sum % COLOURS.length];
}

/** Two letters of a name or of what stands before an address's @; of a Korean, Chinese or Japanese one its last two (the given name). */
export function initialsOf(name) {
  const words = name.trim().replace(/@.*/s, "").split(/[\s._@-]+/).filter(Boolean);
  const first = [...(words[0] ?? "?")];
  if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(first[0])) return first.length > 2 ? first.slice(-2).join("") : first.join("");
  const last = words.length > 1 ? [...words.at(-1)][0] : (first[1] ?? "");
  return (first[0] + last).toUpperCase();
}

/** Paints every `data-avatar="name"` below `root`. */
export function paintAvatars(root = document) {
  for (const element of root.querySelectorAll("[data-avatar]:not([data-colour])")) {
    element.dataset.colour = colourOf(element.dataset.avatar);
    element.textContent = initialsOf(element.dataset.avatar);
  }
}
