"""Signs that a figure is being helped along: each pattern of dates is found, and what only looks like it is not."""

from datetime import date, datetime
from typing import Any

import pytest

from charter.measurement import Period
from feedback.actions.desk import answer_case, forward_case, notify_case, requalify_case
from feedback.actions.questions import ask_sender
from feedback.actions.sender import reopen_case, withdraw_case
from feedback.choices import EndReason, Kind, Status
from feedback.models import Case
from feedback.oversight import HEAPS, SIGNS, Frame, found, size_of
from samokov_portal.office.choices import Channel
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.feedback.life_stories import ANSWER, REASON, body, brought_to, filed, letters_leave

pytestmark = pytest.mark.django_db
START, END = at("2026-10-01", "00:00"), at("2027-01-01", "00:00")

TERM = {"first_due_on": date(2026, 12, 7)}


def numbers(rows: Any) -> set[str]:
    return set(rows.values_list("number", flat=True))


def decided(received: str, due: str, on: str, **facts: Any) -> Case:
    """A case with these dates."""
    return CaseFactory(
        decided=True, received_at=at(received), first_due_on=date.fromisoformat(due), decided_at=at(on), **facts
    )


@pytest.mark.parametrize(
    ("received", "due", "on", "is_sign"),
    [
        # A signal of two months: 61 days, nine tenths are over on the 55th.
        ("2026-09-10", "2026-11-10", "2026-11-04", True),
        ("2026-09-10", "2026-11-10", "2026-11-10", True),
        ("2026-09-10", "2026-11-10", "2026-11-03", False),
        ("2026-09-10", "2026-11-10", "2026-11-11", False),  # late is not in time
        # A fortnight: the last two days.
        ("2026-10-05", "2026-10-19", "2026-10-18", True),
        ("2026-10-05", "2026-10-19", "2026-10-17", False),
        # Of the quarter before.
        ("2026-07-29", "2026-09-29", "2026-09-29", False),
        # Due on the day it came: there is no last tenth of nothing.
        ("2026-10-05", "2026-10-05", "2026-10-05", False),
    ],
)
def test_an_answer_in_the_last_tenth_of_its_term_is_a_sign(received: str, due: str, on: str, is_sign: bool) -> None:
    case = decided(received, due, on)

    assert numbers(Case.objects.left_in_the_last_tenth(START, END)) == ({case.number} if is_sign else set())


def test_leaving_without_an_answer_in_the_last_tenth_is_one_unless_the_sender_withdrew() -> None:
    term = {"received_at": at("2026-09-10"), "first_due_on": date(2026, 11, 10)}
    sent_on = CaseFactory(forwarded=True, **term, forwarded_at=at("2026-11-09"))
    ended = CaseFactory(status=Status.NO_PROCEEDINGS, ended_at=at("2026-11-09"), end_reason=EndReason.REPEATED, **term)
    CaseFactory(status=Status.WITHDRAWN, ended_at=at("2026-11-09"), **term)

    assert numbers(Case.objects.left_in_the_last_tenth(START, END)) == {sent_on.number, ended.number}


def answered_and_told(staff: Any, on: str) -> Case:
    """A signal answered on this day, whose sender was told at once."""
    case = filed(received_at=at("2026-09-10"))
    answer_case(case_id=case.pk, outcome="upheld", answer=ANSWER, by=staff["clerk"], now=at(on))
    notify_case(case_id=case.pk, how="лично на гише", by=staff["clerk"], now=at(on))
    return case


@pytest.mark.parametrize(("asked", "is_sign"), [("2026-10-19", True), ("2026-10-20", False)])
def test_a_case_asked_to_be_looked_at_again_within_fourteen_days_is_a_sign(
    staff: Any, settings: Any, asked: str, is_sign: bool
) -> None:
    settings.REOPEN_DAYS = 30
    case = answered_and_told(staff, "2026-10-05")
    reopen_case(case_id=case.pk, reason=REASON, now=at(asked))

    assert numbers(Case.objects.reopened_soon(START, END)) == ({case.number} if is_sign else set())


