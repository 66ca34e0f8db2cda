"""How a service is counted whose term stood still, that was refused, left or withdrawn: what is left out, and when."""

from datetime import datetime
from typing import Any

import pytest

from charter.measurement import MEASURES, Period
from tests.factories import at
from tests.services.lives import logged, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_by_its_moments")]
# Received on Monday 02.03.2026, due on Monday 16.03. With the term standing still it may end in the second quarter.
Q1, Q2 = Period.parse("2026-Q1"), Period.parse("2026-Q2")
LATER = at("2026-07-06")
Course = list[tuple[str, str]]
DEFECTS, MEND = ("defects", "2026-03-04"), ("mend", "2026-03-06")  # due on Wednesday 18.03 then

ENDS: list[tuple[str, Course, str | None]] = [
    # what happened when, and what it says: kept, late, unanswered, or why it is left out
    ("ready in term", [("finish", "2026-03-10")], "kept"),
    ("ready on the last day", [("finish", "2026-03-16")], "kept"),
    ("ready a day late", [("finish", "2026-03-17")], "late"),
    ("refused in term", [("refuse", "2026-03-16")], "refused"),
    ("refused a day late", [("refuse", "2026-03-17")], "late"),
    ("withdrawn in term", [("withdraw", "2026-03-16")], "withdrawn"),
    ("withdrawn a day late", [("withdraw", "2026-03-17")], "unanswered"),
    ("never ended", [("check", "2026-03-03")], "unanswered"),
    ("mended, ready in the longer term", [DEFECTS, MEND, ("finish", "2026-03-18")], "kept"),
    ("mended, ready after the longer term", [DEFECTS, MEND, ("finish", "2026-03-19")], "late"),
    ("mended, never ended", [DEFECTS, MEND], "unanswered"),
    ("mended a month late, ready at once", [DEFECTS, ("mend", "2026-04-06"), ("finish", "2026-04-07")], None),
    ("never mended, left", [DEFECTS, ("leave", "2026-03-10")], "no_proceedings"),
    ("withdrawn while it waited", [DEFECTS, ("withdraw", "2026-03-05")], "withdrawn"),
    ("never mended, not left either", [DEFECTS], "standing"),
]


def lived(staff: Any, course: Course, **facts: Any) -> None:
    row = logged(staff["clerk"], **facts)
    for move, day in course:
        take(move, row, by=staff["clerk"], now=at(day))


def said(code: str, period: Period, as_of: datetime) -> tuple[int, int, dict[str, int]]:
    share = MEASURES[code](period, as_of)
    assert share.whole >= share.part
    return share.part, share.whole, {reason: count for reason, count in share.excluded.items() if count}


def expected(says: str | None) -> tuple[int, int, dict[str, int]]:
    counted = says in ("kept", "late", "unanswered")
    return int(says == "kept"), int(counted), {says: 1} if says is not None and not counted else {}


@pytest.mark.parametrize(("course", "says"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_what_an_application_says_of_the_term_of_its_service(staff: Any, course: Course, says: str | None) -> None:
    lived(staff, course)

    assert said("service-term", Q1, LATER) == expected(says)
    # With the term moved into the next quarter it is counted there, and never twice.
    assert said("service-term", Q2, LATER) == expected("kept" if says is None else None)


AS_OF = [
    # as of when, in Q1: defects were told on 04.03 and mended on 06.03, refused on Tuesday 17.03, due on 18.03
    (at("2026-03-03"), "in_term"),
    (at("2026-03-05"), "standing"),
    (at("2026-03-07"), "in_term"),
    (at("2026-03-16"), "in_term"),
    (at("2026-03-18"), "refused"),
    (LATER, "refused"),
]


@pytest.mark.parametrize(("as_of", "says"), AS_OF)
def test_a_past_moment_gets_the_answer_of_then(staff: Any, as_of: datetime, says: str) -> None:
    lived(staff, [DEFECTS, MEND, ("refuse", "2026-03-17")])

    assert said("service-term", Q1, as_of) == expected(says)


def test_what_waits_long_is_not_late_and_what_was_late_before_stays(staff: Any) -> None:
    lived(staff, [("defects", "2026-03-04")])  # nobody mends it
    lived(staff, [])

    # Midnight in Sofia after the last day, and long afterwards.
    assert said("service-term", Q1, at("2026-03-16", "21:59")) == (0, 0, {"in_term": 1, "standing": 1})
    assert said("service-term", Q1, at("2026-03-16", "22:00")) == (0, 1, {"standing": 1})
    assert said("service-term", Q1, LATER) == (0, 1, {"standing": 1})


VISITS = [
    ([("finish", "2026-03-10")], "kept"),
    ([("refuse", "2026-03-10")], "kept"),  # the person came once, whatever the answer was
    ([("withdraw", "2026-03-10")], "withdrawn"),
    ([DEFECTS, ("leave", "2026-03-10")], "no_proceedings"),
]


@pytest.mark.parametrize(("course", "says"), VISITS)
def test_who_got_no_service_says_nothing_of_one_counter(staff: Any, course: Course, says: str) -> None:
    lived(staff, course, counter="Гише 1")

    assert said("single-counter", Q1, LATER) == expected(says)


def test_who_was_sent_back_and_gave_up_was_sent_back(staff: Any) -> None:
    row = logged(staff["clerk"], counter="Гише 1")
    row.visits.model(
        application=row,
        at=at("2026-03-03"),
        purpose="sent_back",
        recorded_by=staff["clerk"],
        recorded_at=at("2026-03-03"),
    ).save()
    take("withdraw", row, by=staff["clerk"], now=at("2026-03-10"))

    assert said("single-counter", Q1, LATER) == (0, 1, {})


@pytest.mark.parametrize("move", ["finish", "refuse", "withdraw"])
def test_what_ended_by_the_seventh_day_needed_no_telling(staff: Any, move: str) -> None:
    lived(staff, [(move, "2026-03-09")])

    assert said("due-date-notice", Q1, LATER) == (0, 0, {"done_soon": 1})


def test_all_that_is_left_out_is_named_also_where_it_is_nothing(staff: Any) -> None:
    assert MEASURES["service-term"](Q1, LATER).excluded == {
        "in_term": 0,
        "standing": 0,
        "refused": 0,
        "no_proceedings": 0,
        "withdrawn": 0,
    }
