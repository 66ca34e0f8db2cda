"""The database notes each change of a watched table once in a transaction, and holds nobody up for longer."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from samokov_portal.pagestore.checks import check_watching
from samokov_portal.pagestore.stamps import TRIGGER, numbers_now, stop_watching, watch_after_migrating, watched_tables
from samokov_portal.search.models import Entry, Stem


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = %s", [TRIGGER]
        )
        return {table for (table,) in cursor.fetchall()}


@pytest.mark.django_db
def test_each_watched_table_has_its_trigger_and_no_other_one() -> None:
    assert triggers() == watched_tables()


@pytest.mark.django_db
def test_what_is_missing_is_put_back_and_what_is_not_watched_any_more_goes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {TRIGGER} ON services_unit")
        cursor.execute(
            f"CREATE CONSTRAINT TRIGGER {TRIGGER} AFTER INSERT ON feedback_rating"
            " FOR EACH ROW EXECUTE FUNCTION pagestore_note_change()"
        )

    watch_after_migrating(using="default")

    assert triggers() == watched_tables()


@pytest.mark.django_db
def test_while_changes_are_not_noted_there_are_no_stamps_and_afterwards_all_are_new() -> None:
    before: Any = numbers_now()

    stop_watching(using="default")
    meanwhile, told = numbers_now(), [message.msg for message in check_watching(databases=["default"])]
    watch_after_migrating(using="default")

    after: Any = numbers_now()
    assert meanwhile is None
    assert [table for table in watched_tables() if any(f" {table} " in message for message in told)] == list(
        watched_tables()
    )
    assert check_watching(databases=["default"]) == []
    assert {table: after[table] > before.get(table, 0) for table in watched_tables()} == dict.fromkeys(
        watched_tables(), True
    )
    assert set(after) - set(before) <= watched_tables()


@pytest.fixture
def two(transactional_db: None) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """Two sessions beside that of the test."""
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        for session in (one, other):
            session.execute("SET lock_timeout = '5s'")
        yield one, other


def removed(session: psycopg.Connection, table: str, which: str) -> None:
    """Remove the first or the last row of a table that has no history."""
    session.execute(f"DELETE FROM {table} WHERE ctid = (SELECT {which}(ctid) FROM {table})")  # type: ignore[arg-type]


def test_a_transaction_is_noted_once_and_waits_for_nobody_before_its_end(
    two: tuple[psycopg.Connection, psycopg.Connection],
) -> None:
    entries, stems = Entry._meta.db_table, Stem._meta.db_table
    before: Any = numbers_now()
    one, other = two

    # Crosswise: were the stamps locked at the change, each would wait for the other.
    for session, tables, which in ((one, (entries, stems), "min"), (other, (stems, entries), "max")):
        for table in tables:
            removed(session, table, which)
    removed(one, stems, "min")
    one.commit()
    other.commit()

    after: Any = numbers_now()
    assert [after[table] - before.get(table, 0) for table in (entries, stems)] == [2, 2]
