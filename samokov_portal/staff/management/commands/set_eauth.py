import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from samokov_portal.staff.identities import IdentityTaken, remove_identity, set_identity
from samokov_portal.staff.models import StaffUser


class Command(BaseCommand):
    help = (
        "Say by which identifier a member of staff signs in at the provider of eAuth. It is read from the standard"
        " input, so that it stays in no list of commands, and kept as a digest only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--remove", action="store_true", help="take it away; they sign in by the password alone")

    def handle(self, *args: Any, username: str, remove: bool, **options: Any) -> None:
        user = StaffUser.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"there is no member of staff called {username}")
        if remove:
            self.stdout.write(f"{username}: {'removed' if remove_identity(user=user) else 'there was none'}.")
            return
        if not settings.EAUTH_ISSUER:
            raise CommandError("EAUTH_ISSUER is not set: nobody signs in by a provider")
        said = getpass("Identifier: ") if sys.stdin.isatty() else sys.stdin.readline()
        if not said.strip():
            raise CommandError("the identifier is empty")
        try:
            set_identity(user=user, identifier=said.strip())
        except IdentityTaken:
            raise CommandError("this identifier is another person's") from None
        self.stdout.write(f"{username}: may sign in by it from now on.")
