/** Sends an export in slices, so that a slow or broken line costs one slice and not the file. Without this script the
    form sends it in one piece. What is said stands in the form's data attributes. */
const SLICE = 4 * 1024 * 1024;
const TRIES = 5;

const form = document.querySelector("form[data-upload]");
if (form) start(form);

function start(form) {
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector(".drop-zone");
  form.classList.add("is-enhanced");
  input.addEventListener("change", () => input.files.length && showChosen(form, input.files[0]));
  for (const type of ["dragenter", "dragover"]) zone.addEventListener(type, (event) => over(zone, event, true));
  for (const type of ["dragleave", "drop"]) zone.addEventListener(type, (event) => over(zone, event, false));
  zone.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    showChosen(form, input.files[0]);
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length) send(form, input.files[0]);
  });
}

function over(zone, event, isOver) {
  event.preventDefault();
  zone.classList.toggle("is-over", isOver);
}

function showChosen(form, file) {
  form.querySelector("[data-chosen]").textContent = file.name;
  form.querySelector("[data-error]").hidden = true;
}

async function send(form, file) {
  busy(form, true);
  let offset = 0;
  for (let failures = 0; failures < TRIES; ) {
    const answer = await put(form.dataset.upload, file, offset);
    if (answer?.location) return location.assign(answer.location);
    if (answer?.error && answer.error.details?.offset === undefined) return stop(form, answer.error.message);
    const there = answer?.offset ?? answer?.error?.details?.offset;
    failures = there > offset ? 0 : failures + 1;
    offset = there ?? offset;
    showProgress(form, offset / file.size);
    if (failures) await new Promise((resolve) => setTimeout(resolve, 1000 * failures));
  }
  stop(form, form.dataset.broken);
}

/** The server's answer, or null where it could not be reached. */
async function put(url, file, offset) {
  const headers = {
    "Content-Type": "application/octet-stream",
    "Upload-Offset": offset,
    "Upload-Length": file.size,
    "X-CSRFToken": document.body.dataset.csrf,
  };
  const body = file.slice(offset, offset + SLICE);
  try {
    const answer = await fetch(`${url}?name=${encodeURIComponent(file.name)}`, { method: "PUT", headers, body });
    return await answer.json();
  } catch {
    return null;
  }
}

function showProgress(form, share) {
  const percent = Math.round(share * 100);
  form.querySelector("progress").value = percent;
  form.querySelector("[data-percent]").textContent = `${percent}%`;
}

function stop(form, sentence) {
  busy(form, false);
  const error = form.querySelector("[data-error]");
  error.textContent = sentence;
  error.hidden = false;
}

function busy(form, isBusy) {
  form.querySelector("[data-progress]").hidden = !isBusy;
  form.querySelector("[data-error]").hidden = true;
  form.querySelector(".form-actions > .button-primary").disabled = isBusy;
  form.querySelector("input[type=file]").disabled = isBusy;
}
