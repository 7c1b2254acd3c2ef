const REACHABLE = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";

/** Keeps Tab inside an element. */
export function trap(element, event) {
  const stops = [...element.querySelectorAll(REACHABLE)].filter((stop) => !stop.disabled && stop.tabIndex >= 0 && stop.getClientRects().length);
  if (!stops.length) return event.preventDefault();
  const first = stops[0];
  const last = stops.at(-1);
  const active = document.activeElement;
  if (event.shiftKey ? active === first || active === element : active === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
  return undefined;
}
