"""Changes of a case: each permitted one, and each refusal beside it."""

from datetime import date, datetime
from typing import Any

import pytest

from feedback.actions import (
    CannotExtend,
    ChangedMeanwhile,
    NeedsReason,
    NotDecided,
    NotOpen,
    WrongOutcome,
    answer_case,
    assign_case,
    close_case,
    extend_case,
    forward_case,
    longest_due_on,
)
from feedback.choices import OUTCOMES, Kind, Outcome, outcome_in_words
from feedback.models import Case
from samokov_portal.office.models import WorkingDayOverride
from services.models import Unit
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db
NOW = at("2026-04-01")  # Wednesday; the case came on Monday 02.03 and is due on Monday 04.05
REASON = "Необходима е проверка на място."
NO_TERM = {"term_code": "", "term_version": "", "first_due_on": None}


@pytest.fixture
def by(staff: Any) -> dict[str, Any]:
    """Who acts and when."""
    return {"by": staff["clerk"], "now": NOW}


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.get(code="hdettos")


def told(case: Case) -> list[tuple[Any, ...]]:
    """The events of a case: what, when, who, and what the sender reads."""
    return list(case.events.in_order().values_list("kind", "at", "by__username", "note"))


def newest(case: Case) -> tuple[str, Any, str]:
    """Of the newest row of history: kind, who, why."""
    row = case.history.first()
    return row.history_type, row.history_user, row.history_change_reason


def change(name: str, case: Case, by: dict[str, Any], **values: Any) -> Case:
    """The change called `name`, with values that are good unless given."""
    perform, good = {
        "assign": (assign_case, {"unit": Unit.objects.get(code="hdettos")}),
        "forward": (forward_case, {"body": "Областно пътно управление", "reason": REASON}),
        "extend": (extend_case, {"due_on": date(2026, 6, 1), "reason": REASON}),
        "answer": (answer_case, {"outcome": "upheld", "answer": "Лампите са подменени."}),
        "close": (close_case, {"how": "с писмо по пощата"}),
    }[name]
    return perform(case_id=case.pk, **{**good, **values}, **by)


def test_a_case_is_assigned_to_a_unit(by: dict[str, Any], unit: Unit) -> None:
    case = CaseFactory()

    change("assign", case, by)

    case.refresh_from_db()
    assert (case.status, case.unit) == ("assigned", unit)
    assert newest(case) == ("~", by["by"], f"възложена на {unit}")
    assert told(case) == [("assigned", NOW, "clerk", str(unit))]


def test_an_assigned_case_may_be_assigned_to_another_unit(by: dict[str, Any], unit: Unit) -> None:
    case = CaseFactory(status="assigned", unit=unit)

    change("assign", case, by, unit=Unit.objects.get(code="mdt"))

    case.refresh_from_db()
    assert case.unit.code == "mdt"


def test_a_case_is_forwarded_to_the_competent_body(by: dict[str, Any]) -> None:
    case = CaseFactory()

    change("forward", case, by, body="  ОПУ – София ")

    case.refresh_from_db()
    assert (case.status, case.forwarded_to, case.forwarded_at) == ("forwarded", "ОПУ – София", NOW)
    assert newest(case) == ("~", by["by"], REASON)
    assert told(case) == [("forwarded", NOW, "clerk", f"ОПУ – София. {REASON}")]


@pytest.mark.parametrize(
    "values", [{"body": "  "}, {"reason": ""}, {"reason": " \n"}], ids=["no body", "no reason", "blank reason"]
)
def test_a_case_is_not_forwarded_without_body_and_reason(by: dict[str, Any], values: dict[str, str]) -> None:
    case = CaseFactory()

    with pytest.raises(NeedsReason):
        change("forward", case, by, **values)

    case.refresh_from_db()
    assert (case.status, told(case), case.history.count()) == ("registered", [], 1)


