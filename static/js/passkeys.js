// Passkeys: a form with data-passkey asks the browser for one ("get") or to make one ("create"), then sends what it answers.
// What the server wants to know stands in data-options, or is fetched from the form's own address.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (all) => all?.map((one) => ({ ...one, id: toBytes(one.id) }));

const WORDS = {
  NotAllowedError: "No passkey was given. Try again, or use another way.",
  InvalidStateError: "This device or key has a passkey for you already.",
  SecurityError: "Passkeys need a name in the address, such as https://console.bank.example or http://localhost, not a number.",
};

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("The server did not answer.");
  return (await answer.json()).request_options.publicKey;
}

async function made(options) {
  const user = { ...options.user, id: toBytes(options.user.id) };
  const publicKey = { ...options, user, challenge: toBytes(options.challenge), excludeCredentials: listed(options.excludeCredentials) };
  const key = await navigator.credentials.create({ publicKey });
  const response = { clientDataJSON: toText(key.response.clientDataJSON), attestationObject: toText(key.response.attestationObject) };
  return { id: key.id, rawId: key.id, type: key.type, response, clientExtensionResults: key.getClientExtensionResults() };
}

async function given(options) {
  const publicKey = { ...options, challenge: toBytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
  const key = await navigator.credentials.get({ publicKey });
  const response = {
    clientDataJSON: toText(key.response.clientDataJSON),
    authenticatorData: toText(key.response.authenticatorData),
    signature: toText(key.response.signature),
    userHandle: key.response.userHandle ? toText(key.response.userHandle) : null,
  };
  return { id: key.id, rawId: key.id, type: key.type, response, clientExtensionResults: key.getClientExtensionResults() };
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const fault = form.querySelector("[role=alert]");
  const button = form.querySelector("button[type=submit]");
  fault.hidden = true;
  button.disabled = true;
  try {
    const options = await optionsOf(form);
    form.elements.credential.value = JSON.stringify(await (form.dataset.passkey === "create" ? made(options) : given(options)));
    form.submit();
  } catch (error) {
    fault.textContent = window.PublicKeyCredential ? (WORDS[error.name] ?? "The passkey could not be used. Try again, or use another way.") : "This browser knows no passkeys.";
    fault.hidden = false;
    button.disabled = false;
  }
});
