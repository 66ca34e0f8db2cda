"""What is told of months with few cases: nothing by which anybody could have them by subtraction."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from charter.measurement import MEASURES, Period
from charter.measurement.telling import divides_hidden, months_of
from tests.charter.figures import ASKED, LATER, Q2, SIGNALS, WITHHELD, page_of, rows_of
from tests.charter.staged import publish
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def test_months_of_a_quarter_are_told_and_small_ones_withheld(client: Client, many: None) -> None:
    CaseFactory.create_batch(5, closed=True, first_due_on=date(2026, 6, 5))
    CaseFactory(closed=True, first_due_on=date(2026, 4, 6))

    found = months_of(MEASURES["signal-decision"], Q2, LATER)

    # April alone is small; with June it is not, so June is withheld too and nobody can subtract.
    assert [(one.key, one.part, one.whole) for one in found] == [
        (date(2026, 4, 1), None, None),
        (date(2026, 5, 1), 9, 11),
        (date(2026, 6, 1), None, None),
    ]
    assert page_of(client, SIGNALS).count(WITHHELD) == 2


def test_fewer_than_five_records_have_no_days(client: Client) -> None:
    CaseFactory.create_batch(4, closed=True)

    few, rows = page_of(client, f"{SIGNALS}cases/"), rows_of(client, "signal-decision")
    CaseFactory(closed=True)
    enough = page_of(client, f"{SIGNALS}cases/")

    assert "по-малко от пет, дните им не се показват" in few
    assert "02.03.2026" not in few
    assert {row[name] for row in rows for name in ("began_on", "last_day", "done_on", "took")} == {""}
    assert "по-малко от пет, дните им не се показват" not in enough
    assert "02.03.2026" in enough


def test_a_longer_period_tells_no_more_of_a_quarter_with_few_records(client: Client, many: None) -> None:
    CaseFactory.create_batch(4, closed=True, first_due_on=date(2026, 3, 31))

    rows = rows_of(client, "signal-decision", {**ASKED, "period": "2026-H1"})

    assert [row["last_day"] for row in rows] == ["2026-05-04"] * 11 + [""] * 4


def test_a_period_that_divides_small_months_has_no_figure(client: Client, many: None) -> None:
    """May has eleven, April one and June five: whoever had May and June would have April by subtraction."""
    CaseFactory.create_batch(5, closed=True, first_due_on=date(2026, 6, 5))
    CaseFactory(closed=True, first_due_on=date(2026, 4, 6))
    measure = MEASURES["signal-decision"]
    told = ["2026-05", "2026-Q2", "2026-H1", "2026"]
    withheld = [Period.parse("2026-04"), Period.parse("2026-06"), Period(date(2026, 1, 1), date(2026, 5, 20))]

    assert [divides_hidden(measure, Period.parse(code), LATER) for code in told] == [False] * len(told)
    assert [divides_hidden(measure, period, LATER) for period in withheld] == [True] * len(withheld)
    asked = {**ASKED, "period": "2026-06"}
    assert "отделя месеци с по-малко от пет случая" in page_of(client, SIGNALS, asked)
    page = page_of(client, f"{SIGNALS}cases/", asked)
    assert ("отделя месеци с по-малко от пет случая" in page, "Всички записи: 0" in page) == (True, True)
    assert client.get(f"{SIGNALS}cases.csv", asked).status_code == 400
    record = next(row for row in client.get("/api/v1/standards/", asked).json() if row["code"] == "signal-decision")
    assert (record["part"], record["whole"], record["share"], record["verdict"]) == (None, None, None, "withheld")
    assert "скрито: малко случаи" in page_of(client, "/charter/standards/", asked)


def test_records_of_small_months_stand_last_in_an_order_that_tells_nothing(client: Client, many: None) -> None:
    CaseFactory.create_batch(5, closed=True, first_due_on=date(2026, 6, 5))
    CaseFactory(first_due_on=date(2026, 4, 6))  # late

    rows = rows_of(client, "signal-decision")

    assert [row["last_day"] for row in rows] == ["2026-05-04"] * 11 + [""] * 6
    assert [row["state"] for row in rows[11:]] == ["kept"] * 5 + ["unanswered"]
    assert {row[name] for row in rows[11:] for name in ("began_on", "done_on", "took")} == {""}


@pytest.mark.parametrize(
    ("as_of", "whole"),
    [
        ("2026-04-30", None),  # would be April, which has one
        ("2026-05-31", None),  # April again: all of it and of May, without June that hides it
        ("2026-06-30", 17),
        ("2026-11-22", 17),
    ],
)
def test_a_moment_within_a_quarter_divides_small_months_as_a_day_does(
    client: Client, clock: Any, many: None, as_of: str, whole: int | None
) -> None:
    CaseFactory.create_batch(5, closed=True, first_due_on=date(2026, 6, 5))
    CaseFactory(closed=True, first_due_on=date(2026, 4, 6))
    asked = {"period": "2026-Q2", "as_of": as_of}

    page, year = client.get(SIGNALS, asked), client.get(SIGNALS, {**asked, "period": "2026"})

    assert (page.context["line"].whole, year.context["line"].whole) == (whole, whole)
    months = [row.whole for _first, row in page.context["months"]]
    assert months == ([None, 11, None] if whole else [])
    assert client.get(f"{SIGNALS}cases.csv", asked).status_code == (200 if whole else 400)
    assert client.get(f"{SIGNALS}cases/", asked).context["page"].paginator.count == (whole or 0)


def test_a_report_of_a_small_month_withholds_it(client: Client, staff: Any, many: None) -> None:
    CaseFactory.create_batch(4, closed=True, first_due_on=date(2026, 6, 5))

    report = publish(Period.parse("2026-06"), LATER, staff)

    figure = report.figures.get(code="signal-decision")
    assert (figure.verdict, figure.part, figure.whole) == ("withheld", None, None)
    assert [step["whole"] for step in figure.details.get("trend", [])] == []
    assert b"signal-decision" not in client.get("/reports/2026-06/cases.csv").content
    page = page_of(client, "/reports/2026-06/")
    assert "затова се показва само тримесечието" in page
    assert "твърде малко случаи" in page
