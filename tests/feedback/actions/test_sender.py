"""What the sender does: adds, answers, withdraws, rates, asks for another look."""

from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings

from feedback.actions.refusals import AlreadyDone, NeedsReason, NotPossible, WindowClosed
from feedback.actions.sender import reopen_until
from feedback.choices import Status
from feedback.clock import explain_reopening
from tests.factories import at
from tests.feedback.life_stories import brought_to, filed, letters_leave, take

pytestmark = pytest.mark.django_db
NOW = at("2026-03-10")


def test_information_is_added_and_nothing_else_changes(staff: dict[str, Any], told: Any) -> None:
    case = brought_to(Status.ASSIGNED, staff)

    after = take("add", case, now=NOW, text=" Стълбът е № 3.\n")

    assert (after.status, after.due_on, after.text) == (case.status, case.due_on, case.text)
    assert told(after)[-1] == ("added", NOW, None, "Стълбът е № 3.")


def test_a_case_is_withdrawn_without_saying_why(told: Any, newest: Any) -> None:
    case = take("withdraw", filed(), now=NOW)

    assert (case.status, case.ended_at, case.end_reason, case.next_on) == ("withdrawn", NOW, "", None)
    assert newest(case) == ("~", None, "оттеглена")
    assert told(case) == [("withdrawn", NOW, None, "")]


def test_withdrawing_while_a_question_waits_ends_the_question(staff: dict[str, Any]) -> None:
    case = take("withdraw", brought_to(Status.CLARIFICATION, staff), now=NOW, reason="Оправиха го.")

    assert case.questions.get().lapsed_at == NOW


def test_each_answer_is_rated_once(staff: dict[str, Any]) -> None:
    case = take("rate", brought_to(Status.NOTIFIED, staff), now=NOW, score=2, comment=" Още не свети. ")

    with pytest.raises(AlreadyDone):
        take("rate", case, now=NOW, score=5)
    case = take("reopen", case, now=NOW)
    with pytest.raises(NotPossible):
        take("rate", case, now=NOW, score=5)
    case = take("answer", case, now=at("2026-03-12"), by=staff["clerk"])
    case = take("rate", case, now=at("2026-03-13"), score=5, comment="")

    assert list(case.ratings.order_by("round").values_list("round", "score", "comment")) == [
        (1, 2, "Още не свети."),
        (2, 5, ""),
    ]


def test_another_look_has_a_term_of_its_own_from_the_day_it_was_asked_for(
    staff: dict[str, Any], told: Any, newest: Any
) -> None:
    case = brought_to(Status.NOTIFIED, staff)
    before = (case.decided_at, case.outcome, case.answer, case.due_on, case.notified_at)

    case = take("reopen", case, now=NOW, reason=" Още не свети. ")

    again = case.reopenings.get()
    assert (again.due_on, again.reason, again.asked_at) == (date(2026, 5, 11), "Още не свети.", NOW)  # 10.05 is Sunday
    assert (case.status, case.next_on) == ("reopened", date(2026, 5, 11))
    assert (case.decided_at, case.outcome, case.answer, case.due_on, case.notified_at) == before
    assert newest(case) == ("~", None, "Още не свети.")
    assert told(case)[-1] == ("reopened", NOW, None, "Още не свети.")
    assert explain_reopening(again).due_on == again.due_on


def test_a_closed_case_is_opened_again(staff: dict[str, Any]) -> None:
    case = take("reopen", brought_to(Status.CLOSED, staff), now=NOW)

    assert (case.status, case.closed_at) == ("reopened", None)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (at("2026-03-19", "21:59"), True),  # the last minute of the fourteenth day in Sofia (winter time)
        (at("2026-03-19", "22:00"), False),
    ],
)
def test_another_look_is_asked_for_within_the_time_for_it(staff: dict[str, Any], now: datetime, is_open: bool) -> None:
    assert settings.REOPEN_DAYS == 14
    case = brought_to(Status.NOTIFIED, staff)  # told on Thursday 05.03

    if is_open:
        case = take("reopen", case, now=now)
    else:
        with pytest.raises(WindowClosed):
            take("reopen", case, now=now)

    assert case.reopenings.exists() == is_open


def test_the_time_runs_anew_from_the_answer_of_another_look(staff: dict[str, Any]) -> None:
    case = take("answer", brought_to(Status.REOPENED, staff), now=at("2026-04-20"), by=staff["clerk"])
    letters_leave(case, "decided", at("2026-04-21"))
    case.refresh_from_db()

    assert reopen_until(case) == date(2026, 5, 5)
    case = take("reopen", case, now=at("2026-05-05"))
    assert case.reopenings.count() == 2


def test_praise_is_not_looked_at_again(staff: dict[str, Any]) -> None:
    case = brought_to(Status.NOTIFIED, staff, filed("praise"))

    with pytest.raises(WindowClosed):
        take("reopen", case, now=NOW)


def test_a_refused_move_leaves_nothing_behind(staff: dict[str, Any]) -> None:
    case = brought_to(Status.NOTIFIED, staff)
    events = case.events.count()

    with pytest.raises(NeedsReason):
        take("reopen", case, now=NOW, reason=" ")

    case.refresh_from_db()
    assert (case.status, case.events.count(), case.reopenings.count()) == ("notified", events, 0)
