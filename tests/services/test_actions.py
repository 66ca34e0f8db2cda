"""How an application is registered: its promise, its number, its kind of order, once for each form."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from samokov_portal.office.late import DatedTooFarBack, LateWithoutReason
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.once import FormAlreadyUsed
from services.actions import NotOffered, log_application
from services.models import Application, Service, ServiceOffer, Unit
from tests.factories import at

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
        "late_reason": "нямаше връзка",
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
    staff: Any, registered_at: datetime, number: str
) -> None:
    row, _is_new = log(staff["secretary"], at("2025-12-30"), registered_at=registered_at)

    assert (row.number, row.due_on) == (number, date(2026, 1, 13))  # Tuesday 30.12 + 14 = Tuesday


OFFERS = [
    # kind of order, term, fee; due when it came on Friday 20.11.2026, and what the fee is then
    ("ordinary", {}, None, date(2026, 12, 4), None),  # fourteen days (АПК, чл. 57): Friday
    ("ordinary", {}, Decimal("3.07"), date(2026, 12, 4), Decimal("3.07")),
    ("ordinary", {"term_amount": 7, "term_unit": "calendar_days"}, None, date(2026, 11, 27), None),  # Friday
    ("quick", {"term_amount": 3, "term_unit": "working_days"}, Decimal("0.00"), date(2026, 11, 25), Decimal("0.00")),
    ("express", {"term_amount": 1, "term_unit": "working_days"}, None, date(2026, 11, 23), None),  # Monday
]


@pytest.mark.parametrize(("speed", "term", "fee", "due_on", "owed"), OFFERS)
def test_each_kind_of_order_has_its_own_term_and_fee(
    clerk: Any, speed: str, term: dict[str, Any], fee: Decimal | None, due_on: date, owed: Decimal | None
) -> None:
    service = Service.objects.get(number="2016")
    ServiceOffer.objects.create(service=service, speed=speed, fee=fee, source="Наредба № 12", **term)

    row, _is_new = log(clerk, at("2026-11-20"), service=service, speed=speed)

    row.refresh_from_db()
    assert (row.speed, row.due_on, row.first_due_on, row.fee) == (speed, due_on, due_on, owed)
    assert row.term_source == ("срок, обявен от Община Самоков" if term else "АПК, чл. 57")


@pytest.mark.parametrize("speed", ["quick", "express"])
def test_what_is_not_offered_quicker_is_not_promised_quicker(clerk: Any, speed: str) -> None:
    with pytest.raises(NotOffered):
        log(clerk, at("2026-11-20"), speed=speed)

    assert not Application.objects.exists()


def test_a_fee_that_nobody_announced_is_unknown_and_not_nothing(clerk: Any) -> None:
    row, _is_new = log(clerk, at("2026-11-20"))

    assert (row.fee, row.paid, row.owes_fee) == (None, None, False)


def test_receipt_and_the_telling_of_the_date_stand_in_the_events(clerk: Any) -> None:
    row, _is_new = log(clerk, at("2026-11-20"), due_told=True)

    assert list(row.events.in_order().values_list("kind", "at", "by")) == [
        ("received", REGISTERED, clerk.pk),
        ("told", REGISTERED, clerk.pk),
    ]


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


@pytest.mark.parametrize(
    ("role", "day", "reason", "refusal"),
    [
        ("clerk", "2026-11-20", "нямаше ток", None),  # Friday
        ("clerk", "2026-11-20", "", LateWithoutReason),
        ("clerk", "2026-11-19", "нямаше ток", DatedTooFarBack),
        ("secretary", "2026-11-19", "нямаше ток", None),
        ("secretary", "2026-11-19", "", LateWithoutReason),
    ],
)
def test_what_is_entered_late_is_marked_and_no_older_than_the_previous_working_day(
    staff: Any, role: str, day: str, reason: str, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        row, _is_new = log(staff[role], at(day), late_reason=reason)
        assert (row.late_reason, row.history.get().late_reason) == (reason, reason)
        return
    with pytest.raises(refusal):
        log(staff[role], at(day), late_reason=reason)
    assert not Application.objects.exists()


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


def test_the_stored_source_of_a_term_does_not_depend_on_the_language_of_the_page(clerk: Any) -> None:
    with translation.override("en"):
        row, _is_new = log(clerk, at("2026-11-20"), service=Service.objects.get(number="1999"))

    assert row.term_source == "срок, обявен от Община Самоков"
