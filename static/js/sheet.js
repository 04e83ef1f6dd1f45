// The sheet at the right. A link with hx-target="#sheet" opens it; closing empties it, takes the address back and returns the focus.
const sheet = document.getElementById("sheet");
let opener = null;

function mark(link) {
  document.querySelectorAll('[hx-target="#sheet"][aria-expanded="true"]').forEach((old) => {
    old.setAttribute("aria-expanded", "false");
    old.closest("tr, li")?.classList.remove("on");
  });
  link?.setAttribute("aria-expanded", "true");
  link?.closest("tr, li")?.classList.add("on");
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== sheet) return;
  opener = event.detail.requestConfig.elt;
  mark(opener);
  sheet.focus();
});

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close-sheet]");
  if (!close || !opener) return; // opened by its address: the link leads to the page without it
  event.preventDefault();
  event.stopImmediatePropagation();
  sheet.replaceChildren();
  if (close.href) history.replaceState(null, "", close.href);
  mark(null);
  opener.focus();
  opener = null;
}, true);
