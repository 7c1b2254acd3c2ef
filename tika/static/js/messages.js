const language = document.documentElement.lang.startsWith("ko") ? "ko" : "en";
const { default: messages } = await import(`../boards/js/messages/${language}.js`);
const plural = new Intl.PluralRules(language);

export const locale = language;

/** The sentence `key` in the reader's language; `{name}` is filled from `values`, a plural chosen by `values.count`. */
export function t(key, values = {}) {
  let sentence = messages[key] ?? key;
  if (typeof sentence === "object") sentence = sentence[plural.select(values.count)] ?? sentence.other;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
