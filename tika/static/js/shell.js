import { paintAvatars } from "./avatars.js";
import { startDialogs } from "./dialogs.js";
import { restoreForms } from "./kept_forms.js";
import { startMenus } from "./menus.js";
import { startNewer } from "./newer.js";
import { startPageLoad } from "./page_load.js";
import { startTimes } from "./times.js";
import { adoptToasts } from "./toasts.js";

startMenus();
startDialogs();
adoptToasts();
paintAvatars();
startTimes();
restoreForms();
startNewer();
if (document.body.dataset.workspace) startPageLoad();
document.addEventListener("htmx:load", (event) => paintAvatars(event.detail.elt.parentElement ?? document));

if (document.getElementById("search")) {
  const { startSearch } = await import("./search.js");
  startSearch(document.getElementById("search"));
}
