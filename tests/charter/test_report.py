"""The lines of a report and their forms as data."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from charter.actions.reports import prepare_report
from charter.choices import Verdict
from charter.measurement import MEASURES, Period
from charter.models import Standard
from charter.moved import NAMES, moved_rows
from charter.report import COLUMNS, Line, as_csv, as_json, as_record, frozen_lines, live_line, live_lines, rounded
from tests.factories import CaseFactory, at

Q2 = Period.parse("2026-Q2")
LATER = at("2026-11-23")


@pytest.mark.parametrize(
    ("percent", "printed"),
    [
        ("0", "0.0"),
        ("0.01", "0.1"),
        ("0.04", "0.1"),
        ("33.35", "33.4"),
        ("66.65", "66.7"),
        ("99.94", "99.9"),
        ("99.96", "99.9"),
        ("100", "100.0"),
    ],
)
def test_share_is_rounded_half_up_and_never_to_a_false_hundred_or_zero(percent: str, printed: str) -> None:
    assert rounded(Decimal(percent)) == Decimal(printed)


@pytest.mark.django_db
def test_line_of_a_measured_standard() -> None:
    CaseFactory(closed=True)
    CaseFactory()

    line = next(line for line in live_lines(Standard.objects.in_order(), Q2, LATER) if line.code == "signal-decision")

    assert (line.part, line.whole, line.share, line.verdict) == (1, 2, Decimal("50.0"), Verdict.BROKEN)


@pytest.mark.django_db
def test_line_of_a_standard_that_is_not_measured_says_why() -> None:
    standard = Standard.objects.get(code="satisfaction")
    standard.measure, standard.not_measured_reason = "", "Анкетата е спряна."

    line = live_line(standard, Q2, LATER)

    assert (line.part, line.whole, line.share, line.verdict) == (None, None, None, Verdict.NOT_MEASURED)
    assert line.not_measured_reason == "Анкетата е спряна."


@pytest.mark.django_db
def test_every_standard_stands_in_the_lines_once_and_in_order() -> None:
    standards = list(Standard.objects.in_order())

    lines = live_lines(standards, Q2, LATER)

    assert [line.code for line in lines] == [standard.code for standard in standards]


@pytest.mark.django_db
def test_number_of_queries_does_not_grow_with_the_cases(django_assert_num_queries) -> None:
    CaseFactory.create_batch(20, closed=True)

    # The standards, and one for each measure; waiting time asks cases and applications, four kinds are asked for
    # terms missed under another name, enquiries are counted in the working days of a calendar, and satisfaction is
    # told with how many answered of how many invited. The annual report asks for cases of the year before: there are
    # none, and no more is asked.
    with django_assert_num_queries(1 + len(MEASURES) + 1 + 4 + 1 + 2):
        live_lines(Standard.objects.in_order(), Q2, LATER)


@pytest.mark.django_db
def test_frozen_lines_are_the_live_ones() -> None:
    CaseFactory(closed=True)
    CaseFactory(forwarded=True)
    live = live_lines(Standard.objects.in_order(), Q2, LATER)

    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    assert [as_record(line) for line in frozen_lines(report)] == [as_record(line) for line in live]
    assert all({"groups", "trend"} <= line.details.keys() for line in frozen_lines(report) if line.whole is not None)


@pytest.mark.django_db
def test_csv_and_json_say_the_same() -> None:
    CaseFactory(closed=True)
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)
    lines = frozen_lines(report)

    rows = list(csv.DictReader(io.StringIO(as_csv(lines))))
    figures = as_json(report, lines)["figures"]

    assert [tuple(row) for row in rows] == [COLUMNS] * len(lines)
    for row, figure in zip(rows, figures, strict=True):
        plain = {name: "" if figure[name] is None else str(figure[name]) for name in COLUMNS if name != "excluded"}
        assert {name: row[name] for name in plain} == plain


@pytest.mark.django_db
def test_json_names_the_period_with_its_last_day() -> None:
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    head = {name: value for name, value in as_json(report, []).items() if name != "figures"}

    assert head == {
        "period": "2026-Q2",
        "version": 1,
        "from": "2026-04-01",
        "to": "2026-06-30",
        "as_of": "2026-11-23T12:00:00+00:00",
    }


@pytest.mark.django_db
def test_record_has_the_numbers_as_numbers() -> None:
    CaseFactory(closed=True)
    line = next(line for line in live_lines(Standard.objects.in_order(), Q2, LATER) if line.code == "signal-decision")

    record = as_record(line)

    assert {name: record[name] for name in ("target", "part", "whole", "share", "unit", "excluded", "verdict")} == {
        "target": 100.0,
        "part": 1,
        "whole": 1,
        "share": 100.0,
        "unit": "%",
        "excluded": {"in_term": 0, "forwarded": 0, "no_proceedings": 0, "withdrawn": 0},
        "verdict": "kept",
    }


LINE = Line(
    code="signal-decision",
    kind="legal",
    title="Решение по сигнал",
    text="Решаваме.",
    definition="Цялото са сигналите.",
    target=Decimal(95),
    part=9,
    whole=10,
    excluded={"in_term": 2, "forwarded": 0},
    verdict=Verdict.BROKEN,
    is_reconstructed=True,
    not_measured_reason="",
    details={"interval_low": 59.6, "median": 10},
)


def test_a_correction_tells_each_number_that_moved_as_people_write_it() -> None:
    corrected = replace(
        LINE,
        target=Decimal("92.5"),
        part=1200,
        whole=1200,
        excluded={"in_term": 0, "forwarded": 1},
        verdict=Verdict.KEPT,
        is_reconstructed=False,
        details={"interval_low": 99.7, "median": 9},
    )

    assert [(str(change.name), change.was, change.became) for change in moved_rows([LINE], [corrected])] == [
        ("цел", "95\u202f%", "92,5\u202f%"),
        ("спазени", "9", "1\u202f200"),
        ("всички", "10", "1\u202f200"),
        ("дял", "90,0\u202f%", "100,0\u202f%"),
        ("извън сметката", "с неизтекъл срок – 2", "препратени до компетентен орган – 1"),
        ("оценка", "неспазен", "спазен"),
        ("възстановен", "да", "не"),
        ("95 % интервал, от", "59,6\u202f%", "99,7\u202f%"),
        ("половината – до", "10", "9"),
    ]


@pytest.mark.parametrize(
    ("span", "was", "became"),
    [("calendar_days", "10\N{NO-BREAK SPACE}дни", "1\N{NO-BREAK SPACE}ден"), ("", "10", "1")],
)
def test_a_correction_tells_in_what_a_time_is_counted(span: str, was: str, became: str) -> None:
    old, new = (replace(LINE, details={"span": span, "median": median}) for median in (10, 1))

    assert [(change.was, change.became) for change in moved_rows([old], [new])] == [(was, became)]


def test_a_correction_without_a_change_tells_nothing() -> None:
    assert moved_rows([LINE], [replace(LINE)]) == []


def test_a_correction_tells_of_a_standard_that_was_not_there() -> None:
    assert [(change.title, change.became) for change in moved_rows([], [LINE])] == [("Решение по сигнал", "добавен")]


def test_every_column_of_a_line_has_a_name_for_corrections() -> None:
    assert set(COLUMNS) - set(NAMES) == {"code", "unit"}