def test_a_case_is_extended_and_keeps_its_first_promise(by: dict[str, Any]) -> None:
    case = CaseFactory()

    change("extend", case, by)

    case.refresh_from_db()
    assert (case.first_due_on, case.due_on, case.extended_at) == (date(2026, 5, 4), date(2026, 6, 1), NOW)
    assert newest(case) == ("~", by["by"], REASON)
    assert told(case) == [("extended", NOW, "clerk", f"Нов срок: 01.06.2026 г. {REASON}")]


CAPS = [
    # kind, received, the longest: АПК, чл. 121 (3 months) and чл. 118, ал. 2 (6 months)
    ("signal", "2026-03-02", date(2026, 6, 2)),
    ("signal", "2025-11-30", date(2026, 3, 2)),  # no 30.02; 28.02 is Saturday -> Monday
    ("proposal", "2026-03-02", date(2026, 9, 2)),
    ("proposal", "2026-08-31", date(2027, 3, 1)),  # no 31.02; 28.02 is Sunday -> Monday
    ("complaint", "2026-03-02", None),
    ("enquiry", "2026-03-02", None),
    ("information", "2026-03-02", None),
    ("praise", "2026-03-02", None),
]


@pytest.mark.parametrize(("kind", "day", "longest"), CAPS)
def test_a_term_may_be_extended_so_far(kind: str, day: str, longest: date | None) -> None:
    assert longest_due_on(Case(kind=kind, received_at=at(day))) == longest


def test_the_longest_term_is_counted_from_the_day_in_sofia() -> None:
    assert longest_due_on(Case(kind="signal", received_at=at("2026-03-01", "22:00"))) == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("facts", "due_on", "now"),
    [
        ({}, date(2026, 5, 5), NOW),  # a day later
        ({}, date(2026, 6, 2), NOW),  # the last day of the cap
        ({}, date(2026, 6, 1), at("2026-05-04", "20:59")),  # the last minute of the term in Sofia
        ({"due_on": date(2026, 5, 20), "extended_at": at("2026-03-20")}, date(2026, 5, 29), NOW),  # once more
        ({"kind": "proposal"}, date(2026, 9, 2), NOW),
    ],
)
def test_an_extension_within_the_law_is_permitted(
    by: dict[str, Any], facts: dict[str, Any], due_on: date, now: datetime
) -> None:
    case = CaseFactory(**facts)

    change("extend", case, {**by, "now": now}, due_on=due_on)

    case.refresh_from_db()
    assert case.due_on == due_on


@pytest.mark.parametrize(
    ("facts", "due_on", "now"),
    [
        ({}, date(2026, 5, 4), NOW),  # not later
        ({}, date(2026, 5, 1), NOW),  # earlier
        ({}, date(2026, 6, 3), NOW),  # beyond the cap
        ({}, date(2026, 5, 9), NOW),  # Saturday
        ({}, date(2026, 5, 6), NOW),  # Wednesday, Гергьовден
        ({}, date(2026, 6, 1), at("2026-05-04", "21:00")),  # the term is over: midnight in Sofia
        ({"due_on": date(2026, 5, 20), "extended_at": at("2026-03-20")}, date(2026, 5, 20), NOW),
        ({"kind": "proposal"}, date(2026, 9, 3), NOW),
        ({"kind": "enquiry"}, date(2026, 5, 5), NOW),  # the law knows no extension
        ({"kind": "complaint"}, date(2026, 5, 5), NOW),
        ({"kind": "information"}, date(2026, 5, 5), NOW),
        ({"kind": "praise", **NO_TERM}, date(2026, 5, 5), NOW),
    ],
)
def test_an_extension_outside_the_law_is_refused(
    by: dict[str, Any], facts: dict[str, Any], due_on: date, now: datetime
) -> None:
    case = CaseFactory(**facts)
    before = case.due_on

    with pytest.raises(CannotExtend):
        change("extend", case, {**by, "now": now}, due_on=due_on)

    case.refresh_from_db()
    assert (case.due_on, told(case), case.history.count()) == (before, [], 1)


