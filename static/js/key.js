/* Asks the browser for a security key or a passkey and sends its answer with the form. Without it a code serves.
   It is loaded before the page is read on, not deferred: whoever presses the button as soon as it is there would
   otherwise send the form without an answer. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-key]");
  if (!form) {
    return;
  }
  form.querySelector("[data-key-without]").hidden = true;
  if (!window.PublicKeyCredential || !navigator.credentials) {
    sayOfKey(form, "unsupported");
    form.querySelector("button[type=submit]").disabled = true;
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-key]")) {
    event.preventDefault();
    sendWithKey(event.target);
  }
});

async function sendWithKey(form) {
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  sayOfKey(form, "waiting");
  try {
    form.elements.credential.value = JSON.stringify(await answerOfKey(form.dataset));
    form.submit();
  } catch (error) {
    button.disabled = false;
    sayOfKey(form, error.name);
  }
}

/* The box says what to do until there is something else to say. */
function sayOfKey(form, name) {
  const box = form.querySelector("[data-key-said]");
  const said = form.querySelector(`template[data-said="${name}"]`) ?? form.querySelector('template[data-said="other"]');
  const words = document.createElement("p");
  words.textContent = said.content.textContent.trim();
  box.replaceChildren(words);
  box.classList.toggle("notice-warning", name !== "waiting");
  box.hidden = false;
}

async function answerOfKey({ key, options }) {
  const { publicKey } = JSON.parse(options);
  publicKey.challenge = toBytes(publicKey.challenge);
  if (key === "create") {
    publicKey.user.id = toBytes(publicKey.user.id);
  }
  for (const known of publicKey.excludeCredentials ?? publicKey.allowCredentials ?? []) {
    known.id = toBytes(known.id);
  }
  return inJson(await navigator.credentials[key]({ publicKey }));
}

/* What `credential.toJSON()` says where there is one; not every browser in use has it. */
function inJson({ id, rawId, type, response }) {
  return {
    id,
    type,
    rawId: toText(rawId),
    response: Object.fromEntries(
      ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
        .filter((part) => response[part])
        .map((part) => [part, toText(response[part])]),
    ),
    clientExtensionResults: {},
  };
}

function toBytes(text) {
  const plain = text.replace(/[-_]/g, (sign) => (sign === "-" ? "+" : "/"));
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
