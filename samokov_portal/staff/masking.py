"""How a citizen's name and contact are shown to staff whose work does not need them.

What is masked stays told apart from what is not there: letters and refusals depend on whether somebody can be
reached. A masked row is a copy to be shown; changes read the row again by its key.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=models.Model)


def initials(name: str) -> str:
    """Мария Стоянова -> М. С."""
    return " ".join(f"{word[0]}." for word in name.split() if word[0].isalnum()) or _("скрито")


def hidden(text: str) -> str:
    """That there is something, and not what."""
    return _("скрито")


def masked(row: Row, **how: Any) -> Row:
    """A copy of `row` with the named attributes masked by the given functions; what is empty stays empty."""
    shown = copy(row)
    for name, mask in how.items():
        value = getattr(row, name)
        if value:
            setattr(shown, name, mask(value))
    return shown


# Shorter words of a name are words of the language too: „На“, „Ив“.
SHORTEST_WORD = 3


def unnamed(names: Iterable[str], contacts: Iterable[str]) -> Callable[[str], str]:
    """What takes a person's own names and contacts out of free text, in which anybody may have written them.

    Each word of a name becomes its initial, a contact „скрито“. What the portal does not know of them stays.
    """
    said: dict[str, str] = {contact.casefold(): hidden(contact) for contact in contacts if contact.strip()}
    words = (word for name in names for word in re.findall(r"\w+", name) if len(word) >= SHORTEST_WORD)
    said |= {word.casefold(): f"{word[0]}." for word in words}
    if not said:
        return lambda text: text
    # The longest first, so that an address is found before a word in it.
    either = "|".join(re.escape(one) for one in sorted(said, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda found: said.get(found[0].casefold(), hidden(found[0])), text)


def unnamed_in(
    model: type[models.Model], keys: Iterable[Any], *, name: str, contacts: tuple[str, ...]
) -> dict[Any, Callable[[str], str]]:
    """By the key of a row of `model`: what takes whoever it is of out of free text, as they are and ever were called.

    One query, of the history.
    """
    past = model.history.filter(id__in=list(keys)).order_by()  # type: ignore[attr-defined]
    known: dict[Any, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for key, called, *reached in past.values_list("id", name, *contacts).distinct():
        known[key][0].add(called)
        known[key][1].update(filter(None, reached))
    return {key: unnamed(*people) for key, people in known.items()}
