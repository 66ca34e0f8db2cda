/* Solves the ALTCHA challenge of this page (version 2, PBKDF2) and puts the solution into the form.
 *
 * Without it, or in a browser without Web Crypto (a page that came over plain HTTP), the form asks to wait instead.
 * The browser derives keys outside the page's own thread, so the page stays usable without a worker.
 */
const place = document.querySelector("[data-challenge]");

if (place && window.crypto && window.crypto.subtle) {
  prove(JSON.parse(place.dataset.challenge));
}

async function prove(challenge) {
  place.querySelector("[data-working]").hidden = false;
  const solution = await solve(challenge.parameters);
  document.getElementById(place.dataset.answer).value = btoa(JSON.stringify({ challenge, solution }));
  place.querySelector("[data-working]").hidden = true;
  place.querySelector("[data-ready]").hidden = false;
}

/* Tries the counters one after another until the derived key begins as the challenge asks. */
async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const counterPlace = new DataView(password.buffer, password.length - 4);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter += 1) {
    counterPlace.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(rule, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) {
      return { counter, derivedKey };
    }
  }
}

function bytes(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
