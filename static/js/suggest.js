/* Offers pages while somebody types, in the pattern of a combobox with a list. Without it, Enter searches. */
const form = document.querySelector("form[data-suggest]");
const WAIT = 120;

if (form) {
  offerWhileTyping(form);
}

function offerWhileTyping(form) {
  const field = form.elements.q;
  const list = document.createElement("ul");
  let waiting;
  let asked = 0;
  list.id = `${field.id}_offered`;
  list.className = "offered";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent.trim());
  field.after(list);
  field.autocomplete = "off";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  close();

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, WAIT);
  });
  field.addEventListener("blur", () => setTimeout(close, WAIT));
  field.addEventListener("keydown", (event) => {
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(chosen, event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    } else if (event.key === "Enter" && chosen) {
      location.assign(chosen.dataset.path);
      event.preventDefault();
    }
  });

  async function offer() {
    const mine = ++asked;
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(field.value)}`);
      const found = answer.ok ? (await answer.json()).results : [];
      if (mine === asked && document.activeElement === field) {
        show(found);
      }
    } catch (error) {
      console.info("nothing can be offered now", error);
    }
  }

  function show(found) {
    list.replaceChildren(
      ...found.map((page, place) => {
        const item = document.createElement("li");
        const about = document.createElement("span");
        item.id = `${list.id}_${place}`;
        item.dataset.path = page.path;
        item.lang = page.lang;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.append(page.title);
        about.lang = "bg";
        about.textContent = page.about;
        item.append(about);
        item.addEventListener("mousedown", () => location.assign(page.path));
        return item;
      }),
    );
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function move(chosen, step) {
    const items = [...list.children];
    if (list.hidden || items.length === 0) {
      return;
    }
    const place = chosen ? items.indexOf(chosen) + step : step > 0 ? 0 : items.length - 1;
    const next = items[(place + items.length) % items.length];
    chosen?.setAttribute("aria-selected", "false");
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", next.id);
  }
}