@pytest.mark.parametrize("reason", ["", " \n "])
def test_an_extension_without_a_reason_is_refused(by: dict[str, Any], reason: str) -> None:
    case = CaseFactory()

    with pytest.raises(NeedsReason):
        change("extend", case, by, reason=reason)

    assert told(case) == []


def test_a_case_is_answered_and_the_sender_is_to_be_told(by: dict[str, Any]) -> None:
    case = CaseFactory()

    change("answer", case, by, answer="  Лампите са подменени.\n")

    case.refresh_from_db()
    assert (case.status, case.outcome, case.answer, case.decided_at) == (
        "decided",
        "upheld",
        "Лампите са подменени.",
        NOW,
    )
    assert case.notify_due_on == date(2026, 4, 8)  # Wednesday + 7 = Wednesday
    assert newest(case) == ("~", by["by"], "дадено решение")
    assert told(case) == [("decided", NOW, "clerk", "")]


@pytest.mark.parametrize(
    ("now", "notify_due_on"),
    [
        (at("2026-04-04"), date(2026, 4, 14)),  # 11.04 is Holy Saturday -> Tuesday
        (at("2026-04-01", "20:59"), date(2026, 4, 8)),  # 23:59 on Wednesday
        (at("2026-04-01", "21:00"), date(2026, 4, 9)),  # midnight: Thursday
    ],
)
def test_the_last_day_for_telling_the_sender_is_kept(by: dict[str, Any], now: datetime, notify_due_on: date) -> None:
    case = CaseFactory()

    change("answer", case, {**by, "now": now})

    case.refresh_from_db()
    assert case.notify_due_on == notify_due_on


@pytest.mark.parametrize(
    ("kind", "outcome", "notify_due_on"),
    [
        ("signal", "upheld", date(2026, 4, 8)),
        ("proposal", "accepted", date(2026, 4, 8)),
        ("complaint", "upheld", None),
        ("enquiry", "answered", None),
        ("information", "answered", None),
        ("praise", "noted", None),
    ],
)
def test_only_of_signals_and_proposals_must_the_sender_be_told_in_seven_days(
    by: dict[str, Any], kind: str, outcome: str, notify_due_on: date | None
) -> None:
    case = CaseFactory(kind=kind, **(NO_TERM if kind == "praise" else {}))

    change("answer", case, by, outcome=outcome)

    case.refresh_from_db()
    assert (case.status, case.notify_due_on) == ("decided", notify_due_on)


def test_a_day_off_by_decree_moves_the_notice(by: dict[str, Any]) -> None:
    WorkingDayOverride.objects.create(day=date(2026, 4, 8), is_working=False, source="РМС", learnt_at=at("2026-03-01"))
    case = CaseFactory()

    change("answer", case, by)

    case.refresh_from_db()
    assert case.notify_due_on == date(2026, 4, 9)  # Thursday


FITTING = {
    "signal": {"upheld", "partly_upheld", "not_upheld"},
    "complaint": {"upheld", "partly_upheld", "not_upheld"},
    "proposal": {"accepted", "partly_accepted", "not_accepted"},
    "enquiry": {"answered"},
    "information": {"answered", "refused"},
    "praise": {"noted"},
}


@pytest.mark.parametrize("kind", FITTING)
def test_only_the_outcomes_of_a_kind_fit_it(by: dict[str, Any], kind: str) -> None:
    facts = NO_TERM if kind == "praise" else {}
    refused = set()

    for outcome in Outcome.values:
        try:
            change("answer", CaseFactory(kind=kind, **facts), by, outcome=outcome)
        except WrongOutcome:
            refused.add(outcome)

    assert refused == set(Outcome.values) - FITTING[kind]


