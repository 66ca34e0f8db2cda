"""A case that becomes another kind: which promise it counts for, and by what it is grouped, as of each moment."""

from datetime import date, datetime
from typing import Any

import pytest

from charter.measurement import MEASURES, Period
from charter.measurement.tally import states_by
from charter.measurement.telling import told_each
from feedback.models import Case, CaseEvent
from samokov_portal.history import save_with_history
from services.models import Unit
from tests.factories import at
from tests.feedback.life_stories import filed, take
from tests.knowing import known_from

pytestmark = pytest.mark.django_db

Q1, Q2 = Period.parse("2026-Q1"), Period.parse("2026-Q2")
# An enquiry of Monday 02.03.2026 is due on Thursday 12.03 (03.03 is a holiday), a signal on Monday 04.05.
RENAMED_AT = at("2026-03-16")
LATER = at("2026-11-23")


def counted(measure: str, period: Period, as_of: datetime = LATER) -> tuple[int, int]:
    share = MEASURES[measure](period, as_of)
    return share.part, share.whole


def renamed(case: Case, kind: str, staff: Any, now: datetime = RENAMED_AT) -> Case:
    with known_from(now):
        return take("requalify", case, now=now, by=staff["clerk"], kind=kind)


def moved_to(case: Case, unit: Unit, now: datetime) -> None:
    case.unit = unit
    with known_from(now):
        save_with_history(case, by=None, why="ново звено")


def an_enquiry() -> Case:
    with known_from(at("2026-03-02", "10:00")):
        return filed("enquiry")


def test_a_term_that_was_missed_stays_missed_under_another_name(staff: Any) -> None:
    renamed(an_enquiry(), "signal", staff)

    assert counted("enquiry-answer", Q1) == (0, 1)
    assert counted("signal-decision", Q2) == (0, 1)


def test_a_term_that_still_ran_is_not_missed_by_a_new_name(staff: Any) -> None:
    renamed(an_enquiry(), "signal", staff, at("2026-03-12"))

    assert counted("enquiry-answer", Q1) == (0, 0)
    assert counted("signal-decision", Q2) == (0, 1)


def test_there_and_back_again_is_one_missed_term(staff: Any) -> None:
    case = renamed(an_enquiry(), "signal", staff)

    renamed(case, "enquiry", staff, at("2026-03-17"))

    assert counted("enquiry-answer", Q1) == (0, 1)
    assert counted("enquiry-answer", Q1, as_of=at("2026-03-16", "18:00")) == (0, 1)
    assert counted("signal-decision", Q2) == (0, 0)


def test_a_term_missed_twice_stands_in_both_quarters_of_a_trend_and_once_in_their_half(staff: Any) -> None:
    case = renamed(an_enquiry(), "signal", staff)
    CaseEvent.objects.create(
        case=case, kind="requalified", at=at("2026-04-20"), ground="enquiry", until=date(2026, 4, 10), by=staff["clerk"]
    )

    quarters = told_each(MEASURES["enquiry-answer"], [Q1, Q2], LATER)

    assert [share and share.whole for share in quarters] == [1, 1]
    assert counted("enquiry-answer", Period.parse("2026-H1")) == (0, 1)


def test_a_missed_term_is_grouped_by_what_was_known_then(staff: Any) -> None:
    case = an_enquiry()
    first, second = Unit.objects.in_order()[:2]
    moved_to(case, first, at("2026-03-15"))
    case = renamed(case, "signal", staff)
    moved_to(case, second, at("2026-04-15"))

    then, now = (
        states_by(MEASURES["enquiry-answer"].facts(Q1, moment), "unit_id") for moment in (at("2026-04-01"), LATER)
    )

    assert then == {first.pk: {"unanswered": 1}}
    assert now == {second.pk: {"unanswered": 1}}


def test_an_extension_is_told_by_the_day_of_the_term_that_was_extended(staff: Any) -> None:
    case = renamed(an_enquiry(), "signal", staff, at("2026-03-10"))
    take("extend", case, now=at("2026-04-20"), by=staff["mayor"], ground="signal", due_on=date(2026, 6, 1))
    event = CaseEvent.objects.get(kind="extended")

    # By the first day, that of the enquiry, 12.03, nobody could have told it.
    rows = MEASURES["extension-notice"].facts(Q2, LATER)[0]

    assert [(row.pk, row.last_day) for row in rows] == [(event.pk, date(2026, 5, 4))]
    assert counted("extension-notice", Q1) == (0, 0)
