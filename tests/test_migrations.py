"""Migrations carry a database that is in use: what was stored before stays what it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from charter.models import Figure, Report
from feedback.clock import explain
from feedback.models import Case
from samokov_portal.audit.guards import put_guards_after_migrating
from samokov_portal.audit.privileges import grant_after_migrating
from samokov_portal.audit.years import make_years_after_migrating
from samokov_portal.pagestore.stamps import stop_watching, watch_after_migrating
from samokov_portal.staff.models import StaffUser
from services.models import Application, ServiceDetail
from tests.factories import at

BEFORE = [("charter", "0001_initial"), ("feedback", "0001_initial"), ("services", "0002_initial")]
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


@contextmanager
def database_of(state: list[tuple[str, str]]) -> Iterator[Any]:
    """The models as they were at `state`, on a database of then; afterwards it is the newest again."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    stop_watching(using="default")  # as `migrate` does at its beginning
    MigrationExecutor(connection).migrate(state)
    put_guards_after_migrating(using="default")  # as `migrate` does at its end
    try:
        yield MigrationExecutor(connection).loader.project_state(state).apps
    finally:
        MigrationExecutor(connection).migrate(newest)
        make_years_after_migrating(using="default")
        put_guards_after_migrating(using="default")
        grant_after_migrating(using="default")
        watch_after_migrating(using="default")


@pytest.fixture
def people(transactional_db: None) -> dict[str, int]:
    """The keys of an editor and the mayor, who were there before."""
    return {name: StaffUser.objects.create_user(name).pk for name in ("editor", "mayor")}


@pytest.fixture
def older(people: dict[str, int]) -> Iterator[Any]:
    """Before the life of a case and of an application, the stages of a report, and variants of a service's detail."""
    ServiceDetail.objects.exclude(variant="").delete()
    with database_of(BEFORE) as models_of_then:
        yield models_of_then


def up_to_date() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_what_was_stored_before_stays_what_it_was(people: dict[str, int], older: Any, client: Client) -> None:
    # Together, because the way back and forth takes minutes, and all that is asked here a second.
    store_cases(older)
    store_applications(older)
    store_reports(older, people)

    up_to_date()

    check_cases()
    check_applications()
    check_reports(people, client)


def store_cases(older: Any) -> None:
    """One as it was promised, one extended, one decided."""
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


def check_cases() -> None:
    """They await their day and are explained."""
    now = list(Case.objects.order_by("pk"))
    assert [str(case.next_on) for case in now] == ["2026-05-04", "2026-06-01", "2026-03-17"]
    assert [case.due_moved_at for case in now] == [None, at("2026-04-20"), None]
    explained = [explain(case) for case in now]
    assert [str(found and found.due_on) for found in explained] == ["2026-05-04", "2026-06-01", "2026-05-04"]


READY, REFUSED = {"outcome": "ready"}, {"outcome": "refused", "outcome_note": "Няма право."}
# What was known of an application before, and where it stands by that.
STOOD: dict[str, dict[str, Any]] = {
    "received": {},
    "ready": {"completed_at": at("2026-03-05"), **READY},
    "handed_over": {"completed_at": at("2026-03-05"), "handed_over_at": at("2026-03-06"), **READY},
    "refused": {"completed_at": at("2026-03-05"), **REFUSED},
}


def store_applications(older: Any) -> None:
    """One for each of STOOD, with its history."""
    application, past, service = (
        older.get_model("services", name) for name in ("Application", "HistoricalApplication", "Service")
    )
    common = {"applicant_name": "Иван Петров", "channel": "counter", "term_source": "АПК, чл. 57"}
    common |= {"term_version": "14 calendar_days @ 2006-07-12", "due_on": date(2026, 3, 16)}
    common |= {"received_at": at("2026-03-02"), "registered_at": at("2026-03-02"), "service": service.objects.first()}
    for serial, facts in enumerate(STOOD.values(), start=1):
        row = application.objects.create(number=f"У-2026-{serial:06d}", **common, **facts)
        values = {field.attname: getattr(row, field.attname) for field in application._meta.concrete_fields}
        past.objects.create(**values, history_date=at("2026-03-02"), history_type="+")


def check_applications() -> None:
    """They say where they stand, with a row of history, and keep the day that was promised."""
    now = list(Application.objects.order_by("number"))
    assert [row.status for row in now] == list(STOOD)
    assert {row.first_due_on for row in now} == {row.due_on for row in now} == {date(2026, 3, 16)}
    told = [list(row.history.order_by("history_id").values_list("status", "first_due_on")) for row in now]
    # What is still open has nothing to tell; the others tell it in a row of their own.
    first, *others = ((status, date(2026, 3, 16)) for status in STOOD)
    assert told == [[first], *([first, stands] for stands in others)]
    assert {row.history.latest("history_id").history_change_reason for row in now[1:]} == {
        "записано е докъде е стигнало"
    }


def store_reports(older: Any, people: dict[str, int]) -> None:
    """Two published versions of a period, and a draft."""
    report_of_then, figure_of_then = (older.get_model("charter", name) for name in ("Report", "Figure"))
    common = {"prepared_by_id": people["editor"], "prepared_at": at("2026-04-06"), "as_of": at("2026-04-05")}
    common |= {"period": "2026-Q1", "period_start": date(2026, 1, 1), "period_end": date(2026, 4, 1)}
    published = {"status": "published", "published_by_id": people["mayor"]}
    published |= {"pdf": b"%PDF-1.7 of then", "pdf_sha256": "a" * 64}
    _first, second = (
        report_of_then.objects.create(version=version, published_at=at("2026-04-10"), **published, **common)
        for version in (1, 2)
    )
    report_of_then.objects.create(version=3, **common)
    figure_of_then.objects.create(
        report=second, position=0, code="signal-decision", title="Решение по сигнал", text="Решаваме.", kind="legal",
        definition="Броят се сигналите.", target=100, part=9, whole=10, verdict="broken", is_reconstructed=True,
    )  # fmt: skip


def check_reports(people: dict[str, int], client: Client) -> None:
    """Who published is who approved; of two versions of a period the earlier one is superseded; nothing changes."""
    now = {report.version: report for report in Report.objects.all()}
    assert [now[version].status for version in (1, 2, 3)] == ["superseded", "published", "draft"]
    assert [(row.approved_by_id, row.approved_at) for row in (now[1], now[2])] == [
        (people["mayor"], at("2026-04-10"))
    ] * 2
    assert (now[3].approved_by_id, now[3].submitted_by_id) == (None, None)
    assert bytes(now[2].pdf or b"") == b"%PDF-1.7 of then"
    page = client.get("/reports/2026-Q1/").content.decode()
    assert "Решение по сигнал" in page
    assert client.get("/reports/2026-Q1/versions/1/report.pdf").content == b"%PDF-1.7 of then"
    assert client.get("/reports/2026-Q1.csv").status_code == 200
    with pytest.raises(IntegrityError, match="published"):
        Figure.objects.update(part=10)
