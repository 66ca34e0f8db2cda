"""Registering a case: the promise made on receipt, and one case for each form whatever happens."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from feedback.actions.refusals import AlreadyFiled
from feedback.actions.register import Filed, register_case
from feedback.clock import explain
from feedback.models import Case, CaseEvent
from samokov_portal.office.late import DatedTooFarBack, LateWithoutReason
from samokov_portal.office.models import RegisterCounter, WorkingDayOverride
from samokov_portal.office.once import FormAlreadyUsed
from tests.factories import at

NONCE = "1" * 32
THREADS = 20


def values(kind: str = "signal", **changes: Any) -> dict[str, Any]:
    filled = {
        "kind": kind,
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите по улицата.",
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
        "channel": "web",
    }
    return {**filled, **changes}


def register(received_at: datetime, nonce: str = NONCE, by: Any = None, browser: str = "", **changes: Any) -> Filed:
    moments = {"received_at": received_at, "registered_at": received_at}
    return register_case(nonce=nonce, values=values(**changes), **moments, by=by, browser=browser)


PROMISES = [
    # kind, received at noon, number, rule, version, last day
    ("signal", "2026-11-23", "С", "signal-decision", "2 months @ 2006-07-12", date(2027, 1, 25)),  # 23.01 Saturday
    ("signal", "2026-01-03", "С", "signal-decision", "2 months @ 2006-07-12", date(2026, 3, 4)),  # 03.03 is a holiday
    ("proposal", "2026-09-23", "П", "proposal-decision", "2 months @ 2006-07-12", date(2026, 11, 23)),  # Monday
    ("complaint", "2026-11-23", "Ж", "act-review", "7 calendar_days @ 2006-07-12", date(2026, 11, 30)),  # Monday
    ("complaint", "2026-04-04", "Ж", "act-review", "7 calendar_days @ 2006-07-12", date(2026, 4, 14)),  # past Easter
    ("enquiry", "2026-11-23", "З", "enquiry-answer", "7 working_days @ 2020-01-31", date(2026, 12, 2)),  # Wednesday
    ("enquiry", "2026-12-18", "З", "enquiry-answer", "7 working_days @ 2020-01-31", date(2027, 1, 4)),  # Monday
    ("information", "2026-11-23", "И", "information-decision", "14 calendar_days @ 2000-07-11", date(2026, 12, 7)),
    ("praise", "2026-11-23", "Б", "", "", None),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "day", "letter", "term_code", "term_version", "due_on"), PROMISES)
def test_each_kind_is_promised_by_its_own_rule(
    kind: str, day: str, letter: str, term_code: str, term_version: str, due_on: date | None
) -> None:
    case = register(at(day), kind=kind).case

    case.refresh_from_db()
    assert (case.number, case.term_code, case.term_version) == (f"{letter}-{day[:4]}-000001", term_code, term_version)
    assert (case.first_due_on, case.due_on, case.status, case.citizen_kind) == (due_on, due_on, "registered", kind)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "forward_due_on"),
    [
        ("2026-11-16", date(2026, 11, 23)),  # Monday -> Monday
        ("2026-11-14", date(2026, 11, 23)),  # 21.11 is Saturday -> Monday
        ("2026-12-17", date(2026, 12, 29)),  # 24.12 -> Tuesday 29.12
    ],
)
def test_the_last_day_for_forwarding_is_kept(day: str, forward_due_on: date) -> None:
    assert register(at(day)).case.forward_due_on == forward_due_on


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("received_at", "number", "due_on"),
    [
        (at("2026-09-22", "20:59"), "П-2026-000001", date(2026, 11, 23)),  # 23:59 on 22.09; 22.11 is Sunday
        (at("2026-09-23", "20:59"), "П-2026-000001", date(2026, 11, 23)),  # 23:59 on 23.09 in summer time
        (at("2026-09-23", "21:00"), "П-2026-000001", date(2026, 11, 24)),  # midnight: 24.09 -> Tuesday
        (at("2026-12-31", "21:59"), "П-2026-000001", date(2027, 3, 1)),  # 31.12 -> 28.02 is Sunday -> Monday
        (at("2026-12-31", "22:00"), "П-2027-000001", date(2027, 3, 1)),  # 01.01 -> Monday 01.03
    ],
)
def test_the_day_and_the_year_are_those_of_sofia(received_at: datetime, number: str, due_on: date) -> None:
    case = register(received_at, kind="proposal").case

    assert (case.number, case.due_on) == (number, due_on)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("registered_at", "number"),
    [
        (at("2026-12-31", "21:59"), "С-2026-000001"),  # 23:59 in Sofia
        (at("2026-12-31", "22:00"), "С-2027-000001"),  # midnight
        (at("2027-01-04"), "С-2027-000001"),
    ],
)
def test_the_number_is_of_the_year_of_registration_and_the_promise_of_the_day_of_receipt(
    staff: Any, registered_at: datetime, number: str
) -> None:
    filed = register_case(
        nonce=NONCE,
        values=values(channel="post", late_reason="от пощата"),
        received_at=at("2026-12-30"),
        registered_at=registered_at,
        by=staff["secretary"],
    )

    assert (filed.case.number, filed.case.due_on) == (number, date(2027, 3, 1))  # 30.12 -> 28.02 is Sunday -> Monday


@pytest.mark.django_db
def test_each_year_has_its_own_register_whenever_the_case_came(staff: Any) -> None:
    for place, day in enumerate(("2026-12-30", "2027-01-04", "2027-01-04")):
        register_case(
            nonce=f"{place:032x}",
            values=values(channel="post", late_reason="от пощата"),
            received_at=at("2026-12-30"),
            registered_at=at(day),
            by=staff["secretary"],
        )

    assert list(Case.objects.order_by("pk").values_list("number", flat=True)) == [
        "С-2026-000001",
        "С-2027-000001",
        "С-2027-000002",
    ]


@pytest.mark.django_db
def test_a_day_off_by_decree_moves_the_promise() -> None:
    WorkingDayOverride.objects.create(
        day=date(2026, 12, 2),
        is_working=False,
        source="РМС № 1",
        gazette="ДВ, бр. 90 от 2026 г.",
        learnt_at=at("2026-11-02"),
    )

    assert register(at("2026-11-23"), kind="enquiry").case.due_on == date(2026, 12, 3)  # Thursday


@pytest.mark.django_db
def test_how_long_an_enquiry_takes_is_a_setting(settings: Any) -> None:
    settings.ENQUIRY_ANSWER_WORKDAYS = 3

    case = register(at("2026-11-23"), kind="enquiry").case

    assert (case.due_on, case.term_version) == (date(2026, 11, 26), "3 working_days @ 2020-01-31")  # Thursday


@pytest.mark.django_db
def test_a_case_of_a_citizen_is_in_the_history_without_a_person() -> None:
    case = register(at("2026-11-23")).case

    past = [(row.history_type, row.history_user, row.history_change_reason) for row in case.history.all()]
    events = list(case.events.values_list("kind", "at", "by", "note"))
    assert past == [("+", None, "регистрирана")]
    assert events == [("registered", at("2026-11-23"), None, "")]


@pytest.mark.django_db
def test_a_case_logged_by_a_clerk_is_in_the_history_with_the_clerk(staff: Any) -> None:
    clerk = staff["clerk"]

    filed = register_case(
        nonce=NONCE,
        values=values(channel="counter", waited_minutes=5, late_reason="нямаше ток"),
        received_at=at("2026-11-20"),
        registered_at=at("2026-11-23"),
        by=clerk,
    )

    case = filed.case
    assert (case.history.get().history_user, case.waited_minutes) == (clerk, 5)
    assert list(case.events.values_list("kind", "at", "by")) == [("registered", at("2026-11-23"), clerk.pk)]


@pytest.mark.django_db
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
def test_what_a_clerk_enters_late_is_marked_and_no_older_than_the_previous_working_day(
    staff: Any, role: str, day: str, reason: str, refusal: type[Exception] | None
) -> None:
    def enter() -> Filed:
        said = values(channel="post", late_reason=reason)
        moments = {"received_at": at(day), "registered_at": at("2026-11-23")}
        return register_case(nonce=NONCE, values=said, **moments, by=staff[role])

    if refusal is None:
        case = enter().case
        assert (case.late_reason, case.history.get().late_reason) == (reason, reason)
        return
    with pytest.raises(refusal):
        enter()
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_what_came_just_now_is_not_marked_as_late(staff: Any) -> None:
    assert (
        register(at("2026-11-23"), by=staff["clerk"], channel="counter", late_reason="все пак").case.late_reason == ""
    )


@pytest.mark.django_db
def test_the_code_opens_the_case_and_is_stored_nowhere() -> None:
    filed = register(at("2026-11-23"))

    stored = [*Case.objects.values(), *Case.history.values(), *CaseEvent.objects.values()]
    said = json.dumps(stored, default=str, ensure_ascii=False).upper()
    assert len(stored) == 3
    assert [word for word in (filed.code, filed.code.replace("-", ""), NONCE) if word in said] == []


@pytest.mark.django_db
def test_the_same_form_is_registered_once_with_the_same_code() -> None:
    first = register(at("2026-11-23"))
    second = register(at("2026-11-23", "12:05"))

    assert (first.is_new, second.is_new) == (True, False)
    assert (second.case, second.code) == (first.case, first.code)
    assert (Case.objects.count(), CaseEvent.objects.count(), Case.history.count()) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"text": "Друго."}, {"kind": "proposal"}, {"phone": "0888"}])
def test_the_same_form_with_other_contents_is_refused(changes: dict[str, Any]) -> None:
    case = register(at("2026-11-23")).case

    with pytest.raises(FormAlreadyUsed) as refusal:
        register(at("2026-11-23"), **changes)

    assert refusal.value.row == case
    assert list(Case.objects.values_list("text", flat=True)) == [values()["text"]]


@pytest.mark.django_db
def test_a_repeated_form_leaves_no_gap_in_the_numbers() -> None:
    register(at("2026-11-23"))
    register(at("2026-11-23"))

    assert register(at("2026-11-23"), nonce="2" * 32).case.number == "С-2026-000002"


@pytest.mark.django_db
def test_the_same_contents_from_the_same_browser_are_registered_once_in_a_day() -> None:
    case = register(at("2026-11-23"), browser="a").case

    with pytest.raises(AlreadyFiled) as refusal:
        register(at("2026-11-24", "11:59"), nonce="2" * 32, browser="a")

    assert refusal.value.case == case
    assert Case.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "changes"),
    [
        (at("2026-11-24", "12:01"), {"browser": "a"}),  # a day later
        (at("2026-11-23"), {"browser": "b"}),  # somebody else
        (at("2026-11-23"), {"browser": ""}),  # what a clerk logs, what cannot be told apart
        (at("2026-11-23"), {"browser": "a", "text": "Друго."}),
    ],
)
def test_what_only_looks_alike_is_registered_too(moment: datetime, changes: dict[str, Any]) -> None:
    register(at("2026-11-23"), browser="a")

    assert register(moment, nonce="2" * 32, **changes).case.number == "С-2026-000002"


def test_a_second_sending_of_a_form_is_not_mistaken_for_another_form(db: None) -> None:
    first = register(at("2026-11-23"), browser="a")

    assert register(at("2026-11-23"), browser="a").code == first.code


def at_once(work: Any) -> list[Any]:
    """What `work(n)` returns for each n in threads that begin together, each with its own connection."""
    together = Barrier(THREADS)

    def one(place: int) -> Any:
        together.wait(timeout=10)
        try:
            return work(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, range(THREADS)))


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_are_one_case() -> None:
    filed = at_once(lambda _place: register(at("2026-11-23")))

    assert {(one.case.number, one.code) for one in filed} == {("С-2026-000001", filed[0].code)}
    assert [one.is_new for one in filed].count(True) == 1
    assert (Case.objects.count(), CaseEvent.objects.count()) == (1, 1)
    assert RegisterCounter.objects.get(register="С", year=2026).last == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_forms_of_one_browser_with_the_same_contents_are_one_case() -> None:
    def file(place: int) -> str:
        try:
            return register(at("2026-11-23"), nonce=f"{place:032x}", browser="a").case.number
        except AlreadyFiled as refusal:
            return str(refusal)

    assert at_once(file) == ["С-2026-000001"] * THREADS
    assert (Case.objects.count(), RegisterCounter.objects.get(register="С", year=2026).last) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_are_twenty_cases_without_a_gap() -> None:
    filed = at_once(lambda place: register(at("2026-11-23"), nonce=f"{place:032x}"))

    assert sorted(one.case.number for one in filed) == [f"С-2026-{serial:06d}" for serial in range(1, THREADS + 1)]


@pytest.mark.django_db
def test_what_is_told_of_a_new_case_comes_with_it_and_explains_its_last_day() -> None:
    first, again = register(at("2026-11-23")), register(at("2026-11-23"))

    assert first.events is not None
    assert list(first.events) == list(first.case.events.in_order())
    assert again.events is None
    assert explain(first.case, first.events) == explain(again.case, again.events) is not None
