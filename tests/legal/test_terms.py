"""ГПК, чл. 60: how terms end. Expected dates are read off the calendar, weekdays beside them."""

from datetime import date

import pytest

from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.legal.terms import TERMS, Deadline, OutOfRange, Step, Unit, Why, deadline

VECTORS = [
    # rule, received, last day
    ("signal-decision", date(2025, 12, 31), date(2026, 3, 2)),  # no 31.02; 28.02 is Saturday -> Monday
    ("signal-decision", date(2026, 1, 1), date(2026, 3, 2)),  # 01.03 is Sunday -> Monday 02.03
    ("signal-decision", date(2026, 1, 3), date(2026, 3, 4)),  # 03.03 is a holiday (Tuesday) -> Wednesday
    ("signal-decision", date(2026, 2, 12), date(2026, 4, 14)),  # 12.04 is Easter -> Tuesday 14.04
    ("proposal-decision", date(2026, 9, 23), date(2026, 11, 23)),  # Monday
    ("proposal-decision", date(2023, 12, 29), date(2024, 2, 29)),  # leap year, Thursday
    ("proposal-decision", date(2023, 12, 31), date(2024, 2, 29)),  # no 31.02 -> 29.02, Thursday
    ("forward", date(2026, 11, 16), date(2026, 11, 23)),  # Monday -> Monday
    ("forward", date(2026, 11, 14), date(2026, 11, 23)),  # 21.11 is Saturday -> Monday
    ("forward", date(2026, 4, 4), date(2026, 4, 14)),  # 11.04 is Holy Saturday -> Tuesday
    ("forward", date(2026, 12, 17), date(2026, 12, 29)),  # 24.12 -> Tuesday 29.12
    ("enquiry-answer", date(2026, 11, 23), date(2026, 12, 2)),  # Monday + 7 working -> Wednesday
    ("enquiry-answer", date(2026, 12, 18), date(2027, 1, 4)),  # Friday; Christmas, New Year -> Monday
    ("information-decision", date(2026, 11, 23), date(2026, 12, 7)),  # Monday -> Monday
    ("information-decision", date(2026, 4, 27), date(2026, 5, 11)),  # Monday -> Monday
    ("act-complaint", date(2026, 8, 24), date(2026, 9, 8)),  # 07.09 is off for 06.09 -> Tuesday
    ("silent-refusal", date(2026, 1, 31), date(2026, 3, 2)),  # no 31.02; 28.02 is Saturday -> Monday
    ("silent-refusal-untold", date(2026, 9, 25), date(2026, 11, 25)),  # Wednesday
    ("act-court", date(2026, 11, 7), date(2026, 11, 23)),  # 21.11 is Saturday -> Monday
    ("act-court-silence", date(2026, 10, 25), date(2026, 11, 25)),  # Wednesday
    ("act-default", date(2026, 2, 17), date(2026, 3, 4)),  # 03.03 is a holiday -> Wednesday
    ("defects", date(2026, 11, 20), date(2026, 11, 23)),  # Friday + 3 -> Monday
    ("defects", date(2026, 11, 18), date(2026, 11, 23)),  # Wednesday + 3 = Saturday -> Monday
]


@pytest.mark.parametrize(("rule", "received_on", "due_on"), VECTORS)
def test_last_day_of_a_term(rule: str, received_on: date, due_on: date) -> None:
    assert deadline(TERMS[rule], received_on, Calendar()).due_on == due_on


@pytest.mark.parametrize(("rule", "received_on", "due_on"), VECTORS)
def test_explanation_agrees_with_the_term(rule: str, received_on: date, due_on: date) -> None:
    found = deadline(TERMS[rule], received_on, Calendar())

    counted = [step for step in found.steps if step.counted]
    assert len(counted) == (1 if found.term.unit == Unit.MONTHS else found.term.amount)
    assert [step.day for step in found.steps] == sorted({step.day for step in found.steps})
    assert (found.steps[0].day, found.steps[-1].day) == (received_on, due_on)


def explained(found: Deadline) -> list[tuple[str, bool, Why]]:
    return [(f"{step.day:%d.%m}", step.counted, step.why) for step in found.steps]


def test_working_days_are_explained_day_by_day() -> None:
    found = deadline(TERMS["enquiry-answer"], date(2026, 4, 8), Calendar())

    assert explained(found) == [
        ("08.04", False, Why.RECEIVED),  # Wednesday
        ("09.04", True, Why.COUNTED),
        ("10.04", False, Why.HOLIDAY),  # Good Friday
        ("11.04", False, Why.HOLIDAY),
        ("12.04", False, Why.HOLIDAY),
        ("13.04", False, Why.HOLIDAY),
        ("14.04", True, Why.COUNTED),
        ("15.04", True, Why.COUNTED),
        ("16.04", True, Why.COUNTED),
        ("17.04", True, Why.COUNTED),
        ("18.04", False, Why.WEEKEND),
        ("19.04", False, Why.WEEKEND),
        ("20.04", True, Why.COUNTED),
        ("21.04", True, Why.COUNTED),
    ]


def test_a_term_that_ends_on_a_day_off_is_carried_on() -> None:
    found = deadline(TERMS["defects"], date(2026, 4, 9), Calendar())

    assert explained(found) == [
        ("09.04", False, Why.RECEIVED),  # Thursday
        ("10.04", True, Why.COUNTED),
        ("11.04", True, Why.COUNTED),
        ("12.04", True, Why.LAST_DAY_OFF),  # Easter Sunday
        ("13.04", False, Why.HOLIDAY),
        ("14.04", False, Why.ROLLED),
    ]


def test_a_day_off_by_decree_moves_the_last_day_and_is_named() -> None:
    calendar = Calendar({date(2026, 11, 23): Override(is_working=False, source="РМС № 1, ДВ 1/2026")})

    found = deadline(TERMS["forward"], date(2026, 11, 16), calendar)

    assert found.due_on == date(2026, 11, 24)
    assert [step.note for step in found.steps if step.note] == ["РМС № 1, ДВ 1/2026"]


@pytest.mark.parametrize("received_on", [date(2005, 12, 31), date(2099, 1, 1), date.max])
def test_a_date_without_a_known_calendar_is_refused(received_on: date) -> None:
    with pytest.raises(OutOfRange):
        deadline(TERMS["forward"], received_on, Calendar())


def test_every_term_names_its_article_and_its_length_is_positive() -> None:
    assert {code: term.code for code, term in TERMS.items()} == {code: code for code in TERMS}
    assert all(term.source and term.amount > 0 for term in TERMS.values())


def test_version_says_amount_unit_and_date_of_force() -> None:
    assert TERMS["signal-decision"].version == "2 months @ 2006-07-12"


def test_a_day_that_a_decree_made_working_is_counted_with_its_decree() -> None:
    saturday = date(2026, 12, 12)
    calendar = Calendar({saturday: Override(is_working=True, source="РМС № 1, ДВ, бр. 90 от 2026 г.")})

    found = deadline(TERMS["enquiry-answer"], date(2026, 12, 10), calendar)  # Thursday

    assert Step(saturday, counted=True, why=Why.COUNTED, note="РМС № 1, ДВ, бр. 90 от 2026 г.") in found.steps
    assert found.due_on == date(2026, 12, 18)  # Friday, a day earlier than without the decree
