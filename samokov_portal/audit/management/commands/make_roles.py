import os
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg.conninfo import conninfo_to_dict

from samokov_portal.database_roles import Role, RoleError, make_roles


class Command(BaseCommand):
    help = (
        "Make the database with its two roles: the owner of DATABASE_OWNER_URL, who migrates, and the application of"
        " DATABASE_URL, which owns nothing. Their names, passwords and the database are read from the two addresses."
    )
    # Before there is a database nothing else can be checked.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("administrator", help="the address of a superuser, postgresql://postgres@host/postgres")

    def handle(self, *args: Any, administrator: str, **options: Any) -> None:
        owner, application = _address("DATABASE_OWNER_URL"), _address("DATABASE_URL")
        if owner["dbname"] != application["dbname"]:
            raise CommandError("DATABASE_OWNER_URL and DATABASE_URL name two databases")
        try:
            make_roles(
                administrator,
                database=owner["dbname"],
                owner=Role(owner["user"], owner.get("password", "")),
                application=Role(application["user"], application.get("password", "")),
            )
        except RoleError as error:
            raise CommandError(str(error)) from error
        except psycopg.Error as error:
            raise CommandError(f"the database server says: {error}") from error
        self.stdout.write(f"{owner['user']} owns {owner['dbname']}, {application['user']} uses it. Now migrate.")


def _address(variable: str) -> dict[str, str]:
    """The parts of the address; raises CommandError where it is not whole."""
    try:
        parts = conninfo_to_dict(os.environ.get(variable, ""))
    except psycopg.ProgrammingError as error:
        # Without the words of libpq, which repeat the address with its password.
        raise CommandError(f"{variable} is not the address of a database") from error
    if not (parts.get("user") and parts.get("dbname")):
        raise CommandError(f"{variable} must name a role and a database")
    return {name: str(value) for name, value in parts.items()}
