/* The one page for whatever comes, by keys alone: offers while somebody types, hides what a kind does not ask for,
 * takes the focus where the next key goes. Without it all fields are there and the server does the rest.
 */
const form = document.querySelector("form[data-entry]");
const WAIT = 120;
const WAIT_FOR_PEOPLE = 300;

if (form) {
  const fields = form.elements;
  chooseWhat(fields.what);
  choosePerson();
  showWhatIsAsked();
  watchTheClock();
  pressKeys();
}

/* A list under a field, in the pattern of a combobox. `ask` brings rows, `take` gets the one that is chosen. */
function offers(field, list, { ask, take, wait, first }) {
  let waiting;
  let asked = 0;
  let rows = [];
  let isAsking = false;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  close();

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    asked += 1;
    isAsking = true;
    waiting = setTimeout(offer, wait);
  });
  field.addEventListener("keydown", (event) => {
    const chosen = list.querySelector("[aria-selected=true]");
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      move(chosen, event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    } else if (event.key === "Enter" && !event.ctrlKey && chosen) {
      choose(rows[[...list.children].indexOf(chosen)]);
      event.preventDefault();
    } else if (event.key === "Tab" && chosen && first) {
      choose(rows[[...list.children].indexOf(chosen)]);
      event.preventDefault();
    }
  });
  field.addEventListener("blur", () => setTimeout(() => first && isAsking ? undefined : close(), WAIT));

  async function offer() {
    const mine = ++asked;
    try {
      const found = await ask(field.value);
      if (mine !== asked) {
        return;
      }
      isAsking = false;
      rows = found;
      if (document.activeElement === field) {
        show();
      } else if (first && rows.length) {
        // The next field has the focus already: what was typed quickly means what would have stood first.
        choose(rows[0], false);
      }
    } catch (error) {
      isAsking = false;
      console.info("nothing can be offered now", error);
    }
  }

  function show() {
    list.replaceChildren(
      ...rows.map((row, place) => {
        const item = document.createElement("li");
        const about = document.createElement("span");
        item.id = `${list.id}_${place}`;
        item.lang = "bg";
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(first && place === 0));
        item.append(row.title);
        about.textContent = row.about;
        item.append(about);
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(row);
        });
        return item;
      }),
    );
    list.hidden = rows.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (first && rows.length) {
      field.setAttribute("aria-activedescendant", list.firstElementChild.id);
    }
  }

  function choose(row, moves = true) {
    close();
    take(row, moves);
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function move(chosen, step) {
    const items = [...list.children];
    const place = chosen ? items.indexOf(chosen) + step : step > 0 ? 0 : items.length - 1;
    const next = items[(place + items.length) % items.length];
    chosen?.setAttribute("aria-selected", "false");
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", next.id);
  }
}

function chooseWhat(field) {
  const list = document.createElement("ul");
  list.id = "what-offered";
  list.className = "offered";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent.trim());
  field.after(list);
  field.removeAttribute("list");
  field.addEventListener("input", () => {
    form.dataset.code = "";
    showWhatIsAsked();
  });
  offers(field, list, {
    wait: WAIT,
    first: true,
    async ask(typed) {
      const answer = await fetch(`${form.dataset.offers}?q=${encodeURIComponent(typed)}`);
      const found = answer.ok ? (await answer.json()).results : [];
      return found.map((offer) => ({ ...offer, title: offer.value }));
    },
    take(offer, moves) {
      field.value = offer.value;
      form.dataset.code = offer.code;
      // Services are asked for on a form, the rest is mostly told; a complaint is always written.
      form.elements.is_oral.checked = !["service", "complaint"].includes(offer.code);
      showWhatIsAsked();
      if (moves) {
        form.elements.name.focus();
      }
    },
  });
}

function choosePerson() {
  const { name, phone, person, forget_person: forget } = form.elements;
  const list = document.getElementById("people-offered");
  const notice = form.querySelector("[data-person-chosen]");
  form.querySelector("[data-without-script]").hidden = true;
  forget.addEventListener("change", () => {
    person.value = "";
    forget.checked = false;
    notice.hidden = true;
    name.focus();
  });
  for (const field of [name, phone]) {
    offers(field, list, {
      wait: WAIT_FOR_PEOPLE,
      first: false,
      async ask(typed) {
        const body = new URLSearchParams({ q: typed, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
        const answer = await fetch(form.dataset.people, { method: "POST", body });
        const found = answer.ok ? (await answer.json()).results : [];
        return found.map((one) => ({ ...one, title: one.name, about: [one.contact, one.number].filter(Boolean).join(" · ") }));
      },
      take(one, moves) {
        person.value = one.number;
        name.value = "";
        phone.value = "";
        notice.querySelector("[data-person-said]").textContent = `${one.number}: ${one.name} ${one.contact}`;
        notice.hidden = false;
        if (moves) {
          next().focus();
        }
      },
    });
  }
}

/* What follows the person: the words of a case; of an application all is there, and Enter stores it. */
function next() {
  return form.dataset.code === "service" ? form.elements.phone : form.elements.text;
}

function showWhatIsAsked() {
  const code = form.dataset.code;
  const asked = code === "service" ? ["service"] : [code, "case"];
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = code !== "" && !part.dataset.for.split(" ").some((name) => asked.includes(name));
  }
  const channel = form.elements.channel.value;
  for (const part of form.querySelectorAll("[data-channel]")) {
    part.hidden = channel !== part.dataset.channel;
  }
  const late = form.querySelector("[data-late]");
  late.hidden = form.elements.received_at.value.trim() === "" && !late.querySelector(".error");
}

/* The page may have waited for the person: called is when the first key is pressed. */
function watchTheClock() {
  const called = form.elements.called_at;
  if (form.dataset.fresh !== undefined) {
    form.addEventListener("input", (event) => event.target === called || (called.value = hourNow()), { once: true });
  }
  form.addEventListener("input", showWhatIsAsked);
}

function hourNow() {
  const hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Sofia" };
  return new Intl.DateTimeFormat("en-GB", hour).format(new Date());
}

function pressKeys() {
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) {
      event.preventDefault();
    }
    isSent = true;
  });
  addEventListener("pageshow", () => { isSent = false; });
  document.addEventListener("keydown", (event) => {
    const digit = event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(-1) : "";
    if (event.key === "Enter" && event.ctrlKey) {
      form.requestSubmit();
      event.preventDefault();
    } else if (digit) {
      const field = form.querySelector(`[accesskey="${digit}"]`);
      const radio = field?.type === "radio" ? form.querySelector(`[name="${field.name}"]:checked`) : null;
      (radio ?? field)?.focus();
      if (digit === "0") {
        form.requestSubmit();
      }
      event.preventDefault();
    }
  });
}
