"""`manage.py check --database default --deploy`: is what DATABASE_REPLICA_URL names a copy of this database?"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from samokov_portal.replica import REPLICA

IDENTITY = "SELECT system_identifier FROM pg_control_system()"
IN_RECOVERY = "SELECT pg_is_in_recovery()"


def check_replica(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Warnings where it does not answer, takes writes or is of another database."""
    if REPLICA not in settings.DATABASES or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        return list(_of_replica())
    except DatabaseError as error:
        message = f"The replica of DATABASE_REPLICA_URL does not answer: {error}".strip()
        return [Warning(message, hint="Pages are read from the primary meanwhile.", id="replica.W001")]


def _of_replica() -> Iterator[CheckMessage]:
    if not _asked(REPLICA, IN_RECOVERY):
        hint = "Name a streaming replica of DATABASE_URL, or none."
        yield Warning("DATABASE_REPLICA_URL names no replica: it takes writes.", hint=hint, id="replica.W002")
    if _asked(REPLICA, IDENTITY) != _asked(DEFAULT_DB_ALIAS, IDENTITY):
        hint = "Name a streaming replica of DATABASE_URL, or none."
        yield Warning("DATABASE_REPLICA_URL names the copy of another database.", hint=hint, id="replica.W003")


def _asked(alias: str, statement: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
