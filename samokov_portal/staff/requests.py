"""The request of somebody who is logged in, for the signatures of the desk's views."""

from django.http import HttpRequest

from samokov_portal.staff.models import StaffUser


class StaffRequest(HttpRequest):
    """Behind `login_required` the user is a member of staff."""

    user: StaffUser


# The digits of the largest key that the database holds.
LONGEST_KEY = 18


def seen_of(request: HttpRequest) -> int | None:
    """The newest change that stood on the page from which this was sent; None where the page said none.

    What cannot be read is no change of ours: 0, which no row has.
    """
    said = request.POST.get("seen", "")
    if not said:
        return None
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_KEY else 0


def said_in(request: HttpRequest, name: str, most: int) -> str:
    """What was typed in a field that no form reads, at most so many letters of it; without what no database keeps."""
    return request.POST.get(name, "").replace("\0", "")[:most]
