"""A row that is stored by a statement that is put together once is the row that Django would store."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, models
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.models import Look
from samokov_portal.inserting import _text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, 30, 123456, tzinfo=UTC)
# What has a meaning in a statement, in its text or to the driver.
AWKWARD = "100 % от 'всички' %s {} \\ \"и\" ₂"


@pytest.fixture
def look(staff: Any) -> Look:
    return Look(by=staff["clerk"], at=AT, kind=LookKind.LIST, subject="work-list", origin=AWKWARD)


def stored(look: Look) -> dict[str, Any]:
    return Look.objects.filter(pk=look.pk).values().get()


def test_every_column_is_stored_as_it_is_by_one_query(look: Look) -> None:
    with CaptureQueriesContext(connection) as asked:
        look.save()

    [one] = asked
    assert one["sql"].startswith('INSERT INTO "audit_look"')
    assert "work-list" in one["sql"]
    assert look.pk is not None
    assert stored(look) == {field.attname: getattr(look, field.attname) for field in Look._meta.concrete_fields}
    assert (stored(look)["origin"], stored(look)["at"], stored(look)["sought"]) == (AWKWARD, AT, "")


def test_it_is_what_django_stores(look: Look) -> None:
    look.save()
    ours, look.pk = stored(look), None

    models.Model._do_insert(look, Look._base_manager, "default", Look._meta.local_concrete_fields[1:], [], raw=False)

    assert {**Look.objects.order_by("-pk").values()[0], "id": ours["id"]} == ours
    assert Look.objects.count() == 2


def test_the_statement_is_put_together_once(look: Look, staff: Any) -> None:
    look.save()
    made = _text.cache_info().misses

    Look(by=staff["expert"], at=AT, kind=LookKind.CASE, subject="С-2026-000001").save()

    assert _text.cache_info().misses == made


def test_a_key_that_is_given_is_kept(look: Look) -> None:
    look.pk = 10**9
    look.save(force_insert=True)

    assert stored(look)["subject"] == "work-list"


def test_what_the_database_computes_is_stored_by_django(look: Look) -> None:
    look.at = Now()

    look.save()

    assert stored(look)["at"] > AT


def test_what_the_table_refuses_is_refused(look: Look) -> None:
    look.by_id = 10**9
    look.save()

    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_what_is_too_long_is_refused(look: Look) -> None:
    look.subject = "я" * 61

    with pytest.raises(DataError):
        look.save()
