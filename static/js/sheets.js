// A link with data-sheet opens its page beside this page, where there is room; elsewhere it is followed.
// A form with data-guarded asks before what was typed into it is lost: on closing its sheet, and on leaving the page.
const ROOM = matchMedia("(min-width: 1200px)");
const CONTROLS = "input:not([type=hidden]), select, textarea";
let opener = null;
let isOpening = false;
let asked = null; // the link that was asked for last
let arriving = null; // a page of the list is on its way, to go on in: the link to it, its region's id, and which way

const sheet = document.createElement("dialog");
sheet.id = "sheet";
sheet.className = "sheet";
sheet.setAttribute("aria-labelledby", "sheet-title");
document.body.append(sheet);

const unsaved = (within = document) => within.querySelector("form[data-guarded=unsaved]");

function open(link, event) {
  if (!sheet.contains(link)) opener = link;
  isOpening = true;
  asked = link;
  arriving = null;
  window.htmx.ajax("GET", link.href, { source: link, event, target: "#sheet", swap: "innerHTML show:none" });
}

// An answer that something else was asked for meanwhile, or whose sheet was closed, comes too late.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (target === sheet && requestConfig.elt !== asked && !sheet.contains(requestConfig.elt)) event.detail.shouldSwap = false;
});

// The link that the sheet came from; where its list was renewed meanwhile, the one that stands for it now.
const origin = () =>
  !opener || opener.isConnected ? opener : [...document.querySelectorAll("#main a[data-sheet]")].find((link) => link.href === opener.href);

function close() {
  isOpening = false;
  asked = arriving = null;
  sheet.close();
  sheet.replaceChildren();
  mark();
  origin()?.focus();
}

// A sheet with data-step buttons goes on from row to row of the list that it was opened from, and page to page.
const links = (place) => [...(place?.querySelectorAll("a[data-sheet]") ?? [])];
const way = (by) => (by > 0 ? "next" : "prev");
function beside(by) {
  const [link, all] = [origin(), links(origin()?.closest("tbody"))];
  return all[all.indexOf(link) + by];
}
const pageBeside = (by) => origin()?.closest("[hx-boost=true]")?.querySelector(`a[rel=${way(by)}]`);

function step(by, event) {
  if (arriving) return; // the rows that are there are about to go
  const link = beside(by);
  if (link) return leave(() => open(link, event));
  const next = pageBeside(by);
  if (!next) return;
  arriving = { link: next, id: next.closest("[id]").id, by };
  next.click();
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.elt === arriving?.link && !event.detail.successful) arriving = null;
});

// The row that the sheet is about stands out, and the buttons that lead nowhere are off.
function mark() {
  document.querySelectorAll("#main a[data-sheet][aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  if (sheet.querySelector("[data-step]")) origin()?.setAttribute("aria-current", "true");
  sheet.querySelectorAll("[data-step]").forEach((one) => {
    one.disabled = !beside(Number(one.dataset.step)) && !pageBeside(Number(one.dataset.step));
  });
}

sheet.addEventListener("click", (event) => {
  const one = event.target.closest("[data-step]");
  if (one) step(Number(one.dataset.step), event);
});

document.addEventListener("htmx:afterSettle", () => {
  const all = arriving && !opener.isConnected ? links(document.getElementById(arriving.id)) : [];
  if (all.length) open(all.at(arriving.by > 0 ? 0 : -1));
  else if (sheet.open) mark();
});

function button(kind, words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button small ${kind}`;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

// Asks within the sheet, then does `act`. Escape, and the other button, go on editing.
function ask(act) {
  const back = document.activeElement;
  sheet.querySelector("[data-ask]")?.remove();
  const box = document.createElement("div");
  const [words, row] = [document.createElement("p"), document.createElement("div")];
  box.className = "note sheet-ask";
  box.dataset.ask = "";
  box.setAttribute("role", "alertdialog");
  box.setAttribute("aria-label", "Close without saving?");
  words.textContent = "What you wrote here is not saved.";
  row.className = "row wrap";
  const stay = () => {
    box.remove();
    (back?.isConnected && sheet.contains(back) ? back : sheet.querySelector(CONTROLS))?.focus();
  };
  row.append(button("", "Go on editing", stay), button("danger", "Discard it", act));
  box.append(words, row);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    stay();
  });
  sheet.querySelector(".sheet-foot").before(box);
  row.firstChild.focus();
}

const leave = (act) => (unsaved(sheet) ? ask(act) : act());

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-sheet], #sheet a[data-close-sheet]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (link.matches("[data-close-sheet]")) {
    event.preventDefault();
    leave(close);
  } else if (ROOM.matches) {
    event.preventDefault();
    event.stopPropagation();
    leave(() => open(link, event));
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !sheet.open) return;
  if (event.target.matches("input[type=search]") && event.target.value) return;
  if (document.querySelector(":popover-open")) return;
  event.preventDefault();
  leave(close);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== sheet || !isOpening) return;
  isOpening = false;
  if (!sheet.open) sheet.show();
  sheet.scrollTop = 0;
  (sheet.querySelector(`form ${CONTROLS.replaceAll(", ", ", form ")}`) ?? sheet.querySelector("#sheet-title"))?.focus();
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guarded]");
  if (form) form.dataset.guarded = "unsaved";
});
document.addEventListener("submit", (event) => {
  if ("guarded" in event.target.dataset) event.target.dataset.guarded = "";
});
// What did not arrive, or was refused without a page of its own, is still unsaved.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-guarded]");
  if (form?.isConnected && !event.detail.successful) form.dataset.guarded = "unsaved";
});
addEventListener("beforeunload", (event) => unsaved() && event.preventDefault());
