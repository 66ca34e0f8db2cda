"""What grows for ever lies in a partition for each year, made ahead and guarded like its table."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from psycopg import Connection, errors

from samokov_portal.audit import years
from samokov_portal.audit.checks import check_years
from samokov_portal.audit.guards import missing, put_guards_after_migrating, superfluous
from samokov_portal.audit.models import Look
from samokov_portal.audit.privileges import differences
from samokov_portal.audit.years import (
    FIRST_YEAR,
    YEARS_AHEAD,
    make_years,
    name_of,
    partitions,
    yearly_tables,
    years_ahead,
)
from samokov_portal.database_roles import APPLICATION
from samokov_portal.staff.models import StaffUser
from tests.test_migrations import database_of

pytestmark = pytest.mark.django_db
TABLE, BEFORE = "audit_look", [("audit", "0011_what_is_told_is_told_now")]
NEXT = name_of(TABLE, FIRST_YEAR + 1)
# By the clock of Sofia, two hours before that of Greenwich at New Year.
BEFORE_MIDNIGHT = datetime(FIRST_YEAR, 12, 31, 21, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(FIRST_YEAR, 12, 31, 22, 0, tzinfo=UTC)


def look_at(staff: dict[str, StaffUser], at: datetime) -> Look:
    return Look.objects.create(by=staff["clerk"], at=at, kind="case", subject="С-2026-000001")


def place_of(cursor: Any, look: Look) -> str:
    cursor.execute(f"SELECT tableoid::regclass::text FROM {TABLE} WHERE id = %s", [look.pk])
    return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2016, 3, 1, tzinfo=UTC), FIRST_YEAR),
        (BEFORE_MIDNIGHT, FIRST_YEAR),
        (MIDNIGHT, FIRST_YEAR + 1),
        (datetime(FIRST_YEAR + YEARS_AHEAD, 7, 1, tzinfo=UTC), FIRST_YEAR + YEARS_AHEAD),
    ],
)
def test_a_row_lies_with_its_year_in_sofia(staff: Any, cursor: Any, at: datetime, year: int) -> None:
    assert place_of(cursor, look_at(staff, at)) == name_of(TABLE, year)


def test_a_row_of_a_year_without_a_place_is_refused(staff: Any) -> None:
    with pytest.raises(IntegrityError, match="no partition"), transaction.atomic():
        look_at(staff, datetime(FIRST_YEAR + 100, 1, 1, tzinfo=UTC))


def test_the_newest_come_first_across_years(staff: Any) -> None:
    keys = [look_at(staff, at).pk for at in (BEFORE_MIDNIGHT, MIDNIGHT, BEFORE_MIDNIGHT)]

    assert [look.pk for look in Look.objects.newest_first()] == keys[::-1]
    assert [look.pk for look in Look.objects.newest_first().before(keys[2])] == keys[1::-1]


def test_a_question_about_days_reads_their_year_only(cursor: Any) -> None:
    found = Look.objects.between(MIDNIGHT, datetime(FIRST_YEAR + 1, 2, 1, tzinfo=UTC))

    plan = found.explain()

    assert [part for _table, part in partitions(cursor, [TABLE]) if part in plan] == [NEXT]


def test_the_years_ahead_are_there_and_are_made_once(cursor: Any) -> None:
    # At the turn of a year the database may be one further than when it was migrated.
    assert min(years_ahead(cursor).values()) >= YEARS_AHEAD - 1
    make_years(cursor)

    assert make_years(cursor) == []
    assert years_ahead(cursor) == dict.fromkeys(yearly_tables(), YEARS_AHEAD)


def test_more_years_are_made_on_demand_and_guarded(cursor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_years", "--ahead", str(YEARS_AHEAD + 2))

    assert years_ahead(cursor) == dict.fromkeys(yearly_tables(), YEARS_AHEAD + 2)
    assert capsys.readouterr().out.startswith(f"Made: {TABLE}_y")
    assert (missing(cursor), superfluous(cursor), differences(cursor, APPLICATION)) == ([], [], [])

    call_command("make_years")
    assert "nothing" in capsys.readouterr().out


def test_who_has_no_place_for_the_next_year_is_told(cursor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_years(databases=["default"]) == []
    monkeypatch.setattr(years, "_this_year", lambda _cursor: FIRST_YEAR + 50)

    assert [message.id for message in check_years(databases=["default"])] == ["audit.W004"] * len(yearly_tables())
    assert check_years(databases=None) == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET subject = ''", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", [TABLE, NEXT])
def test_the_owner_does_not_change_a_year_past_its_table(staff: Any, cursor: Any, table: str, statement: str) -> None:
    look_at(staff, MIDNIGHT)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="are only added"), transaction.atomic():
        cursor.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement", [f"SELECT * FROM {NEXT}", f"INSERT INTO {NEXT} DEFAULT VALUES", f"DROP TABLE {NEXT}"]
)
def test_the_application_reaches_a_year_through_its_table_only(application: Connection, statement: str) -> None:
    application.execute(f"SELECT * FROM {TABLE}")  # type: ignore[call-overload]

    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement)  # type: ignore[call-overload]


def test_what_was_stored_before_the_years_keeps_its_key_and_its_guards(transactional_db: None, cursor: Any) -> None:
    person = StaffUser.objects.create_user("auditor-of-then")
    with database_of(BEFORE) as models_of_then:
        older = models_of_then.get_model("audit", "Look")
        rows = [
            older.objects.create(by_id=person.pk, at=at, kind="case", subject="С-2016-000001", address="10.0.0.1")
            for at in (datetime(2016, 3, 1, tzinfo=UTC), BEFORE_MIDNIGHT)
        ]

    assert list(Look.objects.order_by("pk").values_list("pk", "at", "address")) == [
        (row.pk, row.at, "10.0.0.1") for row in rows
    ]
    following = Look.objects.create(by=person, at=MIDNIGHT, kind="case")
    assert following.pk == rows[-1].pk + 1
    assert place_of(cursor, following) == NEXT
    assert missing(cursor) == []


@pytest.mark.parametrize("name", ["audit_of_now", "audit_only_added", "audit_not_emptied"])
def test_a_guard_that_is_switched_off_in_one_year_is_missed_and_put_back(cursor: Any, name: str) -> None:
    cursor.execute(f"ALTER TABLE {NEXT} DISABLE TRIGGER {name}")

    assert [guard.name for guard in missing(cursor)] == [name]

    put_guards_after_migrating(using="default")
    assert (missing(cursor), superfluous(cursor)) == ([], [])