def test_another_look_is_measured_from_the_notice_of_the_answer_before_it(staff: Any, settings: Any) -> None:
    settings.REOPEN_DAYS = 30
    case = answered_and_told(staff, "2026-09-10")
    reopen_case(case_id=case.pk, reason=REASON, now=at("2026-09-30"))  # twenty days, and in the quarter before
    answer_case(case_id=case.pk, outcome="upheld", answer=ANSWER, by=staff["clerk"], now=at("2026-10-05"))
    notify_case(case_id=case.pk, how="лично", by=staff["clerk"], now=at("2026-10-05"))

    assert not Case.objects.reopened_soon(START, END).exists()
    reopen_case(case_id=case.pk, reason=f"Пак {REASON}", now=at("2026-10-12"))
    assert numbers(Case.objects.reopened_soon(START, END)) == {case.number}


@pytest.mark.parametrize(
    ("was", "becomes", "is_sign"),
    [
        (Kind.ENQUIRY, Kind.SIGNAL, True),  # seven working days to two months
        (Kind.SIGNAL, Kind.ENQUIRY, False),
        (Kind.SIGNAL, Kind.PROPOSAL, False),  # two months both
        (Kind.SIGNAL, Kind.PRAISE, True),  # nothing is promised any more
        (Kind.PRAISE, Kind.SIGNAL, False),  # nothing was promised before
    ],
)
def test_a_kind_with_a_longer_term_or_none_is_a_sign(staff: Any, was: str, becomes: str, is_sign: bool) -> None:
    case = filed(was, received_at=at("2026-10-05"))
    requalify_case(case_id=case.pk, kind=becomes, reason=REASON, by=staff["clerk"], now=at("2026-10-06"))

    assert numbers(Case.objects.requalified_longer(START, END)) == ({case.number} if is_sign else set())


def test_what_was_registered_on_a_later_day_than_it_came_is_a_sign() -> None:
    late = CaseFactory(**TERM, received_at=at("2026-10-05"), registered_at=at("2026-10-07"))
    CaseFactory(**TERM, received_at=at("2026-10-05", "06:00"), registered_at=at("2026-10-05", "20:00"))
    # Midnight in Sofia is 21:00 in UTC: the same night, two days.
    night = CaseFactory(**TERM, received_at=at("2026-10-05", "20:59"), registered_at=at("2026-10-05", "21:01"))
    CaseFactory(**TERM, received_at=at("2026-09-29"), registered_at=at("2026-09-30"))

    assert numbers(Case.objects.entered_later(START, END)) == {late.number, night.number}


@pytest.mark.parametrize(
    ("asked", "ground", "is_sign"),
    [
        # An information request of Monday 05.10: fourteen days, due on Monday 19.10.
        ("2026-10-16", "information-unclear", True),  # three days before
        ("2026-10-19", "information-unclear", True),
        ("2026-10-15", "information-unclear", False),
        ("2026-10-16", "", False),  # the term runs on
    ],
)
def test_a_term_stopped_just_before_its_end_is_a_sign(staff: Any, asked: str, ground: str, is_sign: bool) -> None:
    case = filed(Kind.INFORMATION, received_at=at("2026-10-05"))
    ask_sender(case_id=case.pk, question="Кой документ?", ground=ground, by=staff["clerk"], now=at(asked))

    assert numbers(Case.objects.suspended_at_the_end(START, END)) == ({case.number} if is_sign else set())


def test_a_withdrawal_of_the_sender_is_no_sign_of_ours() -> None:
    case = filed(received_at=at("2026-09-10"))
    withdraw_case(case_id=case.pk, reason="", now=at("2026-11-10"))

    assert not any(
        heap.find(Case.objects, Frame.at(at("2026-11-23"))).exists() for heap in SIGNS.values() if heap.of is Case
    )


def test_every_heap_says_in_words_what_it_counts_and_what_that_means() -> None:
    assert all(str(heap.title) and str(heap.words) and str(heap.means) for heap in HEAPS.values())


@pytest.mark.parametrize("month", range(1, 13))
def test_the_frame_is_the_quarter_by_which_the_promises_are_counted(month: int) -> None:
    day = date(2026, month, 1)

    assert Frame.at(at(day.isoformat())).quarter == Period.quarter_of(day).span


