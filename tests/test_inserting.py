"""A row that is stored by a statement that is put together once is the row that Django would store."""

import inspect
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import DataError, IntegrityError, connection, models
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from feedback.models import Case, CaseEvent, Letter
from samokov_portal.inserting import KeptInsert, _is_plain, _text
from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.models import StaffEvent
from services.models import Application
from tests.feedback.test_register import register

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, 30, 123456, tzinfo=UTC)
# What has a meaning in a statement, in its text or to the driver.
AWKWARD = "100 % от 'всички' %s {} \\ \"и\" ₂"


# What the database fills in, whatever it is given.
FILLED_IN = {"history_salt", "history_seal", "xid"}


@pytest.fixture
def event(staff: Any) -> StaffEvent:
    return StaffEvent(user=staff["clerk"], at=AT, kind=StaffEventKind.ROLES, roles="clerk", origin=AWKWARD)


def stored(event: StaffEvent) -> dict[str, Any]:
    return StaffEvent.objects.filter(pk=event.pk).values().get()


def test_every_column_is_stored_as_it_is_by_one_query(event: StaffEvent) -> None:
    with CaptureQueriesContext(connection) as asked:
        event.save()

    [one] = asked
    assert one["sql"].startswith('INSERT INTO "staff_staffevent"')
    assert "clerk" in one["sql"]
    assert event.pk is not None
    names = [field.attname for field in StaffEvent._meta.concrete_fields if field.attname not in FILLED_IN]
    assert {name: stored(event)[name] for name in names} == {name: getattr(event, name) for name in names}
    assert (stored(event)["origin"], stored(event)["at"], stored(event)["by_id"]) == (AWKWARD, AT, None)


# What differs between two filings of the same, beside their keys.
OWN = {"number", "form_digest", "content_digest", "access_digest", "key", "history_xid", "history_salt"}
OWN |= {"history_date", "history_recorded_at", "xid"}
OF_A_FILING: tuple[Any, ...] = (Case, Case.history.model, CaseEvent, Letter, Letter.history.model)


def newest_rows() -> list[dict[str, Any]]:
    """The newest row of each table of a filing, without what is each filing's own."""
    found = []
    for model in OF_A_FILING:
        # A letter tells the number.
        own = OWN | ({"subject", "text"} if "letter" in model._meta.db_table else set())
        row = model._base_manager.order_by("-pk").values()[0]
        found.append({name: row[name] for name in row if name not in own and not name.endswith("id")})
    return found


def test_a_filing_stores_what_django_would_store(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _text.cache_info()
    register(AT)
    ours, after = newest_rows(), _text.cache_info()
    assert after.hits + after.misses == before.hits + before.misses + len(OF_A_FILING)

    monkeypatch.delattr(KeptInsert, "_do_insert")
    register(AT, nonce="2" * 32)

    assert _text.cache_info() == after
    assert newest_rows() == ours
    assert all(len(row) > 5 for row in ours)


def test_the_statement_is_put_together_once(event: StaffEvent, staff: Any) -> None:
    event.save()
    before = _text.cache_info()

    StaffEvent(user=staff["expert"], at=AT, kind=StaffEventKind.PASSWORD).save()

    after = _text.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


def test_what_it_stands_for_is_still_what_django_calls() -> None:
    # Not a promise of Django's: under another name it would be called no more, and nobody would notice.
    parameters = ["self", "manager", "using", "fields", "returning_fields", "raw"]
    assert list(inspect.signature(models.Model._do_insert).parameters) == parameters
    assert list(inspect.signature(KeptInsert._do_insert).parameters) == parameters
    for model in (*OF_A_FILING, Application, StaffEvent):
        assert model._do_insert is KeptInsert._do_insert


def test_a_column_that_needs_more_than_a_place_is_left_to_django() -> None:
    key, roles = StaffEvent._meta.pk, StaffEvent._meta.get_field("roles")
    list_of_words = ArrayField(models.TextField())

    assert _is_plain((roles,), (key,))
    assert not _is_plain((roles, list_of_words), (key,))
    # What comes back would have to be made into what the field is.
    assert not _is_plain((roles,), (key, roles))
    assert not _is_plain((), (key,))


def test_a_key_that_is_given_is_kept(event: StaffEvent) -> None:
    event.pk = 10**9
    event.save(force_insert=True)

    assert stored(event)["roles"] == "clerk"


def test_what_the_database_computes_is_stored_by_django(event: StaffEvent) -> None:
    event.at = Now()

    event.save()

    assert stored(event)["at"] > AT


def test_what_the_table_refuses_is_refused(event: StaffEvent) -> None:
    event.user_id = 10**9
    event.save()

    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_what_is_too_long_is_refused(event: StaffEvent) -> None:
    event.origin = "я" * 201

    with pytest.raises(DataError):
        event.save()
