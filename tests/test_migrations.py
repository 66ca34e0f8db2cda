"""Migrations carry a database that is in use: what was stored before stays what it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from feedback.clock import explain
from feedback.models import Case
from samokov_portal.audit.guards import put_guards_after_migrating
from tests.factories import at

BEFORE = [("feedback", "0001_initial")]
COMMON = {
    "kind": "signal",
    "citizen_kind": "signal",
    "subject": "Не свети лампа",
    "text": "От седмица не светят лампите.",
    "name": "Мария Стоянова",
    "email": "maria@example.bg",
    "channel": "web",
    "received_at": at("2026-03-02"),  # Monday
    "registered_at": at("2026-03-02"),
    "access_digest": "",
    "term_code": "signal-decision",
    "term_version": "2 months @ 2006-07-12",
    "first_due_on": "2026-05-04",
    "forward_due_on": "2026-03-09",
}


@pytest.fixture
def older(transactional_db: None) -> Iterator[Any]:
    """The models as they were before the life of a case, on a database of then; afterwards it is the newest again."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate(BEFORE)
    put_guards_after_migrating(using="default")  # as `migrate` does at its end
    try:
        yield MigrationExecutor(connection).loader.project_state(BEFORE).apps
    finally:
        MigrationExecutor(connection).migrate(newest)
        put_guards_after_migrating(using="default")


def up_to_date() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_cases_of_before_await_their_day_and_are_explained(older: Any) -> None:
    case_of_then, event_of_then = (older.get_model("feedback", name) for name in ("Case", "CaseEvent"))
    extended_at = at("2026-04-20")
    place = older.get_model("services", "Settlement").objects.first()
    rows = [
        case_of_then.objects.create(number="С-2026-000001", due_on="2026-05-04", settlement=place, **COMMON),
        case_of_then.objects.create(
            number="С-2026-000002", due_on="2026-06-01", extended_at=extended_at, settlement=place, **COMMON
        ),
        case_of_then.objects.create(
            number="С-2026-000003",
            due_on="2026-05-04",
            status="decided",
            decided_at=at("2026-03-10"),
            outcome="upheld",
            answer="Да.",
            notify_due_on="2026-03-17",
            settlement=place,
            **COMMON,
        ),
    ]
    for row in rows:
        event_of_then.objects.create(case=row, kind="registered", at=row.registered_at)
    event_of_then.objects.create(case=rows[1], kind="extended", at=extended_at, note="Нов срок")

    up_to_date()

    now = list(Case.objects.order_by("pk"))
    assert [str(case.next_on) for case in now] == ["2026-05-04", "2026-06-01", "2026-03-17"]
    assert [case.due_moved_at for case in now] == [None, extended_at, None]
    explained = [explain(case) for case in now]
    assert [str(found and found.due_on) for found in explained] == ["2026-05-04", "2026-06-01", "2026-05-04"]
