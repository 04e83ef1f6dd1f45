// Entries of metadata are added and removed at once; without script their buttons ask the server for the form anew.
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-add-entry], [data-remove-entry]");
  if (!pressed) return;
  event.preventDefault();
  const box = pressed.closest("[data-entries]");
  const template = box.querySelector("template");
  if (pressed.matches("[data-add-entry]")) {
    template.before(template.content.cloneNode(true));
    template.previousElementSibling.querySelector("input").focus();
  } else {
    const entry = pressed.closest(".entry");
    const next = entry.nextElementSibling.matches(".entry") ? entry.nextElementSibling.querySelector("input") : null;
    entry.remove();
    (next ?? box.querySelector("[data-add-entry]")).focus();
  }
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
