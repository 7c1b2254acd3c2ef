import { t } from "../../js/messages.js";

/** Why a write was refused, for the reader. */
export function sentenceOf(error) {
  if (error.code === "OFFLINE") return t("offline_refused");
  if (error.status >= 500 || !error.message) return t("server_refused");
  return error.message;
}
