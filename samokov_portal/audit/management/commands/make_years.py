from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from samokov_portal.audit.guards import put_guards_after_migrating
from samokov_portal.audit.years import YEARS_AHEAD, make_years, yearly_tables


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
                # By itself the server counts what lies in each year, but not what lies in all of them.
                cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, yearly_tables()))))
        except DatabaseError as error:
            raise CommandError(f"the database refuses, are you its owner? {error}", returncode=1) from error
        self.stdout.write(f"Made: {', '.join(made) or 'nothing, all years are there'}.")
