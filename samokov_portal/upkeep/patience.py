"""How long `migrate` may take: to build an index of a million cases takes longer than a page has."""

from typing import Any

from django.db import connections


def take_time(*, using: str, **_signal: Any) -> None:
    """Let no statement of `migrate` end by the clock of pages (`DATABASE_PATIENCE_SECONDS`).

    It still waits for a lock no longer than they do: who reads and writes would wait behind it.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SET statement_timeout TO 0")
