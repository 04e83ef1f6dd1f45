// A form that is sent says so and is sent once: the pressed button's label becomes its data-busy ("Saving…"), its width stays.
// A form that answers with a file keeps its page: give it data-download. So does a button that answers into a frame (formtarget).
const labels = new WeakMap();

function begin(button) {
  labels.set(button, [...button.childNodes]);
  button.style.minWidth = `${button.getBoundingClientRect().width}px`;
  button.setAttribute("aria-busy", "true");
  button.replaceChildren(button.dataset.busy);
}

function end(form) {
  delete form.dataset.underWay;
  for (const button of [...form.elements].filter((element) => labels.has(element))) {
    button.replaceChildren(...labels.get(button));
    button.removeAttribute("aria-busy");
    button.style.minWidth = "";
    labels.delete(button);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.underWay) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method !== "post" || "download" in form.dataset || event.submitter?.formTarget) return;
  form.dataset.underWay = "1";
  const button = event.submitter;
  // Once this event is over the browser has gathered the form, the pressed button's name included.
  setTimeout(() => {
    if (event.defaultPrevented && !form.classList.contains("htmx-request")) end(form);
    else if (button?.dataset.busy) begin(button);
  });
}, true);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[aria-disabled=true], .button[aria-busy=true]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) end(form);
});
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form[data-under-way]").forEach(end));
