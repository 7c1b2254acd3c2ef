import { toast } from "./toasts.js";

/** `data-copy="id"` copies the value of that input; without the clipboard (plain http) it is selected for the person. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const input = document.getElementById(button.dataset.copy);
  input.select();
  if (await copied(input.value)) toast(button.dataset.copied);
});

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