class TestPromises:
    """Monday 23.11.2026; the fifth working day from it is Monday 30.11."""

    now: datetime = at("2026-11-23")

    def count(self, staff: Any, code: str, role: str = "secretary") -> set[str]:
        return numbers(found(code, user=staff[role], frame=Frame.at(self.now)))

    def test_open_cases_due_within_five_working_days_are_about_to_break(self, staff: Any) -> None:
        today, last, after, past = (
            CaseFactory(received_at=at("2026-09-20"), first_due_on=day)
            for day in (date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 1), date(2026, 11, 20))
        )

        assert self.count(staff, "breaking") == {today.number, last.number}
        assert self.count(staff, "overdue") == {past.number}
        assert after.number not in self.count(staff, "breaking")

    def test_what_is_decided_awaits_its_notice_and_what_is_told_awaits_nothing(self, staff: Any) -> None:
        waiting = decided("2026-10-01", "2026-12-01", "2026-11-20", notify_due_on=date(2026, 11, 27))
        CaseFactory(closed=True, received_at=at("2026-10-01"), first_due_on=date(2026, 11, 27))

        assert self.count(staff, "breaking") == {waiting.number}

    def test_a_term_that_stands_still_breaks_nothing(self, staff: Any) -> None:
        case = filed(Kind.INFORMATION, received_at=at("2026-11-12"))  # due on Thursday 26.11
        assert self.count(staff, "breaking") == {case.number}

        ask_sender(
            case_id=case.pk, question="Кой документ?", ground="information-unclear", by=staff["clerk"], now=self.now
        )
        assert self.count(staff, "breaking") == set()

    def test_applications_that_are_not_ready_are_counted_apart(self, staff: Any) -> None:
        soon = ApplicationFactory(received_at=at("2026-11-16"), due_on=date(2026, 11, 30))
        ApplicationFactory(completed=True, received_at=at("2026-11-16"), due_on=date(2026, 11, 30))
        ApplicationFactory(received_at=at("2026-11-16"), due_on=date(2026, 12, 1))

        assert self.count(staff, "services-breaking") == {soon.number}
        assert self.count(staff, "breaking") == set()

    def test_a_forwarding_is_undelivered_until_the_last_letter_leaves(self, staff: Any) -> None:
        case = filed(received_at=at("2026-11-20"))
        forward_case(case_id=case.pk, bodies=[body()], reason=REASON, by=staff["clerk"], now=self.now)
        assert self.count(staff, "unsent") == {case.number}

        letters_leave(case, "forwarding", self.now)
        assert self.count(staff, "unsent") == set()

    def test_a_case_against_the_secretary_is_in_none_of_her_heaps(self, staff: Any) -> None:
        case = CaseFactory(
            received_at=at("2026-09-20"), first_due_on=date(2026, 11, 23), complained_of=staff["secretary"]
        )

        assert self.count(staff, "breaking") == set()
        assert self.count(staff, "breaking", "mayor") == {case.number}


def test_a_heap_is_counted_no_further_than_anybody_reads(staff: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("feedback.oversight.MOST_COUNTED", 2)
    frame = Frame.at(at("2026-11-23"))
    for _case in range(2):
        CaseFactory(received_at=at("2026-09-20"), first_due_on=date(2026, 11, 23), channel=Channel.WEB)
    two = size_of("breaking", user=staff["secretary"], frame=frame)
    CaseFactory(received_at=at("2026-09-20"), first_due_on=date(2026, 11, 23))
    more = size_of("breaking", user=staff["secretary"], frame=frame)

    assert [(size.count, size.is_more) for size in (two, more)] == [(2, False), (2, True)]


def test_the_life_of_an_ordinary_case_bears_no_sign(staff: Any, now: datetime) -> None:
    brought_to("closed", staff, filed(received_at=at("2026-10-13")))

    frame = Frame.at(now)
    assert {code for code in SIGNS if size_of(code, user=staff["secretary"], frame=frame).count} == set()
