from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from samokov_portal.audit.guards import put_guards_after_migrating
from samokov_portal.audit.years import YEARS_AHEAD, make_years


class Command(BaseCommand):
    help = (
        "Make the partitions of the coming years, as the owner of the database: of the tables that grow for ever, each"
        " year has its own. `migrate` does the same; whoever migrates seldom runs this each year."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ahead", type=int, default=YEARS_AHEAD, help="so many years after this one")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                made = make_years(cursor, ahead=options["ahead"])
                put_guards_after_migrating(using=connection.alias)
        except DatabaseError as error:
            raise CommandError(f"the database refuses, are you its owner? {error}", returncode=1) from error
        self.stdout.write(f"Made: {', '.join(made) or 'nothing, all years are there'}.")
