"""The work list over a hundred thousand cases: as many queries as over ten, each by an index."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samokov_portal.office.choices import Tab
from services.models import Settlement, Unit
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.feedback.desk_forms import DESK
from tests.feedback.test_register import register
from tests.feedback.test_work_list import WORK_LIST_QUERIES

CASES = 100_000
TODAY = date(2026, 11, 23)
# Each tenth is open: due over two hundred days around the day of the test, each twentieth of them awaits its sender, is
# being forwarded or is decided.
NEW_CASE = {
    "number": "'С-2025-' || lpad(n::text, 6, '0')",
    "status": """CASE WHEN n %% 10 > 0 THEN 'closed' WHEN n %% 210 = 0 THEN 'clarification'
        WHEN n %% 210 = 10 THEN 'forwarding' WHEN n %% 210 = 20 THEN 'decided' ELSE 'assigned' END""",
    "next_on": "CASE WHEN n %% 10 = 0 AND n %% 7 > 0 THEN %(today)s::date + n / 10 %% 200 - 100 END",
    "kind": "CASE WHEN n %% 3 = 0 THEN 'proposal' ELSE 'signal' END",
    "subject": "'Не свети лампа № ' || n",
    "text": "'От седмица не светят лампите по улица ' || md5(n::text)",
    "unit_id": "(ARRAY(SELECT id FROM services_unit ORDER BY id))[1 + n / 10 %% 12]",
    "settlement_id": "(ARRAY(SELECT id FROM services_settlement ORDER BY id))[1 + n / 10 %% 20]",
}
NEW_APPLICATION = {
    "status": "CASE WHEN n %% 10 > 0 THEN 'handed_over' WHEN n %% 210 = 0 THEN 'ready' ELSE 'received' END",
    "number": "'У-2025-' || lpad(n::text, 6, '0')",
    "due_on": "%(today)s::date + n / 10 %% 200 - 100",
    "completed_at": "CASE WHEN n %% 10 > 0 OR n %% 210 = 0 THEN received_at END",
    "outcome": "CASE WHEN n %% 10 > 0 OR n %% 210 = 0 THEN 'ready' ELSE '' END",
    "handed_over_at": "CASE WHEN n %% 10 > 0 THEN received_at END",
    "unit_id": "(ARRAY(SELECT id FROM services_unit ORDER BY id))[1 + n / 10 %% 12]",
}

# What the annual report reminds the Secretary of, and the names of units where a person sees more than one.
MORE_QUERIES = {"clerk": 1, "expert": 0, "secretary": 2}
# The page after a row near the end, and how it is reached.
DEEP = "2027-02-20~c1"
READ_BY = {"clerk": "feedback_case_open on", "expert": "feedback_case_open_of_unit on"}


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Many rows for all tests of this module, written past guards and constraints, and gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        rows = CaseFactory(), ApplicationFactory()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        fill(cursor, rows[0], CASES, NEW_CASE)
        fill(cursor, rows[1], CASES // 4, NEW_APPLICATION)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # Of a table that nobody counted the planner thinks that it is long.
        cursor.execute("ANALYZE feedback_letter")
        yield
        transaction.set_rollback(True)


def fill(cursor: Any, row: Any, copies: int, made: dict[str, str]) -> None:
    table = row._meta.db_table
    # They would refuse what has no events, no history and no answer; the rollback brings them back.
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')", [table])
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    # Fewer indexes are filled sooner; those of the list stay.
    cursor.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = %s"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [table],
    )
    for (name,) in cursor.fetchall():
        if not any(part in name for part in ("_open", "_ready", "_sample", "_repeat", "_handover", "_words")):
            cursor.execute(f'DROP INDEX "{name}"')
    columns = [field.column for field in row._meta.concrete_fields if field.column not in ("id", "form_digest")]
    values = [made.get(column, f"{table}.{column}") for column in columns]
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table},"
    cursor.execute(
        f"{statement} generate_series(1, %(copies)s) AS n WHERE id = %(key)s",
        {"copies": copies, "key": row.pk, "today": TODAY},
    )
    cursor.execute(f"ANALYZE {table}")


@pytest.fixture
def desk(crowd: None, as_role: Any, clock: Any) -> Any:
    return as_role


def plans_of(client: Client, query: dict[str, Any]) -> tuple[int, list[str]]:
    """How many queries the page takes, and the plans of those that read the registers."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(DESK, query)
    assert response.status_code == 200
    asked = [one["sql"] for one in captured if re.search(r'FROM "(feedback_case|services_application)"', one["sql"])]
    return len(captured), [explained(statement) for statement in asked]


def explained(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement)
        return "\n".join(line for (line,) in cursor.fetchall())


