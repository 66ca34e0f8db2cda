"""Questions to the sender: when the term stands still for them, and when it does not."""

from datetime import date, datetime
from typing import Any

import pytest

from feedback.actions.refusals import NeedsName, WrongGround
from feedback.choices import Status
from feedback.clock import explain
from feedback.models import Case
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import Why
from samokov_portal.office.choices import Channel
from tests.factories import at
from tests.feedback.life_stories import NAMELESS, brought_to, filed, take
from tests.knowing import decisions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_by_its_moments")]
UNCLEAR = {"ground": "information-unclear"}
RECEIVED = date(2026, 3, 2)  # Monday; information is due on Monday 16.03
ASKED_AT = at("2026-03-09")  # Monday; the sender has thirty days: Wednesday 08.04
LAST_DAY = date(2026, 4, 8)


def asked(staff: dict[str, Any], now: datetime = ASKED_AT) -> Case:
    return take("ask", filed("information"), now=now, by=staff["clerk"], **UNCLEAR)


def test_a_question_stops_the_term_only_on_the_ground_of_the_law(staff: dict[str, Any], told: Any) -> None:
    case = asked(staff)

    question = case.questions.get()
    assert (case.status, case.paused_at, case.next_on) == ("clarification", ASKED_AT, LAST_DAY)
    assert (question.ground, question.answer_due_on, question.asked_by) == (*UNCLEAR.values(), LAST_DAY, staff["clerk"])
    assert told(case) == [("asked", ASKED_AT, "clerk", "На кой стълб?")]


@pytest.mark.parametrize("kind", ["signal", "proposal", "complaint", "enquiry"])
def test_a_question_about_anything_else_does_not_stop_the_term(staff: dict[str, Any], kind: str) -> None:
    case = filed(kind)

    with pytest.raises(WrongGround):
        take("ask", case, now=ASKED_AT, by=staff["clerk"], **UNCLEAR)
    after = take("ask", case, now=ASKED_AT, by=staff["clerk"])

    assert (after.status, after.paused_at, after.due_on, after.next_on) == (
        "clarification",
        None,
        case.due_on,
        case.due_on,
    )


@pytest.mark.parametrize(
    ("asked_at", "replied_at", "due_on"),
    [
        (ASKED_AT, at("2026-03-11"), date(2026, 3, 25)),  # Wednesday + 14 days
        (ASKED_AT, at("2026-03-09", "15:00"), date(2026, 3, 23)),  # the same Monday + 14
        (at("2026-03-02"), at("2026-03-02", "15:00"), date(2026, 3, 16)),  # on the day of receipt: as if never asked
        (ASKED_AT, at("2026-04-20"), date(2026, 5, 4)),  # after the last day, not yet lapsed: Monday + 14
        (ASKED_AT, at("2026-03-28"), date(2026, 4, 14)),  # Saturday + 14 = Holy Saturday, then Easter to Monday 13.04
    ],
)
def test_the_term_for_information_begins_anew_with_the_answer(
    staff: dict[str, Any], asked_at: datetime, replied_at: datetime, due_on: date
) -> None:
    case = take("reply", asked(staff, asked_at), now=replied_at)

    explained = explain(case)
    assert (case.status, case.paused_at, case.due_on, case.next_on) == ("registered", None, due_on, due_on)
    assert case.first_due_on == date(2026, 3, 16)
    assert explained is not None
    restarted = [step.day for step in explained.steps if step.why == Why.RESTARTED]
    assert restarted == [day for day in [day_of_receipt(replied_at)] if day != RECEIVED]


def test_the_answer_to_a_question_about_a_signal_leaves_the_term_as_it_was(staff: dict[str, Any], told: Any) -> None:
    case = brought_to(Status.CLARIFICATION, staff)

    case = take("reply", case, now=at("2026-03-20"), text=" На третия.\n")

    question = case.questions.get()
    assert (case.status, case.due_on, case.due_moved_at) == ("assigned", date(2026, 5, 4), None)
    assert (question.reply, question.replied_at) == ("На третия.", at("2026-03-20"))
    assert told(case)[-1] == ("replied", at("2026-03-20"), None, "На третия.")


