// data-copy="text" copies that text; data-copy-from="id" copies what an element says. With both, the one after the other.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const said = document.getElementById(button.dataset.copyFrom ?? "")?.innerText;
  const text = [button.dataset.copy, said].filter(Boolean).join("\n\n");
  await navigator.clipboard.writeText(text);
  say("Copied.");
});

function say(words) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.textContent = words;
  document.getElementById("toasts")?.append(toast);
}
