/* Asks the browser for a security key or a passkey and sends its answer with the form. Without it a code serves. */
const form = document.querySelector("form[data-key]");
const PLAIN_SIGNS = { "-": "+", _: "/" };

if (form) {
  askForKey(form);
}

function askForKey(form) {
  const box = form.querySelector("[data-key-said]");
  const waiting = box.textContent.trim();
  const button = form.querySelector("button[type=submit]");
  form.querySelector("[data-key-without]").hidden = true;
  if (!window.PublicKeyCredential || !navigator.credentials) {
    say("unsupported");
    button.disabled = true;
    return;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say("waiting");
    try {
      form.elements.credential.value = JSON.stringify(await answerOfKey(form.dataset));
      form.submit();
    } catch (error) {
      button.disabled = false;
      say(error.name);
    }
  });

  /* The box says what to do until there is something else to say. */
  function say(name) {
    const said = form.querySelector(`template[data-said="${name}"]`) ?? form.querySelector('template[data-said="other"]');
    box.querySelector("p").textContent = name === "waiting" ? waiting : said.content.textContent.trim();
    box.classList.toggle("notice-warning", name !== "waiting");
    box.hidden = false;
  }
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
  const plain = text.replace(/[-_]/g, (sign) => PLAIN_SIGNS[sign]);
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
