"""Who gave a command that shows or erases somebody's data."""

from django.core.management.base import CommandError

from samokov_portal.staff.models import StaffUser


def member_of_staff(username: str) -> StaffUser:
    """The member of staff with this user name. Raises CommandError where there is none who works here."""
    try:
        return StaffUser.objects.get(username=username, is_active=True)
    except StaffUser.DoesNotExist:
        raise CommandError(f"{username} is no member of staff who may log in", returncode=1) from None
