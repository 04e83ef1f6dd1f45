// A toast stays at least 8 seconds, and for as long as the pointer or the focus rests on it.
const STAYS = 8000;

function start(toast) {
  let clock;
  const wait = () => (clock = setTimeout(() => toast.remove(), STAYS));
  const hold = () => clearTimeout(clock);
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", wait);
  toast.addEventListener("focusout", wait);
  wait();
}

const box = document.getElementById("toasts");
box?.querySelectorAll("[data-toast]").forEach(start);
if (box) {
  new MutationObserver((changes) => {
    changes.forEach((change) => change.addedNodes.forEach((node) => node.matches?.("[data-toast]") && start(node)));
  }).observe(box, { childList: true });
}
document.addEventListener("click", (event) => event.target.closest("[data-close-toast]")?.closest(".toast").remove());
