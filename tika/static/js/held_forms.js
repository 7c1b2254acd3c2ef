/**
 * A form that the modules answer, or ask a question about, waits for them when it is sent before they have come: the
 * browser would send it by itself, without the question, or to nowhere. Not a module: it is there before the first form.
 */
{
  const held = new Map();
  const hold = (event) => {
    const { target: form, submitter } = event;
    if (!("api" in form.dataset || "confirm" in form.dataset || "confirm" in (submitter?.dataset ?? {}))) return;
    event.preventDefault();
    held.set(form, submitter);
  };
  document.addEventListener("submit", hold, true);
  // By then the page's modules have run.
  document.addEventListener("DOMContentLoaded", () => {
    document.removeEventListener("submit", hold, true);
    for (const [form, submitter] of held) form.requestSubmit(submitter);
  });
}
