// A link with data-sheet opens its page's form beside this page, where there is room; elsewhere it is followed.
// A form with data-guarded asks before what was typed into it is lost: on closing its sheet, and on leaving the page.
const ROOM = matchMedia("(min-width: 1200px)");
const CONTROLS = "input:not([type=hidden]), select, textarea";
let opener = null;
let isOpening = false;

const sheet = document.createElement("dialog");
sheet.id = "sheet";
sheet.className = "sheet";
sheet.setAttribute("aria-labelledby", "sheet-title");
document.body.append(sheet);

const unsaved = (within = document) => within.querySelector("form[data-guarded=unsaved]");

function open(link) {
  if (!sheet.contains(link)) opener = link;
  isOpening = true;
  window.htmx.ajax("GET", link.href, { source: link, target: "#sheet", swap: "innerHTML show:none" });
}

function close() {
  sheet.close();
  sheet.replaceChildren();
  if (opener?.isConnected) opener.focus();
}

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
    leave(() => open(link));
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
