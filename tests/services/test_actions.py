"""Changes of an application: each permitted one, and each refusal beside it."""

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import translation

from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.once import FormAlreadyUsed
from services.actions import (
    AlreadyCompleted,
    NeedsReason,
    NotReady,
    complete_application,
    hand_over_application,
    log_application,
)
from services.models import Application, Service, Unit
from tests.factories import ApplicationFactory, at

pytestmark = pytest.mark.django_db
NONCE = "1" * 32
REGISTERED = at("2026-11-23", "15:00")


@pytest.fixture
def clerk(staff: Any) -> Any:
    return staff["clerk"]


def values(**changes: Any) -> dict[str, Any]:
    service = Service.objects.get(number="2016")
    return {
        "service": service,
        "applicant_name": "Иван Петров",
        "applicant_contact": "",
        "channel": "counter",
        "waited_minutes": 12,
        **changes,
    }


def log(
    clerk: Any, received_at: datetime, nonce: str = NONCE, registered_at: datetime = REGISTERED, **changes: Any
) -> tuple[Application, bool]:
    return log_application(
        nonce=nonce, values=values(**changes), by=clerk, received_at=received_at, registered_at=registered_at
    )


def test_a_logged_application_keeps_its_promise_and_the_rule(clerk: Any) -> None:
    row, is_new = log(clerk, at("2026-11-23", "08:00"))

    row.refresh_from_db()
    assert is_new
    assert (row.number, row.applicant_name, row.waited_minutes) == ("У-2026-000001", "Иван Петров", 12)
    assert (row.due_on, row.term_source, row.term_version) == (
        date(2026, 12, 7),  # Monday + 14 days = Monday
        "АПК, чл. 57",
        "14 calendar_days @ 2006-07-12",
    )
    assert (row.received_at, row.registered_at) == (at("2026-11-23", "08:00"), at("2026-11-23", "15:00"))


def test_a_service_with_its_own_term_is_due_by_it(clerk: Any) -> None:
    service = Service.objects.get(number="1999")  # three days

    row, _is_new = log(clerk, at("2026-11-20"), service=service)

    assert (row.due_on, row.term_source, row.term_version, row.unit) == (
        date(2026, 11, 23),  # Friday + 3 = Monday
        "срок, обявен от Община Самоков",
        "3 calendar_days",  # since when is not known
        Unit.objects.get(code="apio"),
    )


@pytest.mark.parametrize(
    ("received_at", "number", "due_on"),
    [
        (at("2026-11-22", "21:59"), "У-2026-000001", date(2026, 12, 7)),  # Sunday 23:59 + 14 = Sunday -> Monday
        (at("2026-11-22", "22:00"), "У-2026-000001", date(2026, 12, 7)),  # Monday 00:00 + 14 = Monday
        (at("2025-12-31", "21:59"), "У-2025-000001", date(2026, 1, 14)),  # Wednesday 31.12 + 14 = Wednesday
        (at("2025-12-31", "22:00"), "У-2026-000001", date(2026, 1, 15)),  # Thursday 01.01 + 14 = Thursday
    ],
)
def test_the_day_and_the_year_are_those_of_sofia(clerk: Any, received_at: datetime, number: str, due_on: date) -> None:
    row, _is_new = log(clerk, received_at, registered_at=received_at)

    assert (row.number, row.due_on) == (number, due_on)


@pytest.mark.parametrize(
    ("registered_at", "number"),
    [
        (at("2025-12-31", "21:59"), "У-2025-000001"),  # 23:59 in Sofia
        (at("2025-12-31", "22:00"), "У-2026-000001"),  # midnight
        (at("2026-01-05"), "У-2026-000001"),
    ],
)
def test_the_number_is_of_the_year_of_registration_and_the_promise_of_the_day_of_receipt(
    clerk: Any, registered_at: datetime, number: str
) -> None:
    row, _is_new = log(clerk, at("2025-12-30"), registered_at=registered_at)

    assert (row.number, row.due_on) == (number, date(2026, 1, 13))  # Tuesday 30.12 + 14 = Tuesday


def test_a_day_off_by_decree_moves_the_promise(clerk: Any) -> None:
    WorkingDayOverride.objects.create(
        day=date(2026, 12, 7),
        is_working=False,
        source="РМС № 1",
        gazette="ДВ, бр. 1 от 2026 г.",
        learnt_at=at("2026-11-02"),
    )

    row, _is_new = log(clerk, at("2026-11-23"))

    assert row.due_on == date(2026, 12, 8)  # Tuesday


