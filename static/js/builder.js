// The builder for people who work on it all day: keys on a rule's menu button, faults while typing, where the focus is.
// Every act is a submit button of the form, so all of it also works without this module.
const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };
const KEYS = { d: "duplicate", delete: "remove", backspace: "remove" };
const form = document.getElementById("builder-form");
const said = document.getElementById("says");
let lifted = 0; // 0: nothing is picked up, else one more than the moves since
let waiting = []; // acts pressed while one is under way
let isBusy = false;

const rowOf = (element) => element.closest("[data-row]");
const menus = () => [...form.querySelectorAll("[data-rule-menu]")];
const say = (words) => (said.textContent = words);

function act(name, row) {
  const button = row.querySelector(`:scope > * > .rule-menu [data-act="${name}"], :scope > * > * > .rule-menu [data-act="${name}"]`);
  if (!button) say("It can't be moved there.");
  if (!button || isBusy) return button && waiting.push(name);
  button.closest("details").open = false;
  button.click();
  return true;
}

function pickUp(row) {
  lifted = 1;
  row.classList.add("is-lifted");
  say(`${row.getAttribute("aria-label")} picked up. Arrows move it, left out of its group, right into the next. Enter drops it, Escape puts it back.`);
}

function drop(words) {
  lifted = 0;
  form.querySelectorAll(".is-lifted").forEach((row) => row.classList.remove("is-lifted"));
  say(words);
}

function putBack() {
  const moves = lifted - 1;
  drop("Put back.");
  if (!moves) return;
  const undo = document.getElementById("undo");
  undo.value = `undo:${moves}`;
  undo.removeAttribute("aria-disabled");
  undo.click();
}

function step(from, by) {
  const all = menus();
  all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)]?.focus();
}

function whileLifted(event, row) {
  if (event.key === "Enter" || event.key === " " || event.key.toLowerCase() === "m") return drop("Dropped.");
  if (event.key === "Escape") return putBack();
  if (event.key === "Tab") return drop("Dropped."), false;
  if (ARROWS[event.key] && act(ARROWS[event.key], row)) lifted += 1;
}

function onMenu(event) {
  const row = rowOf(event.target);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (lifted) return whileLifted(event, row);
  const key = event.key.toLowerCase();
  if (event.target.parentElement.open && event.key.startsWith("Arrow")) return false;
  if (key === "m") return pickUp(row);
  if (key === "j" || key === "k") return step(event.target, key === "j" ? 1 : -1);
  return KEYS[key] ? act(KEYS[key], row) : false;
}

form.addEventListener("keydown", (event) => {
  if (event.target.matches("[data-rule-menu]") && onMenu(event) !== false) {
    event.preventDefault();
    event.stopPropagation();
  }
  // In a box of values, Backspace in the empty field takes the last value off.
  if (event.key === "Backspace" && event.target.matches("[data-token]") && !event.target.value) {
    event.target.closest(".tokens").querySelectorAll(".token button").item(event.target.closest(".tokens").querySelectorAll(".token").length - 1)?.click();
  }
});

// Undo of the builder is for acts; inside a text field Ctrl Z is the field's own.
document.addEventListener("keydown", (event) => {
  const isText = event.target.matches?.("input[type=text], input[type=search], textarea");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && isText) event.stopImmediatePropagation();
}, true);

form.addEventListener("focusin", (event) => {
  document.getElementById("at").value = rowOf(event.target)?.dataset.path ?? "";
});
form.addEventListener("focusout", (event) => {
  const row = rowOf(event.target);
  if (row && !row.contains(event.relatedTarget)) {
    row.classList.remove("is-new");
    mark(row);
    // The bar was calm while somebody typed here; now it says what is wrong.
    if (faults.has(row.id) && document.querySelector("#bar-words.calm")) document.body.dispatchEvent(new Event("rules-changed"));
  }
  if (lifted && !isBusy && event.relatedTarget && !event.relatedTarget.matches("[data-rule-menu]")) drop("Dropped.");
});

