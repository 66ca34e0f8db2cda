"""How a last day was counted, as HTML that is made once for the same count."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override

from samokov_portal.legal.terms import Deadline, Step, Term, Unit, Why
from samokov_portal.office.templatetags.counting import day_by_day

TERM = Term("notify", 2, Unit.CALENDAR_DAYS, "АПК, чл. 123", date(2006, 7, 12), verified=True)
COUNT = Deadline(
    TERM,
    date(2026, 11, 23),  # a Monday
    date(2026, 11, 25),
    (Step(date(2026, 11, 24), True, Why.COUNTED), Step(date(2026, 11, 25), True, Why.COUNTED)),
)


def test_every_day_stands_with_its_weekday() -> None:
    html = day_by_day(COUNT)

    assert all(words in html for words in ("24.11.2026", "вторник", "25.11.2026", "сряда", "от получаването на"))


def test_the_same_count_is_made_once() -> None:
    assert day_by_day(COUNT) is day_by_day(replace(COUNT))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(COUNT, received_on=date(2026, 11, 20)), "20.11.2026"),
        (replace(COUNT, term=replace(TERM, verified=False)), "Членът е за проверка"),
        (replace(COUNT, is_suspended=True), "В момента срокът е спрял"),
        (None, "затова не показваме ден по ден"),
    ],
    ids=["received", "unverified", "suspended", "unknown"],
)
def test_another_count_says_so(other: Deadline | None, words: str) -> None:
    assert words not in day_by_day(COUNT)
    assert words in day_by_day(other)


def test_another_look_and_another_language_have_their_own_words() -> None:
    assert "отначало от искането" in day_by_day(COUNT, again=True)
    with override("en"):
        assert "Tuesday" in day_by_day(COUNT)