def plans_for_any_value() -> list[str]:
    """Of what is prepared to read the registers, the plans that are made without looking at the values."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(
            "SELECT name, cardinality(parameter_types) FROM pg_prepared_statements"
            """ WHERE statement ~ 'FROM "(feedback_case|services_application)"'"""
        )
        prepared = cursor.fetchall()
    return [
        explained(f"EXECUTE {name}" + (f" ({', '.join(['NULL'] * values)})" if values else ""))
        for name, values in prepared
    ]


READ_WHOLE = re.compile(r"Seq Scan on (feedback_case|services_application)\b")


@pytest.mark.parametrize("role", ["clerk", "expert", "secretary"])
def test_every_part_is_read_by_an_index_from_its_first_page_to_its_last(desk: Any, role: str) -> None:
    client = desk(role)
    # The first page of a process asks for what is remembered from then on.
    client.get(DESK)
    queries, plans = {}, {}

    for tab in Tab:
        for place in ("", DEEP):
            queries[tab, place], plans[tab, place] = plans_of(
                client, {"tab": tab, "after": place} if place else {"tab": tab}
            )

    # A part without applications asks for none.
    assert max(queries.values()) == WORK_LIST_QUERIES + MORE_QUERIES[role]
    assert [(asked, plan) for asked, found in plans.items() for plan in found if READ_WHOLE.search(plan)] == []
    # What is long comes in the order of the index: nothing is read to be sorted, but the letters of each row that is
    # shown.
    rows = [plan.split("SubPlan")[0] for tab in (Tab.OPEN, Tab.OVERDUE) for plan in plans[tab, ""][:2]]
    assert [plan for plan in rows if "Sort" in plan] == []
    assert READ_BY["clerk" if role == "secretary" else role] in plans[Tab.OPEN, DEEP][0]


def test_words_are_found_by_an_index(desk: Any) -> None:
    client = desk("clerk")

    _queries, plans = plans_of(client, {"text": "c4ca4238a0b923820dcc509a6f75849b"})

    assert "feedback_case_open_words" in "\n".join(plans)
    # What is open, and what is to hand over, of applications.
    assert "\n".join(plans).count("services_words") == 2
    assert [plan for plan in plans if READ_WHOLE.search(plan)] == []


def test_beside_the_parts_nothing_is_counted_to_its_end(desk: Any) -> None:
    tabs = desk("clerk").get(DESK).context["tabs"]

    assert [tab.amount for tab in tabs] == ["500+", "500+", "55", "162", "476", "477", "500+"]


def test_a_part_by_its_state_is_counted_without_reading_the_others(desk: Any) -> None:
    _queries, plans = plans_of(desk("clerk"), {})

    # Those that await the sender, that are being forwarded and that were decided.
    by_state = re.findall(r"Index Only Scan using feedback_case_open_status on", "\n".join(plans))
    assert len(by_state) == 3


def test_the_parts_of_a_unit_are_counted_by_indexes_of_units(desk: Any) -> None:
    unit = Unit.objects.order_by("pk").first()
    assert unit is not None

    _queries, plans = plans_of(desk("clerk"), {"unit": unit.code})

    by_unit = re.findall(r"Index Only Scan using (\w+_unit) on", "\n".join(plans))
    assert set(by_unit) == {"feedback_case_open_of_unit", "services_open_of_unit", "services_handover_of_unit"}


def test_what_is_rare_is_found_without_reading_what_is_not_meant(desk: Any) -> None:
    _queries, plans = plans_of(desk("clerk"), {"channel": "post"})

    # The lines of each register are asked for first.
    assert "Index Only Scan using feedback_case_open" in plans[0]
    assert "Index Only Scan using services_" in plans[1]


@pytest.mark.parametrize("role", ["clerk", "expert", "secretary"])
def test_prepared_for_any_value_every_part_is_read_by_an_index_too(desk: Any, role: str) -> None:
    client = desk(role)
    unit, settlement = Unit.objects.order_by("pk").first(), Settlement.objects.order_by("pk").first()
    assert unit is not None
    assert settlement is not None
    narrowed: list[dict[str, Any]] = [{}, {"unit": unit.code}, {"settlement": settlement.pk}, {"kind": "signal"}]
    for query in [*({"tab": tab.value} for tab in Tab), *narrowed, *({**one, "after": DEEP} for one in narrowed)]:
        assert client.get(DESK, query).status_code == 200

    plans = plans_for_any_value()

    assert len(plans) > len(Tab) + 2 * len(narrowed)
    assert [plan for plan in plans if READ_WHOLE.search(plan)] == []


def test_a_second_sending_of_the_same_is_looked_for_by_an_index_whatever_was_sent(crowd: None, db: None) -> None:
    register(at("2026-11-23"), browser="a")

    assert [plan for plan in plans_for_any_value() if "feedback_case_repeat on feedback_case" in plan] != []
