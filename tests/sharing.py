"""Rows that all the tests of a module begin with, made once: each test takes back what it did and leaves them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def shared_rows(django_db_blocker: Any) -> Iterator[None]:
    """Within it a module's fixture makes its rows, and yields; then they are gone.

    Not for modules with a test that has transactions of its own.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def check_now() -> None:
    """Check what waits for the end of the transaction, or it would be checked again at the end of each test."""
    connection.check_constraints()
