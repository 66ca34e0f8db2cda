"""`manage.py check --database default`: is each change noted of which pages and processes have to know?"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name

from samokov_portal.pagestore.stamps import unwatched


def check_watching(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """A warning for each table whose changes nobody notes, as after a `migrate` that failed.

    Not an error: `migrate`, which puts it right, asks these checks first and would refuse to begin.
    """
    return [
        Warning(
            f"Changes of the table {table} are not noted: pages and processes do not learn of them.",
            hint="manage.py migrate, as the owner, puts that right.",
            id="pagestore.W001",
        )
        for alias in databases or ()
        for table in unwatched(alias)
    ]
