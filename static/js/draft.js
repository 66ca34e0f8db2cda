/* Keeps what is typed into a form on this device for a day, until it is sent: over an expired session, a closed window,
 * a restart. Nothing of it goes anywhere else. Files, tokens and hidden fields are not kept.
 */
const DAY = 24 * 60 * 60 * 1000;
const SKIPPED = new Set(["file", "hidden", "password", "submit", "button"]);
const form = document.querySelector("form[data-draft]");
const sent = document.querySelector("[data-draft-sent]");

if (sent) {
  forget(`draft-${sent.dataset.draftSent}`);
}
if (form) {
  begin(form, `draft-${form.dataset.draft}`, document.querySelector("[data-draft-notice]"));
}

function begin(form, key, notice) {
  const draft = read(key);
  if (draft && form.dataset.draftFresh !== undefined) {
    restore(form, draft.values);
    show(notice);
  }
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => write(key, values(form)), 500);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
  notice.querySelector("button").addEventListener("click", () => {
    clearTimeout(waiting);
    forget(key);
    form.reset();
    notice.hidden = true;
    fields(form)[0].focus();
  });
}

function show(notice) {
  notice.hidden = false;
}

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !SKIPPED.has(field.type) && !field.closest(".visually-hidden"),
  );
}

function values(form) {
  return fields(form).map((field) => [
    field.name,
    field.value,
    field.type === "checkbox" || field.type === "radio" ? field.checked : null,
  ]);
}

function restore(form, kept) {
  for (const [name, value, checked] of kept) {
    for (const field of fields(form)) {
      if (field.name !== name) {
        continue;
      }
      if (checked === null) {
        field.value = value;
      } else if (field.value === value) {
        field.checked = checked;
      }
    }
  }
}

/* A browser may keep nothing (a private window, a full disk): then the form works as it does without a draft. */
function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft && Date.now() - draft.at < DAY) {
      return draft;
    }
  } catch (error) {
    console.info("no draft can be read", error);
  }
  forget(key);
  return null;
}

function write(key, values) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
  } catch (error) {
    console.info("no draft can be kept", error);
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch (error) {
    console.info("no draft can be removed", error);
  }
}
