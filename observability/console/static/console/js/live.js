/** Looks again every few seconds and lets in what changed, without moving what somebody reads or types. */
const SILENCE = 3;

let timer = 0;
let failures = 0;

export function startLive() {
  const button = document.querySelector("[data-live-every]");
  if (!button) return;
  const every = Number(button.dataset.liveEvery) * 1000;
  const run = () => {
    clearInterval(timer);
    const on = button.getAttribute("aria-pressed") === "true";
    if (on && document.visibilityState === "visible") timer = setInterval(() => look(button), every);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    run();
  });
  document.addEventListener("visibilitychange", run);
  run();
}

async function look(button) {
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "live" }, signal: AbortSignal.timeout(15_000) });
    // Signed out, or no operator any more: the page itself says it better.
    if (answer.redirected || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    failures = 0;
  } catch {
    failures += 1;
  }
  button.classList.toggle("live-lost", failures >= SILENCE);
}

function renew(fresh) {
  for (const element of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(element.id);
    if (!next) continue;
    globalThis.Idiomorph.morph(element, next, {
      ignoreActiveValue: true,
      callbacks: { beforeAttributeUpdated: (name) => name !== "open" },
    });
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: element } }));
  }
}
