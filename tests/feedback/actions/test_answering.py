"""Answering, making the answer known, closing; and the answer of another look."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from feedback.actions.post import expire_case
from feedback.actions.refusals import NotPossible, WrongOutcome
from feedback.choices import OUTCOMES, Kind, Outcome, Status, outcome_in_words
from feedback.models import Case
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import WorkingDayOverride
from tests.factories import at
from tests.feedback.life_stories import ANSWER, NAMELESS, brought_to, filed, letters_leave, take

pytestmark = pytest.mark.django_db
NOW = at("2026-04-01")  # Wednesday


def test_a_case_is_answered_and_the_sender_is_to_be_told(staff: dict[str, Any], told: Any, newest: Any) -> None:
    case = take("answer", filed(), now=NOW, by=staff["clerk"], answer="  Лампите са подменени.\n")

    assert (case.status, case.outcome, case.answer, case.decided_at) == ("decided", "upheld", ANSWER, NOW)
    assert case.notify_due_on == case.next_on == date(2026, 4, 8)  # Wednesday + 7 = Wednesday
    assert newest(case) == ("~", staff["clerk"], "дадено решение")
    assert told(case) == [("decided", NOW, "clerk", "")]
    assert ANSWER in case.letters.get(kind="decided").text


@pytest.mark.parametrize(
    ("now", "notify_due_on"),
    [
        (at("2026-04-04"), date(2026, 4, 14)),  # 11.04 is Holy Saturday -> Tuesday
        (at("2026-04-01", "20:59"), date(2026, 4, 8)),  # 23:59 on Wednesday
        (at("2026-04-01", "21:00"), date(2026, 4, 9)),  # midnight: Thursday
    ],
)
def test_the_last_day_for_telling_the_sender_is_kept(staff: dict[str, Any], now: datetime, notify_due_on: date) -> None:
    case = take("answer", filed(), now=now, by=staff["clerk"])

    assert case.notify_due_on == notify_due_on


@pytest.mark.parametrize(
    ("kind", "notify_due_on"),
    [
        ("signal", date(2026, 4, 8)),
        ("proposal", date(2026, 4, 8)),
        ("complaint", None),
        ("enquiry", None),
        ("information", None),
        ("praise", None),
    ],
)
def test_only_of_signals_and_proposals_must_the_sender_be_told_in_seven_days(
    staff: dict[str, Any], kind: str, notify_due_on: date | None
) -> None:
    case = take("answer", filed(kind), now=NOW, by=staff["clerk"])

    assert (case.status, case.notify_due_on) == ("decided", notify_due_on)


def test_a_day_off_by_decree_moves_the_notice(staff: dict[str, Any]) -> None:
    facts = {
        "is_working": False,
        "source": "РМС № 1",
        "gazette": "ДВ, бр. 10 от 2026 г.",
        "learnt_at": at("2026-03-01"),
    }
    WorkingDayOverride.objects.create(day=date(2026, 4, 8), **facts)

    case = take("answer", filed(), now=NOW, by=staff["clerk"])

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
def test_only_the_outcomes_of_a_kind_fit_it(staff: dict[str, Any], kind: str) -> None:
    refused = set()

    for outcome in Outcome.values:
        try:
            take("answer", filed(kind), now=NOW, by=staff["clerk"], outcome=outcome)
        except WrongOutcome:
            refused.add(outcome)

    assert refused == set(Outcome.values) - FITTING[kind]


def test_anonymous_praise_is_answered(staff: dict[str, Any]) -> None:
    case = take("answer", filed("praise", **NAMELESS), now=NOW, by=staff["clerk"])

    assert (case.status, case.letters.count()) == ("decided", 0)


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


def test_the_sender_is_notified_when_the_letter_has_left(staff: dict[str, Any], told: Any) -> None:
    case = take("answer", filed(), now=NOW, by=staff["clerk"])
    assert case.notified_at is None

    letters_leave(case, "decided", at("2026-04-02"))

    case.refresh_from_db()
    assert (case.status, case.notified_at, case.next_on) == ("notified", at("2026-04-02"), None)
    assert told(case)[-1] == ("notified", at("2026-04-02"), None, "по имейл")


def test_an_official_tells_the_sender_and_the_letter_that_leaves_later_changes_nothing(
    staff: dict[str, Any], told: Any, newest: Any
) -> None:
    case = take("answer", filed(), now=NOW, by=staff["clerk"])

    case = take("notify", case, now=at("2026-04-02"), by=staff["expert"], how=" лично на гише ")
    letters_leave(case, "decided", at("2026-04-03"))

    case.refresh_from_db()
    assert (case.status, case.notified_at) == ("notified", at("2026-04-02"))
    assert newest(case) == ("~", staff["expert"], "лично на гише")
    assert told(case)[-1] == ("notified", at("2026-04-02"), "expert", "лично на гише")


def test_a_notified_case_is_closed(staff: dict[str, Any], told: Any) -> None:
    case = take("close", brought_to(Status.NOTIFIED, staff), now=NOW, by=staff["clerk"])

    assert (case.status, case.closed_at) == ("closed", NOW)
    assert told(case)[-1] == ("closed", NOW, "clerk", "")


def test_a_notified_case_expires_once(staff: dict[str, Any], told: Any) -> None:
    case = brought_to(Status.NOTIFIED, staff)

    case = expire_case(case_id=case.pk, now=NOW)

    assert (case.status, case.closed_at) == ("closed", NOW)
    assert told(case)[-1] == ("closed", NOW, None, "")
    with pytest.raises(NotPossible):
        expire_case(case_id=case.pk, now=NOW)


def first_answer(case: Case) -> tuple[Any, ...]:
    return case.decided_at, case.outcome, case.answer, case.notify_due_on, case.notified_at, case.due_on


def test_another_look_has_its_own_answer_and_the_first_one_stays(staff: dict[str, Any], told: Any) -> None:
    case = brought_to(Status.REOPENED, staff)
    before, now = first_answer(case), at("2026-03-12")
    again = case.reopenings.get()
    assert case.next_on == again.due_on == date(2026, 5, 6) + timedelta(days=1)  # 06.03 + 2 months: a holiday

    case = take("answer", case, now=now, by=staff["expert"], outcome="not_upheld", answer="Вече свети.")
    again.refresh_from_db()
    assert (case.status, case.next_on, first_answer(case)) == ("decided", date(2026, 3, 19), before)
    assert (again.outcome, again.answer, again.decided_at) == ("not_upheld", "Вече свети.", now)
    letter = case.letters.filter(kind="decided").order_by("-pk")[0]
    assert "Вече свети." in letter.text

    letters_leave(case, "decided", at("2026-03-13"))
    case.refresh_from_db()
    again.refresh_from_db()
    assert (case.status, first_answer(case)) == ("notified", before)
    assert again.notified_at == at("2026-03-13")

    case = take("close", case, now=at("2026-03-16"), by=staff["clerk"])
    assert (case.status, case.closed_at, first_answer(case)) == ("closed", at("2026-03-16"), before)


def test_the_desk_tells_of_the_answer_of_another_look(staff: dict[str, Any]) -> None:
    case = take("answer", brought_to(Status.REOPENED, staff), now=at("2026-03-12"), by=staff["clerk"])
    first = case.notified_at

    case = take("notify", case, now=at("2026-03-16"), by=staff["clerk"])

    assert (case.status, case.notified_at) == ("notified", first)
    assert case.reopenings.get().notified_at == at("2026-03-16")


def test_an_anonymous_case_cannot_be_notified_before_there_is_an_answer(staff: dict[str, Any]) -> None:
    case = filed(channel=Channel.POST, **NAMELESS)

    with pytest.raises(NotPossible):
        take("notify", case, now=NOW, by=staff["clerk"])