def test_a_refused_outcome_changes_nothing(by: dict[str, Any]) -> None:
    case = CaseFactory()

    with pytest.raises(WrongOutcome):
        change("answer", case, by, outcome="noted")

    case.refresh_from_db()
    assert (case.status, told(case), case.history.count()) == ("registered", [], 1)


@pytest.mark.parametrize("answer", ["", "  \n"])
def test_a_decision_without_reasons_is_refused(by: dict[str, Any], answer: str) -> None:
    case = CaseFactory()

    with pytest.raises(NeedsReason):
        change("answer", case, by, answer=answer)

    assert told(case) == []


def test_a_decided_case_is_closed_when_the_sender_is_told(by: dict[str, Any]) -> None:
    case = CaseFactory(decided=True)

    change("close", case, by)

    case.refresh_from_db()
    assert (case.status, case.notified_at, case.closed_at) == ("closed", NOW, NOW)
    assert newest(case) == ("~", by["by"], "с писмо по пощата")
    assert told(case) == [("closed", NOW, "clerk", "с писмо по пощата")]


@pytest.mark.parametrize("traits", [{}, {"status": "assigned"}, {"forwarded": True}, {"closed": True}])
def test_a_case_without_an_untold_decision_is_not_closed(by: dict[str, Any], traits: dict[str, Any]) -> None:
    case = CaseFactory(**traits)
    before = case.status

    with pytest.raises(NotDecided):
        change("close", case, by)

    case.refresh_from_db()
    assert (case.status, told(case), case.history.count()) == (before, [], 1)


@pytest.mark.parametrize("how", ["", " "])
def test_a_case_is_not_closed_without_saying_how(by: dict[str, Any], how: str) -> None:
    case = CaseFactory(decided=True)

    with pytest.raises(NeedsReason):
        change("close", case, by, how=how)

    case.refresh_from_db()
    assert (case.status, told(case)) == ("decided", [])


@pytest.mark.parametrize("name", ["assign", "forward", "extend", "answer"])
@pytest.mark.parametrize("traits", [{"decided": True}, {"closed": True}, {"forwarded": True}])
def test_a_case_that_is_not_open_is_not_changed(by: dict[str, Any], name: str, traits: dict[str, Any]) -> None:
    case = CaseFactory(**traits)
    before = case.status

    with pytest.raises(NotOpen):
        change(name, case, by)

    case.refresh_from_db()
    assert (case.status, told(case), case.history.count()) == (before, [], 1)


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        ("signal", "upheld", "уважен"),
        ("complaint", "upheld", "уважена"),
        ("complaint", "not_upheld", "неоснователна"),
        ("proposal", "accepted", "прието"),
        ("praise", "noted", "благодарим"),
        ("signal", "", ""),
        ("complaint", "", ""),
    ],
)
def test_an_outcome_is_said_in_the_gender_of_the_kind(kind: str, outcome: str, words: str) -> None:
    assert outcome_in_words(kind, outcome) == words


def test_every_kind_has_its_words_and_an_outcome() -> None:
    said = {kind: (kind.heading, kind.use, kind.send, kind.registered) for kind in Kind}

    assert all(all(words) for words in said.values())
    assert set(OUTCOMES) == set(Kind) == {Kind(kind) for kind in FITTING}


def test_a_change_is_refused_to_whoever_has_not_seen_the_last_one(by: dict[str, Any], unit: Unit) -> None:
    case = register_event(CaseFactory())
    seen = case.last_event_id()
    change("assign", case, by, unit=unit, seen=seen)
    other = Unit.objects.get(code="mdt")

    with pytest.raises(ChangedMeanwhile):
        change("assign", case, by, unit=other, seen=seen)

    case.refresh_from_db()
    assert case.unit == unit
    assert change("assign", case, by, unit=other, seen=case.last_event_id()).unit == other


def register_event(case: Case) -> Case:
    """The event with which a case begins in life; the factory makes the row only."""
    case.events.create(kind="registered", at=case.registered_at)
    return case
