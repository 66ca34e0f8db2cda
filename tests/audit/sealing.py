"""Rows of history sealed with a key of the tests, and changed past the guards of the database."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.models import Seal
from samokov_portal.audit.personal import PERSONAL
from samokov_portal.audit.seals import seal_history
from samokov_portal.audit.years import partitions
from samokov_portal.keys import by_id
from tests.factories import at

KEY = Ed25519PrivateKey.generate()
KEYS = by_id([KEY.public_key()])
NOW = at("2026-11-24")
TABLE = "feedback_historicalcase"
ROW = f"FROM {TABLE} WHERE history_id ="
# What is personal in a row, and how an erasure leaves it.
COLUMNS = (*PERSONAL["feedback.Case"], "history_change_reason")
DIGEST = "sha256(history_salt || convert_to(ROW({})::text, 'UTF8'))".format(", ".join(COLUMNS))
MARKED = f"history_erased = {DIGEST}, history_salt = NULL"
EMPTY = ", ".join(f"{name} = ''" for name in COLUMNS)


def raw(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def commit() -> None:
    """Check what a commit would check, and let the next statement be of another transaction."""
    connection.check_constraints()


def by_force(*statements: str, table: str = TABLE) -> None:
    """As the owner of the database would, with the guards of `table` and of its years off."""
    commit()
    with connection.cursor() as cursor:
        tables = [table, *(part for _table, part in partitions(cursor, [table]))]
    for one in tables:
        raw(f"ALTER TABLE {one} DISABLE TRIGGER USER")
    for statement in statements:
        raw(statement)
    commit()
    for one in tables:
        raw(f"ALTER TABLE {one} ENABLE TRIGGER USER")


def seal() -> Seal:
    commit()
    found = seal_history(KEY, NOW)
    assert found is not None
    return found


def wrong(**asked: Any) -> list[Finding]:
    return [found for found in check_history(KEYS, **asked) if isinstance(found, Finding)]
