from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samokov_portal.history import save_with_history
from samokov_portal.open311.models import ApiKey


class Command(BaseCommand):
    help = "Revoke the key that begins with PREFIX: nothing is filed with it any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("prefix", help="the first eight letters of the key, as the administration pages show them")
        parser.add_argument("--reason", required=True, help="stays in the history")

    def handle(self, *args: Any, **options: Any) -> None:
        row = ApiKey.objects.in_force().filter(prefix=options["prefix"]).first()
        if row is None:
            raise CommandError(f"No key in force begins with {options['prefix']}.")
        row.is_active = False
        save_with_history(row, by=None, why=options["reason"], fields=["is_active"])
        self.stdout.write(f"Revoked: {row}.")
