"""What is no part of a matter and may still name the person: what staff saved or ordered, what was sought in vain,
what was typed as a user name.

Sessions and jobs that are done end by themselves within days, and of the searches of staff only digests are kept.
"""

from collections.abc import Iterable

from axes.models import AccessAttempt
from django.http import QueryDict

from feedback.actions.ordered import forget
from feedback.choices import PrintKind
from feedback.models import Export, PrintOrder, SavedFilter
from samokov_portal.office.phones import phone_digits
from samokov_portal.search.models import VainSearch

# A shorter part of a name says nothing of whose it is.
SHORTEST = 4


def telling(name: str, *contacts: str) -> frozenset[str]:
    """The words by which a person would be sought, small letters: the last name, e-mail, address and telephone."""
    found = [*name.split()[-1:], *contacts, *map(phone_digits, contacts)]
    return frozenset(word.casefold().strip() for word in found if len(word.strip()) >= SHORTEST)


def forget_mentions(words: Iterable[str]) -> int:
    """Remove whatever of that holds one of `words`; returns how many rows there were."""
    words = frozenset(words)
    saved = [row for row in SavedFilter.objects.all() if _holds(_asked(row.query) + row.name, words)]
    # What printed letters say is in no row, and their files live a day: all of them go.
    letters = PrintOrder.objects.filter(what=PrintKind.LETTERS)
    ordered = [*letters, *(row for row in Export.objects.all() if _holds(_asked(row.query), words))]
    vain = [row for row in VainSearch.objects.all() if _holds(row.text, words)]
    tried = [row for row in AccessAttempt.objects.all() if _holds(row.username or "", words)]
    for row in (*saved, *vain, *tried):
        row.delete()
    for order in ordered:
        forget(order)
    return len(saved) + len(ordered) + len(vain) + len(tried)


def _asked(query: str) -> str:
    """The values of a question as they were typed."""
    return " ".join(value for _name, values in QueryDict(query).lists() for value in values)


def _holds(said: str, words: frozenset[str]) -> bool:
    said = said.casefold()
    digits = "".join(filter(str.isdigit, said))
    return any(word in said or (word.isdigit() and word in digits) for word in words)
