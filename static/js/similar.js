/* Offers, before a form is sent, what was sent lately for the same settlement in like words. Never in the way. */
const place = document.querySelector("[data-similar]");

if (place) {
  const form = place.closest("form");
  for (const name of ["settlement", "text", "subject"]) {
    form.elements[name]?.addEventListener("change", () => ask(form));
  }
}

async function ask(form) {
  if (!form.elements.settlement.value || !form.elements.text.value.trim()) {
    place.replaceChildren();
    return;
  }
  const said = new FormData();
  for (const name of ["csrfmiddlewaretoken", "settlement", "subject", "text"]) {
    said.append(name, form.elements[name].value);
  }
  try {
    const answer = await fetch(place.dataset.similar, { method: "POST", body: said });
    place.innerHTML = answer.ok ? await answer.text() : "";
  } catch (error) {
    console.info("nothing can be offered now", error);
  }
}
