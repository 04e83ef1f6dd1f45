// A button that works says so: its label changes, its width stays, a second press does nothing. data-busy="Saving…"
const kept = new WeakMap();

function begin(button) {
  kept.set(button, [...button.childNodes]);
  button.style.minWidth = `${button.getBoundingClientRect().width}px`;
  button.setAttribute("aria-busy", "true");
  button.replaceChildren(button.dataset.busy || button.textContent);
}

function end(button) {
  if (!kept.has(button)) return;
  button.replaceChildren(...kept.get(button));
  button.removeAttribute("aria-busy");
  button.style.minWidth = "";
  kept.delete(button);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.method !== "post" && !button?.dataset.busy) return;
  if (form.dataset.underWay) return event.preventDefault();
  if (form.method === "post") form.dataset.underWay = "1";
  // After this turn of the loop the browser has gathered the form, the pressed button's name included.
  if (button?.dataset.busy) setTimeout(() => event.defaultPrevented && !form.matches("[hx-post], [data-hx-post]") ? free(form) : begin(button));
}, true);

function free(form) {
  delete form.dataset.underWay;
  form.querySelectorAll("[aria-busy]").forEach(end);
  document.querySelectorAll(`[form="${form.id}"][aria-busy]`).forEach(end);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled=true], .button[aria-busy=true]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) free(form);
});
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form[data-under-way]").forEach(free));
