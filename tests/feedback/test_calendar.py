"""Open cases moved by days that decrees moved: who moves, who stays, what is told, and what was true before."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from charter.measurement import MEASURES, Period
from feedback.actions import desk, questions, sender
from feedback.actions.calendar import move_case
from feedback.choices import EventKind, Kind, LetterKind
from feedback.clock import explain, explain_reopening
from feedback.models import Case, Letter
from samokov_portal.legal.terms import Deadline, Why
from samokov_portal.moving import touched_cases
from tests.factories import at
from tests.feedback.life_stories import body, filed, letters_leave, unit
from tests.office.decreeing import REASON, decree, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_by_its_moments")]
NOW = at("2026-11-23", "10:00")  # Monday
BEFORE = at("2026-11-20", "09:00")  # Friday, before the decree was learnt
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)
DECREED = "01.12.2026 г. е неработен ден (РМС № 1 от 2026 г., ДВ, бр. 1 от 2026 г.)."


def due_on_tuesday() -> Case:
    """A signal received on Thursday 01.10.2026; two months later is Tuesday 01.12."""
    case = filed(received_at=at("2026-10-01"))
    assert case.due_on == TUESDAY
    return case


def move(case: Case, staff: Any, day: date = TUESDAY, *, is_working: bool = False, now: datetime = NOW) -> Case:
    """The case after the decree was ordered and the worker came to it."""
    decree(day, is_working=is_working)
    move_case(case_id=case.pk, order=ordered(staff["secretary"], now), now=now)
    case.refresh_from_db()
    return case


def explained(found: Deadline | None) -> Deadline:
    assert found is not None
    return found


def test_an_open_case_moves_with_its_reason_its_event_and_its_letter(staff: Any) -> None:
    case = move(due_on_tuesday(), staff)

    event, letter = case.events.get(kind=EventKind.MOVED), case.letters.get(kind=LetterKind.MOVED)
    words = f"{DECREED} Срокът за отговор се премества от 01.12.2026 г. на 02.12.2026 г."
    assert (case.first_due_on, case.due_on, case.next_on, case.due_moved_at) == (TUESDAY, WEDNESDAY, WEDNESDAY, NOW)
    assert (event.due_on, event.at, event.by, event.note) == (WEDNESDAY, NOW, staff["secretary"], words)
    past = case.history.latest()
    assert (past.history_user, past.history_change_reason) == (staff["secretary"], f"{words} {REASON}")
    assert DECREED in letter.text
    assert "02.12.2026 г." in letter.text


def test_a_day_off_made_working_brings_the_last_day_forward(staff: Any) -> None:
    case = filed(received_at=at("2026-09-28"))  # 28.11 is a Saturday, so Monday 30.11
    assert case.due_on == date(2026, 11, 30)

    move(case, staff, date(2026, 11, 28), is_working=True)

    assert case.due_on == date(2026, 11, 28)
    assert explained(explain(case)).steps[-1].why == Why.SAME_DATE


def test_a_term_in_working_days_is_longer_by_a_day_off_on_the_way(staff: Any) -> None:
    case = filed(Kind.ENQUIRY, received_at=at("2026-11-19", "08:00"))  # Thursday; the seventh is Monday 30.11

    move(case, staff, date(2026, 11, 27))  # Friday

    assert (case.first_due_on, case.due_on) == (date(2026, 11, 30), TUESDAY)


def test_the_moved_date_is_explained_by_the_calendar_of_the_move_and_the_old_one_by_that_before(staff: Any) -> None:
    case = due_on_tuesday()
    before = explained(explain(case))

    moved = explained(explain(move(case, staff)))

    assert (before.due_on, before.steps[-1].why) == (TUESDAY, Why.SAME_DATE)
    assert moved.due_on == WEDNESDAY
    assert [(step.day, step.why) for step in moved.steps[1:]] == [
        (TUESDAY, Why.LAST_DAY_OFF),
        (WEDNESDAY, Why.ROLLED),
    ]
    assert moved.steps[1].note == "РМС № 1 от 2026 г., ДВ, бр. 1 от 2026 г."


def test_a_decree_that_is_learnt_but_not_applied_changes_no_explanation(staff: Any) -> None:
    case = due_on_tuesday()
    questions.ask_sender(case_id=case.pk, question="Къде?", by=staff["clerk"], now=BEFORE)
    decree(TUESDAY)
    sender.reply(case_id=case.pk, text="До реката.", now=NOW)  # the question did not stop the term
    case.refresh_from_db()

    assert explained(explain(case)).due_on == TUESDAY


def test_a_second_time_nothing_happens(staff: Any) -> None:
    case = due_on_tuesday()
    decree(TUESDAY)
    order = ordered(staff["secretary"], NOW)

    first = move_case(case_id=case.pk, order=order, now=NOW)
    rows = (case.events.count(), Letter.objects.count(), case.history.count())
    second = move_case(case_id=case.pk, order=order, now=at("2026-11-24"))

    assert (len(first), second) == (1, [])
    assert (case.events.count(), Letter.objects.count(), case.history.count()) == rows


def test_of_two_decrees_for_one_day_each_moves_the_case_and_both_dates_stay_answerable(staff: Any) -> None:
    case = move(due_on_tuesday(), staff)
    first = decree(TUESDAY, is_working=True, learnt_at=at("2026-11-24"), source="РМС № 2 от 2026 г.")

    move_case(case_id=case.pk, order=ordered(staff["secretary"], at("2026-11-25")), now=at("2026-11-25"))

    case.refresh_from_db()
    assert case.due_on == TUESDAY
    assert explained(explain(case)).due_on == TUESDAY
    assert first.basis in case.events.in_order().last().note
    then = [Case.objects.known_at(at(day)).get().due_on for day in ("2026-11-22", "2026-11-24", "2026-11-25")]
    assert then == [TUESDAY, WEDNESDAY, TUESDAY]


def test_a_case_registered_after_the_decree_was_learnt_needs_no_move(staff: Any) -> None:
    decree(WEDNESDAY)
    case = filed(Kind.ENQUIRY, received_at=NOW)  # Monday 23.11; the seventh working day would be 02.12
    order = ordered(staff["secretary"], NOW)

    moved = move_case(case_id=case.pk, order=order, now=NOW)

    assert (case.due_on, moved) == (date(2026, 12, 3), [])


def test_no_date_moves_into_the_past(staff: Any) -> None:
    case = filed(received_at=at("2026-09-28"))  # Saturday 28.11, so Monday 30.11

    move(case, staff, date(2026, 11, 28), is_working=True, now=at("2026-11-30"))

    assert (case.due_on, case.due_moved_at) == (date(2026, 11, 30), None)


def test_what_was_late_by_a_day_off_is_late_no_more_but_was_before(staff: Any) -> None:
    case = filed(received_at=at("2026-09-21"))  # due on Saturday 21.11, so Monday 23.11

    move(case, staff, date(2026, 11, 23), now=at("2026-11-24"))

    assert case.due_on == date(2026, 11, 24)
    assert Case.objects.known_at(at("2026-11-23", "23:00")).get().due_on == date(2026, 11, 23)


ENDS = ("closed", "forwarded", "withdrawn", "ended", "decided")


def ended(how: str, staff: Any) -> Case:
    """A case due on Tuesday that came to an end before the decree, or at least to its answer."""
    case, clerk = due_on_tuesday(), staff["clerk"]
    if how == "withdrawn":
        sender.withdraw_case(case_id=case.pk, reason="", now=BEFORE)
    elif how == "ended":
        desk.end_case(case_id=case.pk, ground="repeated", reason="Вече е решено.", by=clerk, now=BEFORE)
    elif how == "forwarded":
        desk.forward_case(case_id=case.pk, bodies=[body()], reason="Не е наше.", by=clerk, now=BEFORE)
        letters_leave(case, LetterKind.FORWARDING, BEFORE)
    else:
        desk.answer_case(case_id=case.pk, outcome="upheld", answer="Подменена е.", by=clerk, now=BEFORE)
    if how == "closed":
        desk.notify_case(case_id=case.pk, how="на гише", by=clerk, now=BEFORE)
        desk.close_case(case_id=case.pk, by=clerk, now=BEFORE)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("how", ENDS)
def test_what_is_answered_or_ended_keeps_its_last_day(staff: Any, how: str) -> None:
    case = ended(how, staff)
    before = (case.due_on, case.events.count(), case.letters.count(), case.history.count())

    move(case, staff)

    assert (case.due_on, case.events.count(), case.letters.count(), case.history.count()) == before


def test_the_day_of_notice_moves_without_a_letter_and_was_the_old_one_before(staff: Any) -> None:
    case = due_on_tuesday()
    desk.answer_case(
        case_id=case.pk, outcome="upheld", answer="Подменена е.", by=staff["clerk"], now=at("2026-11-18")
    )  # Wednesday + 7 = Wednesday 25.11
    letters = case.letters.count()

    move(case, staff, date(2026, 11, 25))

    assert (case.notify_due_on, case.next_on, case.notice_moved_at) == (date(2026, 11, 26), date(2026, 11, 26), NOW)
    assert (case.due_on, case.due_moved_at, case.letters.count()) == (TUESDAY, None, letters)
    then = [Case.objects.known_at(moment).get().notify_due_on for moment in (at("2026-11-22"), NOW)]
    assert then == [date(2026, 11, 25), date(2026, 11, 26)]


def test_the_day_for_forwarding_moves_in_the_history_only(staff: Any) -> None:
    case = filed(received_at=at("2026-11-19", "08:00"))  # Thursday; forwarded at the latest on Thursday 26.11
    events, letters = case.events.count(), case.letters.count()

    move(case, staff, date(2026, 11, 26))

    assert case.forward_due_on == date(2026, 11, 27)
    assert "Срокът за препращане" in case.history.latest().history_change_reason
    assert (case.events.count(), case.letters.count()) == (events, letters)


def test_what_is_being_forwarded_gets_the_same_day(staff: Any) -> None:
    case = filed(received_at=at("2026-11-19", "08:00"))
    desk.forward_case(
        case_id=case.pk, bodies=[body()], reason="Не е наше.", by=staff["clerk"], now=at("2026-11-19", "09:00")
    )
    case.refresh_from_db()

    move(case, staff, date(2026, 11, 26))

    assert (case.forward_due_on, case.next_on) == (date(2026, 11, 27), date(2026, 11, 27))


def test_while_the_clock_stands_still_the_sender_gets_the_day_more(staff: Any) -> None:
    case = filed(Kind.INFORMATION, received_at=at("2026-10-26"))
    questions.ask_sender(
        case_id=case.pk,
        question="Кой документ?",
        ground="information-unclear",
        by=staff["clerk"],
        now=at("2026-11-02"),  # Monday + 30 = Wednesday 02.12
    )
    due_on = case.due_on

    move(case, staff, WEDNESDAY)

    question, letter = case.questions.get(), case.letters.get(kind=LetterKind.MOVED)
    assert (question.answer_due_on, case.next_on, case.due_on) == (date(2026, 12, 3), date(2026, 12, 3), due_on)
    assert "Срокът, в който може да отговорите на въпроса ни" in letter.text
    assert "03.12.2026 г." in letter.text
    assert case.events.get(kind=EventKind.MOVED).due_on is None
    assert REASON in question.history.latest().history_change_reason


def reopened(staff: Any) -> Case:
    """A signal at which its sender asked for another look on Thursday 01.10.2026."""
    case, clerk = filed(received_at=at("2026-09-14")), staff["clerk"]
    desk.assign_case(case_id=case.pk, unit=unit(), by=clerk, now=at("2026-09-15"))
    desk.answer_case(case_id=case.pk, outcome="upheld", answer="Подменена е.", by=clerk, now=at("2026-09-21"))
    desk.notify_case(case_id=case.pk, how="на гише", by=clerk, now=at("2026-09-22"))
    sender.reopen_case(case_id=case.pk, reason="Пак не свети.", now=at("2026-10-01"))
    return Case.objects.get(pk=case.pk)


def test_another_look_moves_and_the_first_answer_does_not(staff: Any) -> None:
    case = reopened(staff)
    first = (case.due_on, case.due_moved_at, case.decided_at)

    move(case, staff)

    look = case.reopenings.get()
    assert (look.due_on, case.next_on) == (WEDNESDAY, WEDNESDAY)
    assert (case.due_on, case.due_moved_at, case.decided_at) == first
    assert explain_reopening(look).due_on == WEDNESDAY
    assert "02.12.2026 г." in case.letters.get(kind=LetterKind.MOVED).text


def test_the_notice_of_another_look_moves_and_that_of_the_first_answer_does_not(staff: Any) -> None:
    case = reopened(staff)
    desk.answer_case(case_id=case.pk, outcome="upheld", answer="Пак.", by=staff["clerk"], now=at("2026-11-18"))
    first = Case.objects.get(pk=case.pk).notify_due_on

    move(case, staff, date(2026, 11, 25))

    assert case.reopenings.get().notify_due_on == date(2026, 11, 26)
    assert (case.notify_due_on, case.notice_moved_at) == (first, None)


def test_an_explanation_of_another_look_stays_as_it_was_until_the_decree_is_applied(staff: Any) -> None:
    case = reopened(staff)
    decree(TUESDAY)

    assert explain_reopening(case.reopenings.get()).due_on == TUESDAY


def test_a_case_without_a_term_of_its_own_moves_nothing(staff: Any) -> None:
    case = filed(Kind.PRAISE, received_at=at("2026-11-10"))
    events = case.events.count()

    move(case, staff)

    assert (case.due_on, case.events.count()) == (None, events)


def test_who_left_no_way_to_reach_them_gets_no_letter_but_the_date_moves(staff: Any) -> None:
    case = filed(received_at=at("2026-10-01"), name="", email="", channel="post")

    move(case, staff)

    assert (case.due_on, case.letters.count()) == (WEDNESDAY, 0)


def test_the_date_and_the_letter_are_stored_together_or_not_at_all(staff: Any) -> None:
    case = due_on_tuesday()
    decree(TUESDAY)
    order = ordered(staff["secretary"], NOW)

    with transaction.atomic():
        move_case(case_id=case.pk, order=order, now=NOW)
        transaction.set_rollback(True)
    case.refresh_from_db()

    assert case.due_on == TUESDAY
    assert not case.events.filter(kind=EventKind.MOVED).exists()
    assert not case.letters.filter(kind=LetterKind.MOVED).exists()


@pytest.mark.parametrize(
    ("day", "is_working", "touched"),
    [
        (date(2026, 12, 1), False, True),
        (date(2026, 11, 30), False, True),  # near enough to be looked at
        (date(2026, 12, 2), False, False),  # after the last day
        (date(2026, 10, 15), False, False),  # long before
    ],
)
def test_only_cases_near_the_day_are_looked_at(day: date, is_working: bool, touched: bool) -> None:
    case = due_on_tuesday()
    row = decree(day, is_working=is_working)

    assert list(touched_cases([row])) == ([case] if touched else [])


NOVEMBER, DECEMBER = Period.parse("2026-11"), Period.parse("2026-12")


def figures(measure: str, period: Period, as_of: datetime) -> tuple[int, int]:
    share = MEASURES[measure](period, as_of)
    return share.part, share.whole


def test_a_figure_as_of_before_the_decree_is_the_old_one(staff: Any) -> None:
    case = filed(received_at=at("2026-09-30"))  # due on Monday 30.11
    decree(date(2026, 11, 30))
    overdue, moved_at, decided_at = at("2026-12-01", "08:00"), at("2026-12-01", "09:00"), at("2026-12-01", "10:00")
    before = figures("signal-decision", NOVEMBER, overdue)

    move_case(case_id=case.pk, order=ordered(staff["secretary"], moved_at), now=moved_at)
    desk.answer_case(case_id=case.pk, outcome="upheld", answer="Подменена е.", by=staff["clerk"], now=decided_at)

    assert before == figures("signal-decision", NOVEMBER, overdue) == (0, 1)  # it was late
    assert figures("signal-decision", NOVEMBER, decided_at) == (0, 0)
    assert figures("signal-decision", DECEMBER, decided_at) == (0, 0)  # decided, and the moved term still runs
    assert figures("signal-decision", DECEMBER, at("2026-12-01", "22:00")) == (1, 1)  # midnight in Sofia


def test_the_figure_of_notices_as_of_before_the_decree_is_the_old_one(staff: Any) -> None:
    case = filed(received_at=at("2026-10-05"))
    desk.answer_case(
        case_id=case.pk, outcome="upheld", answer="Подменена е.", by=staff["clerk"], now=at("2026-11-23")
    )  # Monday + 7 = Monday 30.11
    decree(date(2026, 11, 30))
    overdue, moved_at, told_at = at("2026-12-01", "08:00"), at("2026-12-01", "09:00"), at("2026-12-01", "10:00")
    before = figures("notify", NOVEMBER, overdue)

    move_case(case_id=case.pk, order=ordered(staff["secretary"], moved_at), now=moved_at)
    desk.notify_case(case_id=case.pk, how="на гише", by=staff["clerk"], now=told_at)

    assert before == figures("notify", NOVEMBER, overdue) == (0, 1)
    assert (figures("notify", NOVEMBER, told_at), figures("notify", DECEMBER, told_at)) == ((0, 0), (0, 0))
    assert figures("notify", DECEMBER, at("2026-12-01", "22:00")) == (1, 1)  # midnight in Sofia
