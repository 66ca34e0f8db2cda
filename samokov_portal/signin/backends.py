"""Who is logged in: as Django's own backend says, without asking the database on each page."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import DEFAULT_DB_ALIAS

from samokov_portal.pagestore import remembered
from samokov_portal.staff.models import StaffUser


class StaffBackend(ModelBackend):
    """Members of staff by their name and password."""

    def get_user(self, user_id: int) -> StaffUser | None:
        """The member of staff with this key; None when there is none, or they may not log in any more.

        An object of its own for each request, which may change it; what it is made of is as new as what they may do.
        """
        row = _row_of(user_id)
        if row is None:
            return None
        user = StaffUser.from_db(DEFAULT_DB_ALIAS, *row)
        return user if self.user_can_authenticate(user) else None


@remembered("staff.StaffUser")
def _row_of(key: int) -> tuple[list[str], list[Any]] | None:
    """The columns of a member of staff with their values."""
    found = StaffUser.objects.filter(pk=key).values().first()
    return (list(found), list(found.values())) if found else None