def test_an_official_writes_down_an_answer_given_by_phone(staff: dict[str, Any], told: Any, newest: Any) -> None:
    case = take("record_reply", brought_to(Status.CLARIFICATION, staff), now=ASKED_AT, by=staff["expert"])

    assert told(case)[-1] == ("replied", ASKED_AT, "expert", "На третия.")
    assert newest(case.questions.get()) == ("~", staff["expert"], "отговорен")


@pytest.mark.parametrize("now", [at("2026-03-10"), at("2026-04-08", "20:59")])  # the last minute of the last day
def test_the_sender_keeps_the_time_that_the_law_gives(staff: dict[str, Any], now: datetime) -> None:
    case = asked(staff)

    with pytest.raises(WrongGround):
        take("lapse", case, now=now, by=staff["clerk"])

    case.refresh_from_db()
    assert (case.status, case.paused_at) == ("clarification", ASKED_AT)


def test_after_the_last_day_the_question_lapses_and_the_term_begins(staff: dict[str, Any], told: Any) -> None:
    now = at("2026-04-08", "21:00")  # midnight in Sofia: Thursday 09.04

    case = take("lapse", asked(staff), now=now, by=staff["clerk"])

    assert (case.status, case.paused_at, case.due_on) == ("registered", None, date(2026, 4, 23))
    assert case.questions.get().lapsed_at == now
    assert told(case)[-1] == ("lapsed", now, "clerk", "")


def test_a_question_without_a_last_day_lapses_when_the_official_goes_on(staff: dict[str, Any]) -> None:
    case = take("lapse", brought_to(Status.CLARIFICATION, staff), now=ASKED_AT, by=staff["expert"])

    assert (case.status, case.due_on) == ("assigned", date(2026, 5, 4))


def test_a_second_question_may_follow_the_first(staff: dict[str, Any]) -> None:
    case = take("reply", asked(staff), now=at("2026-03-11"))

    case = take("ask", case, now=at("2026-03-12"), by=staff["clerk"], **UNCLEAR)
    case = take("reply", case, now=at("2026-03-16"))

    assert case.due_on == date(2026, 3, 30)  # Monday + 14 days
    assert case.questions.count() == 2


def test_nobody_is_asked_where_nobody_can_answer(staff: dict[str, Any]) -> None:
    case = filed(channel=Channel.POST, **NAMELESS)

    with pytest.raises(NeedsName):
        take("ask", case, now=ASKED_AT, by=staff["clerk"])

    assert not case.questions.exists()


def test_an_extended_term_that_begins_anew_is_no_shorter_than_the_term_itself(staff: dict[str, Any]) -> None:
    case = filed("information")
    case = take(
        "extend", case, now=at("2026-03-05"), by=staff["clerk"], ground="information-volume", due_on=date(2026, 3, 18)
    )
    case = take("ask", case, now=ASKED_AT, by=staff["clerk"], **UNCLEAR)

    case = take("reply", case, now=at("2026-03-11"))

    # Fourteen days from the answer lie beyond the extension, which is then none.
    assert (case.due_on, case.extended_at) == (date(2026, 3, 25), None)


@pytest.mark.parametrize("name", ["withdraw", "record_withdrawal"])
def test_what_is_withdrawn_while_the_term_stands_still_is_not_late(staff: dict[str, Any], name: str) -> None:
    now = at("2026-04-01")  # Wednesday, long after Monday 16.03

    case = take(name, asked(staff), now=now, by=staff["clerk"])

    assert (case.status, case.paused_at, case.due_on) == ("withdrawn", None, date(2026, 4, 15))
    assert case.questions.get().lapsed_at == now
    cases = Case.objects.known_at(at("2026-06-01"))
    assert decisions(cases, at("2026-06-01")) == {
        "part": 0,
        "whole": 0,
        "in_term": 0,
        "forwarded": 0,
        "no_proceedings": 0,
        "withdrawn": 1,
    }
    explained = explain(case)
    assert explained is not None
    assert not explained.is_suspended
