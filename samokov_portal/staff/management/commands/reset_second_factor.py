import logging
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from samokov_portal.staff.factors import reset_factors
from samokov_portal.staff.models import StaffUser

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "For a member of staff who lost the telephone, the key and the recovery codes: remove their second factors and"
        " end their sessions. At the next login they set up new ones. Make sure first that it is they who ask."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = StaffUser.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"there is no member of staff called {username}")
        removed, ended = reset_factors(user=user), end_sessions(user)
        logger.warning("the second factors of %s were removed by a command", username)
        self.stdout.write(f"{username}: {removed} factors removed, {ended} sessions ended.")


def end_sessions(user: StaffUser) -> int:
    """End every session of `user`, wherever it is; how many there were."""
    keys = [row.pk for row in Session.objects.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
