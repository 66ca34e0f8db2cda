"""Somebody who was here before, found by a name or a telephone among what the clerk may see.

What is offered is masked: enough to know the person who stands there, not enough to learn anything of another one.
Their data are copied here when the entry is stored; the page itself never holds them.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedback.models import Case
from samokov_portal.office.masks import masked_email, masked_name, masked_phone
from samokov_portal.office.numbers import read_number
from samokov_portal.office.phones import WRITTEN, phone_digits
from samokov_portal.staff.models import StaffUser
from services.models import Application

SHORTEST_NAME, SHORTEST_PHONE = 3, 4
MOST_OFFERED = 6
# Of so many of the newest in each register; who was here often fills several rows.
LOOKED_AT = 60


@dataclass(frozen=True)
class Person:
    """Whom a case or an application, by its number, is of."""

    number: str
    at: datetime
    name: str
    phone: str = ""
    email: str = ""
    address: str = ""

    @property
    def shown_name(self) -> str:
        return masked_name(self.name)

    @property
    def shown_contact(self) -> str:
        """What tells two people of one name apart."""
        return ", ".join(filter(None, (masked_phone(self.phone), masked_email(self.email))))

    @property
    def _who(self) -> tuple[str, str]:
        return " ".join(self.name.casefold().split()), phone_digits(self.phone) or self.email.casefold()


def find_people(typed: str, user: StaffUser) -> list[Person]:
    """The people, each once and those of the newest matters first, whose name or telephone holds what was typed."""
    name, phone = read(typed)
    if not name and not phone:
        return []
    found: list[Person] = []
    if user.has_perms(("feedback.view_case", "feedback.view_sender")):
        cases = Case.objects.seen_by(user).of_somebody_like(name, phone)
        found += map(of_case, cases[:LOOKED_AT])
    if user.has_perms(("services.view_application", "services.view_applicant")):
        applications = Application.objects.seen_by(user).of_somebody_like(name, phone)
        found += map(of_application, applications[:LOOKED_AT])
    found.sort(key=lambda person: person.at, reverse=True)
    once = {person._who: person for person in reversed(found)}
    return sorted(once.values(), key=lambda person: person.at, reverse=True)[:MOST_OFFERED]


def read(typed: str) -> tuple[str, str]:
    """What was typed as a name or as the digits of a telephone; two empty ones when it is too short to seek."""
    words = " ".join(typed.split())
    if re.search(r"\d", words) and re.match(WRITTEN, words):
        digits = phone_digits(words)
        return ("", digits) if len(digits) >= SHORTEST_PHONE else ("", "")
    return (words, "") if len(words) >= SHORTEST_NAME else ("", "")


def person_of(number: str, user: StaffUser) -> Person | None:
    """Whom the case or application with this number is of, if `user` may see it."""
    number = read_number(number)
    case = Case.objects.seen_by(user).filter(number=number).first()
    if case is not None:
        return of_case(case)
    application = Application.objects.seen_by(user).filter(number=number).first()
    return of_application(application) if application is not None else None


def of_case(case: Any) -> Person:
    contact = {name: getattr(case, name) for name in ("phone", "email", "address")}
    return Person(case.number, case.registered_at, case.name, **contact)


def of_application(row: Any) -> Person:
    contact = row.applicant_contact
    return Person(
        row.number,
        row.registered_at,
        row.applicant_name,
        phone="" if "@" in contact else contact,
        email=contact if "@" in contact else "",
    )


def as_offer(person: Person) -> dict[str, str]:
    """A person as the page offers them while somebody types: masked."""
    return {"number": person.number, "name": person.shown_name, "contact": person.shown_contact}
