const sentences = {};
const language = document.documentElement.lang.startsWith("ko") ? "ko" : "en";
const plural = new Intl.PluralRules(language);

export const locale = language;

/** The page loads the sentences of its language before any other script. */
export const learn = (added) => Object.assign(sentences, added);

/** The sentence `key` in the reader's language; `{name}` is filled from `values`, a plural chosen by `values.count`. */
export function t(key, values = {}) {
  let sentence = sentences[key] ?? key;
  if (typeof sentence === "object") sentence = sentence[plural.select(values.count)] ?? sentence.other;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