// Faults found while somebody types: the row turns red when the focus has left it. A new row waits until it was visited.
let faults = new Map();

function mark(row) {
  const fault = faults.get(row.id);
  const box = row.querySelector(":scope > [data-fault]");
  const head = row.matches(".rule") ? row : row.querySelector(":scope > .group-head");
  if (!box || !head) return;
  head.classList.toggle("is-wrong", Boolean(fault));
  box.hidden = !fault;
  box.replaceChildren(...(fault?.words ?? []).map((words) => {
    const line = document.getElementById("fault-mark").content.cloneNode(true);
    line.querySelector("span").textContent = words;
    return line;
  }));
  for (const control of head.querySelectorAll("select, input:not([type=hidden])")) {
    const isWrong = Boolean(fault?.controls.includes(control.id));
    control.toggleAttribute("aria-invalid", false);
    control.removeAttribute("aria-describedby");
    if (isWrong) control.setAttribute("aria-invalid", "true");
    if (isWrong) control.setAttribute("aria-describedby", box.id);
  }
}

document.body.addEventListener("faults", (event) => {
  faults = new Map(event.detail.rows.map((fault) => [fault.row, fault]));
  form.querySelectorAll("[data-row]").forEach((row) => {
    const isHere = row === rowOf(document.activeElement ?? document.body);
    if (!faults.has(row.id) || (!isHere && !row.matches(".is-new"))) mark(row);
  });
});

// The form's answers settle at once (settle:0ms): what is chosen in a new row the moment it stands there counts too.
const isTree = (event) => event.detail.target?.id === "tree";

// What is typed while an answer is on its way is not overwritten by it: the same is asked for again, with what was typed.
let edits = 0;
const editsWhenAsked = new WeakMap();
const turnWhenAsked = new WeakMap();
const turn = () => form.elements.turn.value;
form.addEventListener("input", () => (edits += 1));
document.addEventListener("htmx:beforeSend", (event) => {
  editsWhenAsked.set(event.detail.xhr, edits);
  if (form.contains(event.detail.elt)) turnWhenAsked.set(event.detail.xhr, turn());
});
// What was counted for the tree before this one has no row to stand at: the new tree asks for itself.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isTree(event) && (turnWhenAsked.get(event.detail.xhr) ?? turn()) !== turn()) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = editsWhenAsked.get(event.detail.xhr);
  if (asked === undefined || asked === edits || !isTree(event)) return;
  event.detail.shouldSwap = false;
  const act = event.detail.requestConfig.triggeringEvent?.submitter;
  setTimeout(() => (act?.isConnected ? act : form.querySelector("button[value=refresh]")).click());
});
document.addEventListener("htmx:beforeRequest", (event) => isTree(event) && (isBusy = true));
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isTree(event)) return;
  isBusy = false;
  if (!event.detail.successful) waiting = [];
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "tree" && event.detail.elt?.id !== "tree") return;
  faults = new Map(); // the new rows show their own
  const row = document.activeElement?.matches("[data-rule-menu]") ? rowOf(document.activeElement) : null;
  if (!row) return;
  if (lifted) row.classList.add("is-lifted");
  const next = waiting.shift();
  if (next) setTimeout(() => act(next, row));
});

// The link of the action bar leads to the control itself, not only near it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-goes-to]");
  const target = link && document.getElementById(link.dataset.goesTo);
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "center" });
});

// What was typed since the last answer may have put things right, and can be undone: the server says so, not the button.
const enable = () => ["save", "undo"].forEach((id) => document.getElementById(id).removeAttribute("aria-disabled"));
form.addEventListener("input", enable);
// An answer to what stood there before brings the bar as it was then.
document.addEventListener("htmx:afterSettle", (event) => {
  if ((editsWhenAsked.get(event.detail.xhr) ?? edits) !== edits) enable();
});
