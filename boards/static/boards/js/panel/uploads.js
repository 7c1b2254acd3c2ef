import { h, icon } from "../../../js/dom.js";
import { announce } from "../../../js/announce.js";
import { t } from "../../../js/messages.js";
import { Refused, csrfToken } from "../api.js";
import { config } from "../config.js";
import { article, refresh, ticketId } from "./article.js";
import { problemText, isRefusal } from "./writing.js";

let last = Promise.resolve();

/** Attaches files one after the other, each with its progress; answers those that are there. */
export async function upload(files) {
  const made = await Promise.all([...files].map((file) => uploadOne(file)));
  return made.filter(Boolean);
}

function uploadOne(file) {
  const id = ticketId();
  const row = drawRow(file);
  document.getElementById("uploads").append(row.element);
  const answer = last.then(() => row.isGivenUp || send(id, file, row));
  last = answer.catch(() => null);
  return answer.then((made) => finished(made, row), (error) => failed(file, row, error));
}

async function finished(made, row) {
  if (made === true) return null;
  announce(t("upload_done", { name: made.name }));
  await refresh();
  row.element.remove();
  return made;
}

function failed(file, row, error) {
  if (!isRefusal(error)) throw error;
  if (row.isGivenUp) return null;
  const again = h("button", { class: "button button-small", type: "button", onclick: () => (row.element.remove(), upload([file])) }, t("try_again"));
  const close = h("button", { class: "button button-small button-icon button-quiet", type: "button", "aria-label": t("close"), onclick: () => row.element.remove() }, icon("close"));
  row.element.replaceChildren(h("span", { class: "grow field-error", role: "alert" }, `${file.name}: ${problemText(error)}`), again, close);
  return null;
}

function drawRow(file) {
  const progress = h("progress", { class: "progress grow", max: 1, value: 0, "aria-label": file.name });
  const row = { progress, isGivenUp: false, request: null };
  const stop = () => {
    row.isGivenUp = true;
    row.request?.abort();
    row.element.remove();
  };
  const cancel = h("button", { class: "button button-small button-icon button-quiet", type: "button", "aria-label": t("upload_stop", { name: file.name }), onclick: stop }, icon("close"));
  row.element = h("li", { class: "upload" }, h("span", { class: "truncate" }, file.name), progress, cancel);
  return row;
}

/** `fetch` cannot tell how much of a body has been sent. */
function send(id, file, row) {
  const body = new FormData();
  body.append("file", file, file.name || t("upload_pasted"));
  const request = (row.request = new XMLHttpRequest());
  return new Promise((resolve, reject) => {
    request.open("POST", `${config.api}/tickets/${id}/attachments`);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (row.progress.value = event.loaded / event.total));
    request.addEventListener("load", () => (request.status < 400 ? resolve(request.response) : reject(new Refused(request.status, request.response?.error))));
    for (const name of ["error", "abort"]) request.addEventListener(name, () => reject(new Refused(0, { code: "OFFLINE" })));
    request.send(body);
  });
}

/** Files pasted into a text are attached, and pictures shown where the caret was. */
export async function pasted(event, field) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length || !article() || !document.getElementById("uploads")) return;
  event.preventDefault();
  const at = field ? field.selectionStart : null;
  const made = await upload(files);
  if (field?.isConnected && made.length) insert(field, at, made.map(markdownOf).join("\n"));
}

function insert(field, at, text) {
  field.setRangeText(text, Math.min(at, field.value.length), Math.min(at, field.value.length), "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function markdownOf(attachment) {
  const name = attachment.name.replaceAll(/[[\]\\]/g, "");
  const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(attachment.content_type);
  return `${isPicture ? "!" : ""}[${name}](${article().dataset.files}${attachment.id}/content)`;
}

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

/** Files dropped anywhere on the ticket. */
export function dragged(event) {
  const root = article();
  if (!root || !hasFiles(event) || !document.getElementById("uploads")) return;
  const isInside = Boolean(event.target.closest?.(".panel"));
  root.classList.toggle("is-dropping", isInside && event.type !== "drop" && !(event.type === "dragleave" && !event.relatedTarget));
  if (!isInside || event.type === "dragleave") return;
  event.preventDefault();
  if (event.type === "drop") upload(event.dataTransfer.files);
}
