import { heard } from "../../js/newer.js";
import { config } from "./config.js";

/** The server said no (or could not be reached: code OFFLINE). `message` is in the reader's language. */
export class Refused extends Error {
  constructor(status, { code = "ERROR", message = "", details = [] } = {}) {
    super(message);
    Object.assign(this, { status, code, details });
  }
}

/** Calls the API of this workspace; answers the parsed body. Throws Refused. */
export async function call(method, path, body, { headers = {} } = {}) {
  const init = { method, headers: { Accept: "application/json", ...headers } };
  if (method !== "GET") {
    init.headers["X-CSRFToken"] = csrfToken();
    init.headers["X-Tika-Client"] = document.documentElement.dataset.version;
  }
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const response = await reach(config.api + path, init);
  if (!response.ok) throw new Refused(response.status, await reasonOf(response));
  return response.status === 204 ? null : response.json();
}

/** Creates something; a lost answer is asked for again under the same key, so it is created once. */
export async function create(path, body) {
  const headers = { "Idempotency-Key": randomKey() };
  try {
    return await call("POST", path, body, { headers });
  } catch (error) {
    if (error.code !== "OFFLINE" || !navigator.onLine) throw error;
    return call("POST", path, body, { headers });
  }
}

/** The cookie's: signing in again in another tab has made the page's own one old. */
export const csrfToken = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.body.dataset.csrf;

async function reach(url, init) {
  try {
    const response = await fetch(url, init);
    heard(response);
    return response;
  } catch {
    throw new Refused(0, { code: "OFFLINE" });
  }
}

async function reasonOf(response) {
  try {
    return (await response.json()).error;
  } catch {
    return {};
  }
}

function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
