"""Who is logged in: as Django's own backend says, by a question whose SQL is put together once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from samokov_portal.questions import question
from samokov_portal.staff.models import StaffUser


class StaffBackend(ModelBackend):
    """Members of staff by their name and password; each of their pages asks who they are."""

    def get_user(self, user_id: int) -> StaffUser | None:
        """The member of staff with this key; None when there is none, or they may not log in any more."""
        found = _by_key(user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@question
def _by_key(key: int) -> Any:
    return StaffUser.objects.filter(pk=key)
