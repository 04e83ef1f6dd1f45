// Keys of the console. A link or button takes part by data-key="N"; it works outside fields and can be switched off in the dialog of keys.
const SWITCH = "tranche-keys-off";
const JUMPS = { o: "overview", a: "alerts", s: "segments", c: "customers", m: "communications" };
const REGIONS = [".rail-inner", ".topbar", "#main", ".action-bar", "#sheet[open]"];
let afterG = false;

const isOff = () => localStorage.getItem(SWITCH) === "1";
const isField = (element) => element.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
const isShown = (element) => element && element.getClientRects().length > 0;
const nameOf = (event) =>
  (event.ctrlKey || event.metaKey ? "Control+" : "") + (event.key.length === 1 ? event.key.toUpperCase() : event.key);

function press(key) {
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isShown);
  if (!target || target.getAttribute("aria-disabled") === "true") return false;
  if (target.matches("input")) target.select();
  if (target.matches("input, summary")) target.focus();
  if (!target.matches("input")) target.click();
  return true;
}

function jump(key) {
  const link = document.querySelector(`[data-nav="${JUMPS[key.toLowerCase()]}"]`);
  if (link) link.click();
  return Boolean(link);
}

function rows() {
  const list = document.querySelector(".inbox-list") ?? document.getElementById("main");
  return [...list.querySelectorAll(list.matches("ul") ? "li" : "tbody tr")].filter((row) => row.querySelector("a, button"));
}

function step(by) {
  const all = rows();
  const active = all.findIndex((row) => row.contains(document.activeElement));
  const at = active < 0 ? all.findIndex((row) => row.matches(".on")) : active;
  const row = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  row?.querySelector("a, button").focus();
  return Boolean(row);
}

function select() {
  const box = document.activeElement.closest("tr")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function nextRegion(back) {
  const regions = REGIONS.map((name) => document.querySelector(name)).filter(isShown);
  // A region may stand inside another: the innermost that holds the focus is where we are.
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions.at((at + (back ? -1 : 1) + regions.length) % regions.length);
  const first = next.matches("[tabindex]") ? next : next.querySelector("a, button, input, summary");
  first?.focus();
}

function letter(event) {
  const key = event.key;
  if (afterG) {
    afterG = false;
    return jump(key);
  }
  if (key.toLowerCase() === "g") {
    afterG = true;
    setTimeout(() => (afterG = false), 1500);
    return true;
  }
  if (key === "?") return document.getElementById("keys")?.togglePopover() ?? true;
  if (press(nameOf(event))) return true;
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  return key.toLowerCase() === "x" && select();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  if (event.key === "F6") {
    event.preventDefault();
    return nextRegion(event.shiftKey);
  }
  if (event.ctrlKey || event.metaKey) {
    if (press(nameOf(event))) event.preventDefault();
    return;
  }
  if (event.key.length !== 1 || isOff() || isField(event.target)) return;
  if (letter(event)) event.preventDefault();
});

const box = document.getElementById("keys-on");
const show = () => document.documentElement.classList.toggle("keys-off", isOff());
if (box) {
  box.checked = !isOff();
  box.addEventListener("change", () => {
    localStorage.setItem(SWITCH, box.checked ? "0" : "1");
    show();
  });
}
show();
