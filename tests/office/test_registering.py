"""What gets a number of a register: nobody waits behind its writing to the disk, and nobody is told before it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from feedback.actions.refusals import AlreadyFiled
from feedback.actions.register import register_case
from feedback.choices import Kind
from feedback.models import Case
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import RegisterCounter, next_number
from samokov_portal.office.registering import registering, wait_for_disk

DAY = date(2026, 11, 23)  # Monday


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def commit_waits() -> str:
    return str(asked("SELECT current_setting('synchronous_commit')"))


def written() -> str:
    """How far the log goes now, on disk or not; by itself it gets there in a fifth of a second."""
    return str(asked("SELECT pg_current_wal_insert_lsn()"))


def is_on_disk(written: str) -> bool:
    return bool(asked(f"SELECT pg_current_wal_flush_lsn() >= '{written}'::pg_lsn"))


@pytest.fixture
def as_in_production(transactional_db: None) -> Iterator[None]:
    """Transactions wait for the disk, as they do not elsewhere in tests."""
    asked("SELECT set_config('synchronous_commit', 'on', false)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def left_unwritten() -> str:
    """What somebody registers who has not waited for the disk yet; how far the log goes with it."""
    with transaction.atomic():
        asked("SELECT set_config('synchronous_commit', 'off', true)")
        next_number("Ф", DAY)
    return written()


@pytest.mark.usefixtures("as_in_production")
def test_the_counter_is_given_back_before_the_disk_has_the_number() -> None:
    with registering():
        next_number("Т", DAY)
        waits = commit_waits()

    assert (waits, commit_waits()) == ("off", "on")


@pytest.mark.usefixtures("as_in_production")
def test_what_was_registered_is_on_disk_before_anybody_is_told() -> None:
    with registering():
        next_number("Т", DAY)
        number_is_written = written()

    assert is_on_disk(number_is_written)


@pytest.mark.usefixtures("as_in_production")
def test_what_another_has_just_registered_can_be_waited_for() -> None:
    theirs = left_unwritten()

    wait_for_disk()

    assert is_on_disk(theirs)


def filed(nonce: str, browser: str = "a browser") -> Case:
    moment = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    values = {"kind": Kind.SIGNAL, "channel": Channel.WEB, "subject": "Лампа", "text": "Не свети."}
    values |= {"name": "Мария Стоянова", "email": "maria@example.bg"}
    return register_case(nonce=nonce, values=values, received_at=moment, registered_at=moment, browser=browser).case


@pytest.mark.usefixtures("as_in_production")
def test_the_same_form_again_is_told_of_a_case_that_is_on_disk() -> None:
    case = filed("1" * 32)
    theirs = left_unwritten()

    again = filed("1" * 32)

    assert again == case
    assert is_on_disk(theirs)


@pytest.mark.usefixtures("as_in_production")
def test_the_same_contents_again_are_told_of_a_case_that_is_on_disk() -> None:
    filed("1" * 32)
    theirs = left_unwritten()

    with pytest.raises(AlreadyFiled):
        filed("2" * 32)

    assert is_on_disk(theirs)


@pytest.mark.usefixtures("as_in_production")
def test_within_a_transaction_its_own_end_waits(django_assert_num_queries: Any) -> None:
    with transaction.atomic():
        with registering():
            next_number("Т", DAY)
        waits = commit_waits()
        with django_assert_num_queries(0):
            wait_for_disk()

    assert waits == "on"


def failed_registering() -> None:
    with registering():
        next_number("Т", DAY)
        raise ZeroDivisionError


@pytest.mark.django_db
def test_what_fails_takes_no_number() -> None:
    with pytest.raises(ZeroDivisionError):
        failed_registering()

    assert not RegisterCounter.objects.filter(register="Т").exists()
