// What goes wrong on the way: no answer, a refusal, a session that ended. Errors stand in the page, never in a toast.
const WORDS = {
  0: "The server does not answer. Nothing was saved; check the connection and try again.",
  403: "Your role may not do this, or the page is too old. Load it again.",
  404: "This is no longer here. Load the page again to see how things stand.",
  409: "Someone else changed this while you were working. Load the page again to see both.",
};

function tell(status) {
  const box = document.getElementById("problems");
  const note = document.createElement("div");
  note.className = "note bad";
  note.dataset.fromRequest = "";
  note.append(document.createElement("span"), document.createElement("p"));
  note.lastChild.textContent = WORDS[status] ?? `The server could not do this (${status}). Nothing was saved; try again in a minute.`;
  box.replaceChildren(note);
  box.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", () => tell(0));
document.addEventListener("htmx:timeout", () => tell(0));
document.addEventListener("htmx:responseError", (event) => tell(event.detail.xhr.status));
// What a page asks by itself, on a timer or once it is there, is nobody's doing: it keeps no session awake.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent) event.detail.headers.Unattended = "1";
});
document.addEventListener("htmx:afterSwap", () => document.querySelector("#problems [data-from-request]")?.remove());

// What had the focus may be swapped away: it goes to what says the same now, else to the region that changed, so that Tab goes
// on from there; to the beginning of the page only where the whole page is new.
const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim();
let lost = null; // what had the focus in which region; other regions may be renewed meanwhile
document.addEventListener("htmx:beforeSwap", (event) => {
  const held = document.activeElement;
  if (held !== document.body && event.detail.target.contains(held)) lost = { name: nameOf(held), id: event.detail.target.id };
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (lost?.id !== event.detail.target.id) return;
  const region = event.detail.target.isConnected ? event.detail.target : document.getElementById(event.detail.target.id);
  const { name } = lost;
  lost = null;
  if (document.activeElement !== document.body || !region) return;
  const same = [...region.querySelectorAll("a[href], button")].find((one) => nameOf(one) === name);
  const place = region === document.body ? document.getElementById("main") : region;
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  (same ?? region.querySelector("[tabindex='0']") ?? place).focus({ preventScroll: true });
});
