// Before a session ends because nobody does anything: say so, and let one stay. When it has ended, leave what is on the screen.
// Tabs share when somebody was last there. The server decides; what pages ask by themselves counts for neither.
const LIMIT = Number(document.body.dataset.idle) * 1000;
const WARNING = 3 * 60 * 1000; // the server notes presence once a minute, so at least two of the three are left
const GRACE = 5000;
const KEY = "seen";

function seen() {
  localStorage.setItem(KEY, Date.now());
  document.getElementById("idle")?.remove();
}

async function stay() {
  const answer = await fetch(document.body.dataset.stay, { method: "HEAD", redirect: "manual" }).catch(() => null);
  if (answer?.ok) seen();
}

function warn() {
  if (document.getElementById("idle")) return;
  const toast = document.createElement("div");
  toast.id = "idle";
  toast.className = "toast";
  const words = document.createElement("span");
  words.textContent = "Are you still there? In two minutes you are signed out.";
  const button = document.createElement("button");
  button.className = "button small";
  button.type = "button";
  button.textContent = "Stay signed in";
  button.addEventListener("click", stay);
  toast.append(words, button);
  document.getElementById("toasts").append(toast);
}

function look() {
  const away = Date.now() - Number(localStorage.getItem(KEY));
  if (away > LIMIT + GRACE) location.reload(); // leads to the sign-in page and back here
  else if (away > LIMIT - WARNING) warn();
  else document.getElementById("idle")?.remove();
}

if (LIMIT) {
  seen();
  document.addEventListener("htmx:configRequest", (event) => event.detail.triggeringEvent && seen());
  setInterval(look, 5000);
}
