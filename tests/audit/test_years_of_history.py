"""The history of what grows with the cases lies in a partition for each year; keys, guards and seals stay."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from psycopg import Connection, errors

from feedback.models import Case
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.guards import missing, superfluous
from samokov_portal.audit.privileges import differences
from samokov_portal.audit.years import FIRST_YEAR, make_years, name_of, partitions, yearly_histories
from samokov_portal.database_roles import APPLICATION
from samokov_portal.history import save_with_history
from tests.factories import CaseFactory
from tests.test_migrations import database_of

pytestmark = pytest.mark.django_db
TABLE = "feedback_historicalcase"
BEFORE = [("audit", "0012_looks_by_year"), ("feedback", "0019_cases_about_the_same")]
NEXT = name_of(TABLE, FIRST_YEAR + 1)
# By the clock of Sofia, two hours before that of Greenwich at New Year.
BEFORE_MIDNIGHT = datetime(FIRST_YEAR, 12, 31, 21, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(FIRST_YEAR, 12, 31, 22, 0, tzinfo=UTC)


def told(case: Any, at: datetime) -> Any:
    """The version of a case that is said to be of `at`, as sample data are."""
    case._history_date = at
    save_with_history(case, by=None, why="проба")
    return case.history.latest("history_id")


def places(cursor: Any) -> dict[int, str]:
    cursor.execute(f"SELECT history_id, tableoid::regclass::text FROM {TABLE}")
    return dict(cursor.fetchall())


@pytest.mark.parametrize(
    ("at", "year"),
    [(datetime(2016, 3, 1, tzinfo=UTC), FIRST_YEAR), (BEFORE_MIDNIGHT, FIRST_YEAR), (MIDNIGHT, FIRST_YEAR + 1)],
)
def test_a_version_lies_with_its_year_in_sofia(cursor: Any, at: datetime, year: int) -> None:
    version = told(CaseFactory(), at)

    assert places(cursor)[version.pk] == name_of(TABLE, year)


def test_the_version_of_a_moment_is_looked_for_in_no_later_year(cursor: Any) -> None:
    case = CaseFactory()
    then, newest = told(case, BEFORE_MIDNIGHT), told(case, MIDNIGHT)
    newest_first = case.history.order_by("-history_date", "-history_id")

    assert newest_first.first().pk == newest.pk
    assert newest_first.filter(history_date__lt=MIDNIGHT).first().pk == then.pk
    plan = newest_first.filter(history_date__lt=MIDNIGHT).explain()
    assert [part for _table, part in partitions(cursor, [TABLE]) if part in plan] == [name_of(TABLE, FIRST_YEAR)]


@pytest.mark.parametrize("statement", ["UPDATE {} SET channel = ''", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", [TABLE, NEXT])
def test_the_owner_does_not_change_a_year_past_its_table(cursor: Any, table: str, statement: str) -> None:
    told(CaseFactory(), MIDNIGHT)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="are only added"), transaction.atomic():
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("table", yearly_histories())
@pytest.mark.parametrize("statement", ["SELECT * FROM {}", "INSERT INTO {} DEFAULT VALUES", "DROP TABLE {}"])
def test_the_application_reaches_a_year_through_its_table_only(
    application: Connection, table: str, statement: str
) -> None:
    application.execute(f"SELECT * FROM {table} LIMIT 1")  # type: ignore[call-overload]

    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement.format(name_of(table, FIRST_YEAR + 1)))  # type: ignore[call-overload]


# What the newest version says, told again: that is true, so the guard lets it through.
TOLD_AGAIN = f"""
    INSERT INTO {TABLE}
    SELECT (jsonb_populate_record(past, jsonb_build_object('history_id', {{}}, 'history_date', now()))).*
    FROM {TABLE} past ORDER BY past.history_id DESC LIMIT 1 RETURNING history_id
"""


def test_the_application_does_not_number_history_itself(transactional_db: None, application: Connection) -> None:
    """Across the years only the sequence keeps the numbers apart."""
    newest = told(CaseFactory(), MIDNIGHT).pk
    numbers: list[Any] = []

    for number in ("past.history_id", "past.history_id + 1", "1", "-1", "2147483647"):
        numbers += application.execute(TOLD_AGAIN.format(number)).fetchone() or ()  # type: ignore[call-overload]

    assert numbers == list(range(newest + 1, newest + 6))


@pytest.mark.parametrize("year", [FIRST_YEAR, FIRST_YEAR + 1])
def test_no_number_is_given_twice_in_a_year(cursor: Any, year: int) -> None:
    told(CaseFactory(), MIDNIGHT if year > FIRST_YEAR else BEFORE_MIDNIGHT)

    with pytest.raises(DatabaseError, match="_pkey"), transaction.atomic():
        cursor.execute(f"INSERT INTO {TABLE} SELECT * FROM {name_of(TABLE, year)}")


def test_a_number_that_the_owner_gives_twice_in_two_years_is_told(cursor: Any) -> None:
    version = told(CaseFactory(), BEFORE_MIDNIGHT)
    assert list(check_history({})) == []

    cursor.execute(
        f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(past, jsonb_build_object('history_date', %s::text))).*"
        f" FROM {TABLE} past WHERE history_id = %s",
        [MIDNIGHT.isoformat(), version.pk],
    )

    assert list(check_history({})) == [Finding("twice", None, TABLE, version.pk)]


def indexes(cursor: Any) -> list[Any]:
    cursor.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = 'public' ORDER BY 1",
        [yearly_histories()],
    )
    return [name for (name,) in cursor.fetchall()]


def test_what_was_stored_keeps_its_key_there_and_back(transactional_db: None, cursor: Any) -> None:
    case = CaseFactory()
    versions = [told(case, BEFORE_MIDNIGHT) for _again in range(2)]
    parted = indexes(cursor)

    with database_of(BEFORE) as models_of_then:
        assert set(places(cursor).values()) == {TABLE}
        assert sorted(set(indexes(cursor)) - set(parted)) == sorted(f"{table}_pkey" for table in yearly_histories())
        of_then = models_of_then.get_model("feedback", "HistoricalCase").objects.filter(id=case.pk)
        assert set(of_then.values_list("pk", flat=True)) >= {version.pk for version in versions}

    assert indexes(cursor) == parted
    following = told(Case.objects.get(pk=case.pk), MIDNIGHT)
    assert following.pk == versions[-1].pk + 1
    placed = places(cursor)
    assert [placed[version.pk] for version in (*versions, following)] == [name_of(TABLE, FIRST_YEAR)] * 2 + [NEXT]
    assert (missing(cursor), superfluous(cursor), differences(cursor, APPLICATION)) == ([], [], [])


def test_what_is_parted_in_a_later_year_lies_in_the_partition_of_that(cursor: Any) -> None:
    """Here both ways are gone by hand, because whoever would go them for good leaves a store of another year behind."""
    case = CaseFactory()
    versions = [told(case, at) for at in (BEFORE_MIDNIGHT, MIDNIGHT)]
    by_year = import_module("samokov_portal.audit.migrations.0013_history_by_year")

    by_year.join_table(cursor, TABLE)
    assert {version.pk for version in versions} <= places(cursor).keys()
    by_year.part_table(cursor, TABLE)
    made = make_years(cursor)

    assert set(places(cursor).values()) == {NEXT}
    assert made[0] == name_of(TABLE, FIRST_YEAR + 2)
    assert told(case, MIDNIGHT).pk == versions[-1].pk + 1
