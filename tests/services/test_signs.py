"""Signs that a figure of applications is being helped along: each is found, and what only looks like it is not."""

from datetime import date
from typing import Any

import pytest

from feedback.oversight import HEAPS, SIGNS, Frame
from services.choices import ApplicationOutcome
from services.models import Application
from tests.factories import ApplicationFactory, at
from tests.services.lives import logged, take

pytestmark = pytest.mark.django_db
START, END = at("2026-10-01", "00:00"), at("2027-01-01", "00:00")
FRAME_AT = at("2026-11-23")  # Monday
TERM = {"received_at": at("2026-10-05"), "due_on": date(2026, 10, 19)}  # a fortnight


def numbers(rows: Any) -> set[str]:
    return set(rows.values_list("number", flat=True))


@pytest.mark.parametrize(
    ("on", "outcome", "is_sign"),
    [
        ("2026-10-18", ApplicationOutcome.READY, True),
        ("2026-10-19", ApplicationOutcome.REFUSED, True),
        ("2026-10-17", ApplicationOutcome.READY, False),
        ("2026-10-20", ApplicationOutcome.READY, False),  # late is not in time
        ("2026-10-19", ApplicationOutcome.WITHDRAWN, False),
    ],
)
def test_completed_in_the_last_tenth_of_its_term_is_a_sign(on: str, outcome: str, is_sign: bool) -> None:
    row = ApplicationFactory(**TERM, completed_at=at(on), outcome=outcome)

    assert numbers(Application.objects.left_in_the_last_tenth(START, END)) == ({row.number} if is_sign else set())


def test_registered_on_a_later_day_than_it_came_is_a_sign() -> None:
    late = ApplicationFactory(**TERM, registered_at=at("2026-10-07"))
    ApplicationFactory(**TERM)
    ApplicationFactory(received_at=at("2026-09-29"), registered_at=at("2026-09-30"), due_on=date(2026, 10, 13))

    assert numbers(Application.objects.entered_later(START, END)) == {late.number}


@pytest.mark.parametrize(("told", "is_sign"), [("2026-10-16", True), ("2026-10-18", True), ("2026-10-15", False)])
def test_defects_told_just_before_the_end_of_the_term_are_a_sign(staff: Any, told: str, is_sign: bool) -> None:
    row = logged(staff["clerk"], received_at=TERM["received_at"])  # due on Monday 19.10.
    take("defects", row, by=staff["clerk"], now=at(told))

    assert numbers(Application.objects.suspended_at_the_end(START, END)) == ({row.number} if is_sign else set())


def test_what_waits_for_the_applicant_breaks_no_promise_of_ours(staff: Any) -> None:
    for received in ("2026-11-12", "2026-10-20"):  # due on 26.11. and on 03.11.
        take("defects", logged(staff["clerk"], received_at=at(received)), by=staff["clerk"])
    near, late = (logged(staff["clerk"], received_at=at(received)) for received in ("2026-11-12", "2026-10-20"))
    frame = Frame.at(FRAME_AT)

    found = {code: numbers(HEAPS[code].find(Application.objects, frame)) for code in SERVICES}

    assert found == {"services-breaking": {near.number}, "services-overdue": {late.number}}


SERVICES = ("services-breaking", "services-overdue")


def test_the_life_of_an_ordinary_application_bears_no_sign(staff: Any) -> None:
    row = logged(staff["clerk"], received_at=at("2026-11-02"))
    for move in ("check", "finish", "hand_over"):
        take(move, row, by=staff["clerk"])
    frame = Frame.at(FRAME_AT)

    signs = [heap for heap in SIGNS.values() if heap.of is Application]

    assert len(signs) == 3
    assert not any(heap.find(Application.objects, frame).exists() for heap in signs)
