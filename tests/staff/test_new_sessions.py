"""A new session is stored at once, by one statement, and nobody waits for the disk because of it."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import CreateError
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from samokov_portal.staff.sessions import SessionStore

pytestmark = pytest.mark.django_db(transaction=True)


def commit_waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit')")
        return str(cursor.fetchone()[0])


@pytest.fixture
def as_in_production() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def begun(**said: Any) -> SessionStore:
    session = SessionStore()
    session.update(said)
    session.save()
    return session


def test_it_is_stored_with_what_it_holds_by_one_statement() -> None:
    with CaptureQueriesContext(connection) as asked:
        session = begun(word="дума")

    assert len(asked) == 1
    assert SessionStore(session.session_key)["word"] == "дума"
    assert Session.objects.filter(expire_date__gt=Now()).count() == 1


def test_a_key_that_somebody_has_is_not_given_a_second_time() -> None:
    session = begun(word="първа")

    second = SessionStore(session.session_key)
    second["word"] = "втора"
    with pytest.raises(CreateError):
        second.save(must_create=True)

    assert SessionStore(session.session_key)["word"] == "първа"


@pytest.mark.usefixtures("as_in_production")
def test_only_alone_it_is_not_waited_for() -> None:
    with transaction.atomic():
        begun(word="дума")
        within = commit_waits()
    begun(word="дума")

    assert (within, commit_waits()) == ("on", "on")


def test_what_is_changed_later_is_stored_in_the_same_one() -> None:
    session = begun(word="дума")
    session["word"] = "друга"
    session.save()

    assert SessionStore(session.session_key)["word"] == "друга"
    assert Session.objects.count() == 1
