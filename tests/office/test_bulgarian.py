"""How dates, numbers and reasons are written. S is the narrow no-break space of figures, N the no-break one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from samokov_portal.legal.terms import TERMS, Step, Term, Unit, Why
from samokov_portal.office.templatetags import bulgarian

S, N = "\u202f", "\u00a0"
BEFORE_MIDNIGHT_UTC = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 00:30 on Monday in Sofia


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 11, 23), f"23.11.2026{N}г."),
        (date(2026, 3, 2), f"02.03.2026{N}г."),
        (BEFORE_MIDNIGHT_UTC, f"23.11.2026{N}г."),  # the day in Sofia
        (None, ""),
    ],
)
def test_a_day_is_written_as_bulgarians_write_it(value: date | None, written: str) -> None:
    assert bulgarian.day(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (BEFORE_MIDNIGHT_UTC, f"23.11.2026{N}г., 00:30{N}ч."),
        (datetime(2026, 7, 1, 9, 5, tzinfo=UTC), f"01.07.2026{N}г., 12:05{N}ч."),  # summer time
        (None, ""),
    ],
)
def test_a_moment_is_written_with_the_hour_in_sofia(value: datetime | None, written: str) -> None:
    assert bulgarian.moment(value) == written


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1234, 0, f"1{S}234"),
        (1234567, 0, f"1{S}234{S}567"),
        (Decimal("1234.5"), 1, f"1{S}234,5"),
        (Decimal("0.25"), 2, "0,25"),
        (None, 0, ""),
    ],
)
def test_a_number_has_spaces_in_thousands_and_a_decimal_comma(
    value: int | Decimal | None, places: int, written: str
) -> None:
    assert bulgarian.number(value, places) == written


@pytest.mark.parametrize(
    ("value", "written"), [(Decimal("97.5"), f"97,5{S}%"), (Decimal("100"), f"100,0{S}%"), (None, "")]
)
def test_a_share_is_written_with_one_decimal(value: Decimal | None, written: str) -> None:
    assert bulgarian.percent(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(Decimal("100.0"), f"100{S}%"), (Decimal("97.5"), f"97,5{S}%"), (None, "")]
)
def test_a_target_is_written_without_needless_zeros(value: Decimal | None, written: str) -> None:
    assert bulgarian.target(value) == written


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (Decimal("10.23"), "€", f"10,23{N}€"),
        (Decimal("20"), "лв.", f"20,00{N}лв."),
        (Decimal("1500"), "€", f"1{S}500,00{N}€"),
    ],
)
def test_money_has_two_decimals_and_its_currency(value: Decimal, currency: str, written: str) -> None:
    assert bulgarian.money(value, currency) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 11, 23), "понеделник"),
        (date(2026, 11, 24), "вторник"),
        (date(2026, 11, 25), "сряда"),
        (date(2026, 11, 26), "четвъртък"),
        (date(2026, 11, 27), "петък"),
        (date(2026, 11, 28), "събота"),
        (date(2026, 11, 29), "неделя"),
    ],
)
def test_a_weekday_has_its_name(value: date, written: str) -> None:
    assert bulgarian.weekday(value) == written


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [
        (7, Unit.WORKING_DAYS, f"7{N}работни дни"),
        (1, Unit.WORKING_DAYS, f"1{N}работен ден"),
        (14, Unit.CALENDAR_DAYS, f"14{N}дни"),
        (1, Unit.CALENDAR_DAYS, f"1{N}ден"),
        (2, Unit.MONTHS, f"2{N}месеца"),
        (1, Unit.MONTHS, f"1{N}месец"),
        (2, Unit.YEARS, f"2{N}години"),
        (1, Unit.YEARS, f"1{N}година"),
    ],
)
def test_a_term_is_said_in_words(amount: int, unit: Unit, written: str) -> None:
    term = Term("any", amount, unit, "АПК", date(2006, 7, 12), verified=True)

    assert bulgarian.duration(term) == written


@pytest.mark.parametrize(
    ("why", "note", "written"),
    [
        (Why.RECEIVED, "", "денят на получаване не се брои"),
        (Why.COUNTED, "", "брои се"),
        (Why.SAME_DATE, "", "същото число на последния месец (или последният му ден)"),
        (Why.SUSPENDED, "", "срокът е спрял, докато се чака подателят"),
        (Why.RESTARTED, "", "подателят отговори – срокът започва отначало, а този ден не се брои"),
        (Why.EXTENDED, "", "нов последен ден след удължаване"),
        (Why.WEEKEND, "", "почивен ден"),
        (Why.HOLIDAY, "Великден", "неработен ден: Великден"),
        (Why.LAST_DAY_OFF, "", "последен ден, но неработен – срокът се пренася"),
        (Why.ROLLED, "", "първият следващ работен ден"),
    ],
)
def test_a_day_of_the_count_says_why_it_was_counted_or_skipped(why: Why, note: str, written: str) -> None:
    assert bulgarian.why(Step(date(2026, 11, 23), counted=True, why=why, note=note)) == written


def test_dates_and_numbers_are_english_on_an_english_page() -> None:
    with translation.override("en"):
        written = (
            bulgarian.day(date(2026, 11, 3)),
            bulgarian.moment(BEFORE_MIDNIGHT_UTC),
            bulgarian.number(Decimal("1234.5"), 1),
            bulgarian.percent(Decimal("97.5")),
            bulgarian.money(Decimal("1500"), "€"),
        )

    assert written == (
        f"3{N}November{N}2026",
        f"23{N}November{N}2026, 00:30",
        f"1{S}234.5",
        f"97.5{S}%",
        f"1{S}500.00{N}€",
    )


@pytest.mark.parametrize(
    ("count", "unit", "bulgarian_words", "english_words"),
    [
        (12, "calendar_days", f"до 12{N}дни", f"within 12{N}days"),
        (1, "minutes", f"до 1{N}минута", f"within 1{N}minute"),
        (0, "calendar_days", "в същия ден", "on the same day"),
        (0, "working_days", "преди следващия работен ден", "before the next working day"),
        (0, "minutes", "веднага", "at once"),
        (1, "visits", f"до 1{N}посещение", f"within 1{N}visit"),
    ],
)
def test_what_took_no_time_is_not_said_as_a_term(
    count: int, unit: str, bulgarian_words: str, english_words: str
) -> None:
    assert bulgarian.within(count, unit) == bulgarian_words
    with translation.override("en"):
        assert bulgarian.within(count, unit) == english_words


def test_every_unit_of_a_legal_term_can_be_said() -> None:
    assert all(bulgarian.duration(term) for term in TERMS.values())


def test_every_reason_of_the_clock_can_be_said() -> None:
    assert all(bulgarian.why(Step(date(2026, 11, 23), counted=False, why=why)) for why in Why)


@pytest.mark.parametrize(
    ("code", "bulgarian_name", "english_name"),
    [
        ("2026-Q1", f"първо тримесечие на 2026{N}г.", "first quarter of 2026"),
        ("2026-Q4", f"четвърто тримесечие на 2026{N}г.", "fourth quarter of 2026"),
        ("2026-H2", f"второ полугодие на 2026{N}г.", "second half of 2026"),
        ("2026-07", f"юли 2026{N}г.", "July 2026"),
        ("2026", f"2026{N}г.", "2026"),
    ],
)
def test_a_period_has_a_name(code: str, bulgarian_name: str, english_name: str) -> None:
    assert bulgarian.period_name(code) == bulgarian_name
    with translation.override("en"):
        assert bulgarian.period_name(code) == english_name
