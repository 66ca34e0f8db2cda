"""What of an applicant is shown to whom: in full with `services.view_applicant`, else initials."""

from collections.abc import Callable, Iterable
from typing import Any

from samokov_portal.staff.masking import hidden, initials, masked, unnamed_in
from samokov_portal.staff.models import StaffUser
from services.models import Application

APPLICANT = "services.view_applicant"
WORDS = ("text", "late_reason", "outcome_note")


def shown_application(row: Application, user: StaffUser) -> Application:
    """The application as `user` may see it."""
    return shown_applications([row], user)[0]


def shown_applications(rows: Iterable[Application], user: StaffUser) -> list[Application]:
    """Applications as `user` may see them; to who may not see the applicants, with a query for all of them."""
    rows = list(rows)
    if user.has_perm(APPLICANT):
        return rows
    keys = [row.pk for row in rows]
    how = unnamed_in(Application, keys, name="applicant_name", contacts=("applicant_contact",))
    return [without_applicant(row, how[row.pk]) for row in rows]


def without_applicant(row: Application, how: Callable[[str], str]) -> Application:
    """The application with initials; `how` takes the applicant out of its texts, and of what else belongs to it."""
    shown = masked(row, applicant_name=initials, applicant_contact=hidden, **dict.fromkeys(WORDS, how))
    shown.unnamed = how  # type: ignore[attr-defined]
    return shown


def shown_rows(rows: Iterable[Any], application: Application, *names: str, **how: Any) -> list[Any]:
    """What belongs to the shown `application`, the applicant taken out of the texts called `names`; more by `how`."""
    unnamed = getattr(application, "unnamed", None)
    return [masked(row, **dict.fromkeys(names, unnamed), **how) for row in rows] if unnamed else list(rows)
