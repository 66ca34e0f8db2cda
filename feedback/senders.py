"""What takes whoever sent a case, or applied for a service, out of free text, for those who may not see them."""

from collections.abc import Callable, Iterable

from feedback.models import Case
from samokov_portal.staff.masking import masked, unnamed_in
from services.models import Application

CONTACTS = ("email", "phone", "address")


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
