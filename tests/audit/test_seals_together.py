"""A seal and those who write at the same time: nothing falls between two seals, and nothing looks forged."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import OperationalError, connection
from psycopg.conninfo import make_conninfo

from feedback.choices import EventKind
from feedback.models import Case, CaseEvent
from samokov_portal.audit import writing
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.models import Seal
from samokov_portal.audit.seals import seal_history
from samokov_portal.keys import by_id
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db(transaction=True)

KEY = Ed25519PrivateKey.generate()
NOW = at("2026-11-24")
EVENTS = "feedback_caseevent"
Session = psycopg.Connection[Any]


@contextmanager
def session() -> Iterator[Session]:
    """Another session on the database of the test."""
    with psycopg.connect(make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])) as other:
        yield other


def write_event(other: Session, case: Case) -> int:
    """Write an event without committing; returns its key."""
    row = other.execute(
        "INSERT INTO feedback_caseevent (case_id, kind, at, note, term_code, term_version, ground, history_seal)"
        " VALUES (%s, %s, %s, '', '', '', '', 0) RETURNING id",
        [case.pk, EventKind.REGISTERED, case.registered_at],
    ).fetchone()
    assert row is not None
    return int(row[0])


def sealed() -> Seal | None:
    """Seal in a thread's own connection."""
    try:
        return seal_history(KEY, NOW)
    finally:
        connection.close()


def until_it_waits(seal: Future[Seal | None]) -> None:
    """Until the seal waits for the lock of those who write."""
    with session() as watch:
        for _time in range(200):
            waiting = watch.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
                " AND mode = 'ExclusiveLock'",
                [writing.HISTORY_LOCK],
            ).fetchone()
            watch.rollback()
            if waiting == (1,):
                return
            assert not seal.done(), "the seal did not wait"
            time.sleep(0.02)
    raise AssertionError("the seal did not come as far as the lock")


def counts(seal: Seal | None) -> dict[str, int]:
    assert seal is not None
    return {table["table"]: table["count"] for table in seal.tables if table["count"]}


def wrong() -> list[Finding]:
    return [found for found in check_history(by_id([KEY.public_key()])) if isinstance(found, Finding)]


@pytest.fixture
def case() -> Case:
    """A case that is sealed with all that was loaded."""
    case = CaseFactory()
    assert seal_history(KEY, NOW) is not None
    return case


def test_a_seal_waits_for_who_is_writing_and_covers_it(case: Case) -> None:
    with session() as writer, ThreadPoolExecutor(1) as pool:
        key = write_event(writer, case)
        seal = pool.submit(sealed)
        until_it_waits(seal)

        writer.commit()

        assert counts(seal.result(10)) == {EVENTS: 1}
    assert CaseEvent.objects.get().pk == key
    assert wrong() == []


def test_who_begins_to_write_while_a_seal_waits_is_covered_by_the_next(case: Case) -> None:
    with session() as first, session() as second, ThreadPoolExecutor(2) as pool:
        write_event(first, case)
        seal = pool.submit(sealed)
        until_it_waits(seal)
        # It queues behind the seal, so it bears the next count, though it came before the first one committed.
        late = pool.submit(write_event, second, case)

        first.commit()

        assert counts(seal.result(10)) == {EVENTS: 1}
        late.result(10)
        second.commit()
    assert wrong() == []
    assert counts(seal_history(KEY, NOW)) == {EVENTS: 1}
    assert wrong() == []


def test_what_was_taken_back_while_a_seal_waited_is_in_no_seal(case: Case) -> None:
    with session() as writer, ThreadPoolExecutor(1) as pool:
        write_event(writer, case)
        seal = pool.submit(sealed)
        until_it_waits(seal)

        writer.rollback()

        assert seal.result(10) is None
    assert wrong() == []


def test_two_seals_at_once_cover_each_row_once(case: Case) -> None:
    CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at)

    with ThreadPoolExecutor(2) as pool:
        made = [seal.result(20) for seal in [pool.submit(sealed), pool.submit(sealed)]]

    assert [counts(seal) for seal in made if seal is not None] == [{EVENTS: 1}]
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert wrong() == []


def test_a_writer_who_never_ends_stops_no_seal_for_ever(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", "200ms")
    with session() as writer:
        write_event(writer, case)

        with pytest.raises(OperationalError, match="lock timeout"):
            seal_history(KEY, NOW)

        writer.commit()
    assert counts(seal_history(KEY, NOW)) == {EVENTS: 1}
