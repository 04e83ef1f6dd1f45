// Boxes in front of the rows of a list: how many are ticked, a whole page at once, and with Shift all from the last one to this.
let last = null;
const boxes = (form) => [...form.querySelectorAll("input[name=pk]:not(:disabled)")];

function tell(form) {
  const all = boxes(form), ticked = all.filter((box) => box.checked).length;
  const page = form.querySelector("[data-pick-page]"), words = form.querySelector("[data-picked]");
  page.checked = ticked > 0 && ticked === all.length;
  page.indeterminate = ticked > 0 && ticked < all.length;
  words.textContent = `${ticked} ${ticked === 1 ? words.dataset.one : words.dataset.unit} picked`;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.closest?.(".picking");
  if (!form || !box.matches("input[type=checkbox]")) return;
  const all = boxes(form);
  if (box.matches("[data-pick-page]")) all.forEach((one) => { one.checked = box.checked; });
  const from = all.indexOf(last), to = all.indexOf(box);
  if (event.shiftKey && from >= 0 && to >= 0)
    all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => { one.checked = box.checked; });
  if (to >= 0) last = box;
  tell(form);
});

// A page that one comes back to may have its boxes ticked as they were left.
addEventListener("pageshow", () => document.querySelectorAll(".picking").forEach((form) => boxes(form).length && tell(form)));
