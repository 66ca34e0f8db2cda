from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from samokov_portal.open311.keys import make_key
from samokov_portal.open311.models import ApiKey


class Command(BaseCommand):
    help = "Make a key with which a program files cases through Open311, and print it: nobody can read it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the organisation and its program")
        parser.add_argument("--reason", default="поискан от приложението", help="stays in the history")

    def handle(self, *args: Any, **options: Any) -> None:
        name = " ".join(options["name"].split())
        if not 0 < len(name) <= 100:
            raise CommandError("The name must have between 1 and 100 letters.")
        if ApiKey.objects.filter(name=name).exists():
            raise CommandError(f"There is a key for {name} already: revoke it, or give the new one another name.")
        self.stdout.write(make_key(name, by=None, why=options["reason"], now=timezone.now()))
