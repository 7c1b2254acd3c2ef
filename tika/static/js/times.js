import { locale } from "./messages.js";

const zone = document.body.dataset.timezone || undefined;
const format = (options) => new Intl.DateTimeFormat(locale, options);
const exact = format({ dateStyle: "medium", timeStyle: "short", timeZone: zone });
const dayInZone = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
// "11월 25일" is too long for a card, "11. 25." is not.
const shortDay = format({ month: locale === "ko" ? "numeric" : "short", day: "numeric", timeZone: "UTC" });
const shortDayOfYear = format({ year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
const longDay = format({ dateStyle: "full", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const STEPS = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60]];

/** Today's date (YYYY-MM-DD) where the reader is. */
export const today = () => dayInZone.format(new Date());

/** A calendar date has no zone: it is the same day for everybody. */
export function dayText(date, { long = false } = {}) {
  const at = new Date(`${date}T00:00:00Z`);
  if (long) return longDay.format(at);
  return (date.slice(0, 4) === today().slice(0, 4) ? shortDay : shortDayOfYear).format(at);
}

export function daysUntil(date, from = today()) {
  return Math.round((Date.parse(date) - Date.parse(from)) / 86_400_000);
}

export function ago(moment) {
  const seconds = (Date.parse(moment) - Date.now()) / 1000;
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return relative.format(Math.trunc(unit === "second" ? 0 : seconds / length), unit);
}

/** Fills `<time datetime>` with the reader's own time; `data-relative` with "3 hours ago". */
function paintTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const moment = element.dateTime;
    if (!moment.includes("T")) continue;
    element.title = exact.format(new Date(moment));
    element.textContent = "relative" in element.dataset ? ago(moment) : element.title;
  }
}

export function startTimes() {
  paintTimes(document);
  document.addEventListener("htmx:load", (event) => paintTimes(event.detail.elt.parentElement ?? document));
  setInterval(() => paintTimes(document), 60_000);
}
