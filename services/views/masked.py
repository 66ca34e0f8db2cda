"""What of an applicant is shown to whom: in full with `services.view_applicant`, else initials."""

from collections.abc import Iterable
from typing import Any

from samokov_portal.staff.masking import hidden, initials, masked
from samokov_portal.staff.models import StaffUser
from services.models import Application

APPLICANT = "services.view_applicant"


def shown_application(row: Application, user: StaffUser) -> Application:
    """The application as `user` may see it."""
    if user.has_perm(APPLICANT):
        return row
    return masked(row, applicant_name=initials, applicant_contact=hidden)


def shown_letters(letters: Iterable[Any], user: StaffUser) -> list[Any]:
    """Letters to an applicant as `user` may see them."""
    if user.has_perm(APPLICANT):
        return list(letters)
    return [masked(letter, recipient=initials, address=hidden) for letter in letters]
