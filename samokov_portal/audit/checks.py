"""`manage.py check --database default --deploy`: are the guards of the store where they belong?"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name
from django.db import connections

from samokov_portal.audit.guards import audited_tables, missing
from samokov_portal.audit.privileges import differences
from samokov_portal.audit.years import years_ahead


def check_guards(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Warnings for guards that are gone and for rights that the application's role lacks or should not have.

    Not errors: `migrate`, which puts both right, asks these checks first and would refuse to begin.
    """
    return [message for alias in databases or () for message in _of_guards(alias)]


def check_years(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """A warning for each table that grows by the year and has no place for the next one."""
    return [message for alias in databases or () for message in _of_years(alias)]


def check_owner(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """A warning where the role in use owns the audited tables and so could switch their guards off."""
    return [message for alias in databases or () for message in _of_owner(alias)]


def _of_guards(alias: str) -> Iterator[CheckMessage]:
    with connections[alias].cursor() as cursor:
        for guard in missing(cursor):
            message = f"The guard {guard.name} of the table {guard.table} is gone or switched off."
            yield Warning(message, hint="manage.py migrate, as the owner, puts it back.", id="audit.W002")
        for one in differences(cursor, settings.DATABASE_APPLICATION_ROLE):
            message = f"{settings.DATABASE_APPLICATION_ROLE} may {', '.join(one.beyond) or 'too little'} on {one.name}."
            yield Warning(message, hint="manage.py migrate, as the owner, mends it.", id="audit.W003")


def _of_years(alias: str) -> Iterator[CheckMessage]:
    with connections[alias].cursor() as cursor:
        for table, ahead in years_ahead(cursor).items():
            if not ahead:
                hint = "manage.py make_years, as the owner, makes it; from New Year on rows would be refused."
                yield Warning(f"The table {table} has no partition for the next year.", hint=hint, id="audit.W004")


def _of_owner(alias: str) -> Iterator[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relname = ANY(%s) AND pg_has_role(relowner, 'USAGE')"
            " AND relnamespace = current_schema()::regnamespace)",
            [[audited.table for audited in audited_tables()]],
        )
        (owns,) = cursor.fetchone()
    if owns:
        yield Warning(
            "The role of DATABASE_URL owns the audited tables, so the portal could switch their guards off.",
            hint="manage.py make_roles makes a role for the portal; see README, „Two roles“.",
            id="audit.W001",
        )