def test_who_logged_it_stands_in_the_history(clerk: Any) -> None:
    row, _is_new = log(clerk, at("2026-11-23"))

    past = [(kept.history_type, kept.history_user, kept.history_change_reason) for kept in row.history.all()]
    assert past == [("+", clerk, "регистрирано")]


def test_the_same_form_logs_one_application(clerk: Any) -> None:
    first, is_first_new = log(clerk, at("2026-11-23"))
    second, is_second_new = log(clerk, at("2026-11-23"))

    assert (is_first_new, is_second_new) == (True, False)
    assert list(Application.objects.all()) == [first] == [second]


def test_the_same_form_with_other_contents_is_refused(clerk: Any) -> None:
    row, _is_new = log(clerk, at("2026-11-23"))

    with pytest.raises(FormAlreadyUsed) as refusal:
        log(clerk, at("2026-11-23"), applicant_name="Петър Иванов")

    assert refusal.value.row == row
    assert Application.objects.count() == 1


def test_a_repeated_form_leaves_no_gap_in_the_numbers(clerk: Any) -> None:
    log(clerk, at("2026-11-23"))
    log(clerk, at("2026-11-23"))

    row, _is_new = log(clerk, at("2026-11-23"), nonce="2" * 32)

    assert row.number == "У-2026-000002"


@pytest.mark.parametrize(
    ("outcome", "note", "stored"),
    [("ready", "", ""), ("ready", " № 7 ", "№ 7"), ("refused", "Няма право.", "Няма право.")],
)
def test_an_application_is_completed(clerk: Any, now: datetime, outcome: str, note: str, stored: str) -> None:
    row = ApplicationFactory()

    complete_application(application_id=row.pk, outcome=outcome, note=note, by=clerk, now=now)

    row.refresh_from_db()
    newest = row.history.first()
    assert (row.outcome, row.outcome_note, row.completed_at) == (outcome, stored, now)
    assert (newest.outcome, newest.history_user, newest.history_change_reason) == (outcome, clerk, "приключено")


@pytest.mark.parametrize("note", ["", "  \n "])
def test_a_refusal_without_reasons_is_refused(clerk: Any, now: datetime, note: str) -> None:
    row = ApplicationFactory()

    with pytest.raises(NeedsReason):
        complete_application(application_id=row.pk, outcome="refused", note=note, by=clerk, now=now)

    row.refresh_from_db()
    assert (row.outcome, row.completed_at, row.history.count()) == ("", None, 1)


def test_a_completed_application_is_not_completed_again(clerk: Any, now: datetime) -> None:
    row = ApplicationFactory(completed=True)

    with pytest.raises(AlreadyCompleted):
        complete_application(application_id=row.pk, outcome="refused", note="Няма право.", by=clerk, now=now)

    row.refresh_from_db()
    assert row.outcome == "ready"


def test_an_unknown_outcome_is_refused(clerk: Any, now: datetime) -> None:
    row = ApplicationFactory()

    with pytest.raises(ValueError, match="lost"):
        complete_application(application_id=row.pk, outcome="lost", note="", by=clerk, now=now)

    row.refresh_from_db()
    assert row.completed_at is None


def test_a_ready_document_is_handed_over(clerk: Any, now: datetime) -> None:
    row = ApplicationFactory(completed=True)

    hand_over_application(application_id=row.pk, by=clerk, now=now)

    row.refresh_from_db()
    newest = row.history.first()
    assert row.handed_over_at == now
    assert (newest.handed_over_at, newest.history_user, newest.history_change_reason) == (now, clerk, "връчено")


@pytest.mark.parametrize(
    "facts",
    [
        {},  # not completed
        {"completed": True, "outcome": "refused"},  # no document
        {"completed": True, "handed_over_at": at("2026-03-10")},  # already
    ],
)
def test_what_is_not_ready_is_not_handed_over(clerk: Any, now: datetime, facts: dict[str, Any]) -> None:
    row = ApplicationFactory(**facts)

    with pytest.raises(NotReady):
        hand_over_application(application_id=row.pk, by=clerk, now=now)

    assert Application.objects.get(pk=row.pk).handed_over_at == facts.get("handed_over_at")


def test_the_stored_source_of_a_term_does_not_depend_on_the_language_of_the_page(clerk: Any) -> None:
    with translation.override("en"):
        row, _is_new = log(clerk, at("2026-11-20"), service=Service.objects.get(number="1999"))

    assert row.term_source == "срок, обявен от Община Самоков"
