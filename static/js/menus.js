// Menus are <details data-menu>: they open without script. Here: one at a time, closed by Escape, by a press outside, by leaving.
const opened = () => [...document.querySelectorAll("details[data-menu][open]")];

document.addEventListener("click", (event) => {
  opened().forEach((menu) => menu.contains(event.target) || (menu.open = false));
  const toggle = event.target.closest("[data-toggle-rail]");
  if (!toggle) return;
  const isOpen = toggle.closest(".rail").classList.toggle("open");
  toggle.setAttribute("aria-expanded", String(isOpen));
});

// A menu with a search field begins there.
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details[data-menu][open]")) event.target.querySelector("[data-finder]")?.focus();
}, true);

document.addEventListener("focusin", (event) => {
  opened().forEach((menu) => menu.contains(event.target) || (menu.open = false));
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = [...menu.querySelectorAll("summary, a, button, input:not([type=hidden], :disabled)")];
  const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  items.at(Math.min(Math.max(at, 0), items.length - 1))?.focus();
  event.preventDefault();
}, true);
