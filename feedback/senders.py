"""What takes whoever sent a case, or applied for a service, out of free text, for those who may not see them."""

import re
from collections.abc import Callable, Iterable

from feedback.models import Case
from samokov_portal.office.phones import phone_digits
from samokov_portal.staff.masking import masked, unnamed_in
from services.models import Application

CONTACTS = ("email", "phone", "address")
# A shorter name is a word of the language too, a shorter number a part of others.
SHORTEST_NAME, SHORTEST_NUMBER = 3, 6


def without_sender(case: Case) -> Callable[[str], str]:
    """For texts of one case. One query."""
    return unnamed_in(Case, [case.pk], name="name", contacts=CONTACTS)[case.pk]


def without_applicant(application: Application) -> Callable[[str], str]:
    """For texts of one application. One query."""
    found = unnamed_in(Application, [application.pk], name="applicant_name", contacts=("applicant_contact",))
    return found[application.pk]


def subjects_without_senders(rows: Iterable[Case | Application]) -> list[Case | Application]:
    """Cases with what they are about told without the sender; an application as it is, it says no words. One query."""
    rows = list(rows)
    keys = [row.pk for row in rows if isinstance(row, Case)]
    how = unnamed_in(Case, keys, name="name", contacts=CONTACTS)
    return [masked(row, subject=how[row.pk]) if isinstance(row, Case) else row for row in rows]


def names_somebody(text: str, cases: Iterable[Case]) -> bool:
    """Whether `text`, which goes to the senders of all these cases, tells one of them of another: by the last name, a
    contact or the number of a case."""
    return any(_names(text, case) for case in cases)


def _names(text: str, case: Case) -> bool:
    last_name, address = "".join(case.name.split()[-1:]), " ".join(case.address.casefold().split())
    words = [case.number, case.email, last_name if len(last_name) >= SHORTEST_NAME else ""]
    # Without a number it is a town, and no secret.
    words += [address] if re.search(r"\d", address) else []
    either = "|".join(re.escape(word) for word in words if word)
    plain = " ".join(text.split())
    if re.search(rf"(?<!\w)(?:{either})(?!\w)", plain, re.IGNORECASE):
        return True
    digits = phone_digits(case.phone)
    written = (phone_digits(found) for found in re.findall(r"[\d+(][\d\s+()/.\-]*", plain))
    return len(digits) >= SHORTEST_NUMBER and any(digits in found for found in written)
