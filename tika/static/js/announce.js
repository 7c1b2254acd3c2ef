import { topmost } from "./dom.js";

/** Speaks through the page's live regions. A repeated sentence is spoken again. */
export function announce(sentence, { assertive = false } = {}) {
  const announcer = document.getElementById("announcer");
  if (!announcer) return;
  if (announcer.parentElement !== topmost()) topmost().append(announcer);
  const region = announcer.children[assertive ? 1 : 0];
  region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
}
