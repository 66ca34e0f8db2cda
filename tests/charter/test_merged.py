"""Cases handled together: each counted by its own days, told apart, and as they were known at each moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from charter.freezing import cases_csv
from charter.measurement import MEASURES, Period
from charter.models import Standard
from feedback.actions import merging
from feedback.models import Case
from tests.factories import at
from tests.feedback.life_stories import filed, take
from tests.knowing import known_from

pytestmark = pytest.mark.django_db

Q2 = Period.parse("2026-Q2")
BEFORE, TIED_AT, ANSWERED_AT, LATER = at("2026-03-15"), at("2026-03-20"), at("2026-05-05"), at("2026-07-10")
# From the definitions, not from our code: a signal counts by its own last day and its own answer.
RECOUNT = """
    SELECT count(*) FILTER (WHERE (decided_at AT TIME ZONE 'Europe/Sofia')::date <= due_on), count(*),
           count(*) FILTER (WHERE duplicate_of_id IS NOT NULL)
    FROM feedback_case WHERE kind = 'signal' AND due_on >= '2026-04-01' AND due_on < '2026-07-01'
"""


def known(day: str, **facts: Any) -> Case:
    with known_from(at(day, "10:00")):
        return filed(received_at=at(day, "10:00"), **facts)


def merged(case: Case, main: Case, now: datetime, staff: Any) -> Case:
    """The case tied to `main`, and nothing else filed for it."""
    return merging.merge_case(case_id=case.pk, main=main, reason="същата лампа", by=staff["clerk"], now=now)


def story(staff: Any) -> list[Case]:
    """Three signals tied to one: the answer of 05.05 is late for the two of 02.03 and in time for the others."""
    main = known("2026-03-02")  # due on Monday 04.05
    tied = [
        known("2026-03-02"),
        known("2026-03-05"),
        known("2026-03-09"),
    ]  # due 04.05, 05.05, 11.05 (09.05 is Saturday)
    with known_from(TIED_AT):
        tied = [merged(case, main, TIED_AT, staff) for case in tied]
        take("assign", main, now=TIED_AT, by=staff["clerk"])
    with known_from(ANSWERED_AT):
        take("answer", main, now=ANSWERED_AT, by=staff["clerk"])
    return [main, *tied]


def test_each_is_counted_by_its_own_last_day_and_told_apart(staff: Any) -> None:
    story(staff)

    share = MEASURES["signal-decision"](Q2, LATER)
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT)
        counted = cursor.fetchone()

    assert (share.part, share.whole, share.merged) == counted == (2, 4, 3)


def test_tying_betters_no_figure(staff: Any) -> None:
    """The same four, answered one by one on the same day, give the same share."""
    cases = [known("2026-03-02"), known("2026-03-02"), known("2026-03-05"), known("2026-03-09")]
    for case in cases:
        with known_from(ANSWERED_AT):
            take("answer", case, now=ANSWERED_AT, by=staff["clerk"])

    share = MEASURES["signal-decision"](Q2, LATER)

    assert (share.part, share.whole, share.merged) == (2, 4, 0)


def test_as_of_before_nothing_was_tied_and_separated_is_tied_no_more(staff: Any) -> None:
    main, case = known("2026-03-02"), known("2026-03-05")
    with known_from(TIED_AT):
        case = merged(case, main, TIED_AT, staff)
    with known_from(ANSWERED_AT + timedelta(days=5)):
        take("separate", case, now=ANSWERED_AT + timedelta(days=5), by=staff["clerk"])

    counted = [MEASURES["signal-decision"](Q2, moment).merged for moment in (at("2026-05-08"), LATER)]

    assert counted == [1, 0]


def test_the_records_as_of_before_are_the_same_to_the_byte(staff: Any) -> None:
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        known(day)
    main, case = known("2026-03-05"), known("2026-03-09")
    before = records(at("2026-05-12"))
    with known_from(at("2026-05-13")):
        merged(case, main, at("2026-05-13"), staff)

    assert records(at("2026-05-12")) == before
    assert "signal-decision,5,unanswered,0,2026-03-09,2026-05-11,,,1" in records(LATER)


def records(as_of: datetime) -> str:
    """The file that a report of the quarter would attach."""
    return b"".join(cases_csv(Standard.objects.in_force(), Q2, as_of)).decode()
