"""What stands beside a figure on the pages: the interval, the times, the groups, the trend."""

from typing import Any

import pytest
from django.test import Client

from charter.measurement import MEASURES, Period
from charter.report import by_groups
from tests.charter.figures import ASKED, CHARTS, LATER, Q2, SIGNALS, SPACES, WITHHELD, page_of
from tests.charter.staged import publish
from tests.factories import ApplicationFactory, CaseFactory, at

pytestmark = pytest.mark.django_db


def test_a_figure_tells_what_stands_beside_it(client: Client, many: None) -> None:
    CaseFactory(forwarded=True)
    ApplicationFactory()

    page = page_of(client, SIGNALS)

    assert "81,8\u202f%" in page
    assert "спазено в 9 от 11 случая" in page
    assert "95 % интервал: от 52,3\u202f% до 94,9\u202f%." in page
    assert "С изтекъл срок и без отговор, броени като неспазени: 2." in page
    assert "Извън сметката: препратени до компетентен орган – 1." in page
    assert "Половината от приключените – до 10\u00a0дни; девет от десет – до 10\u00a0дни" in page


def test_what_was_done_on_the_same_day_is_not_said_to_take_nought_days(client: Client) -> None:
    address, asked = "/charter/standards/registered-same-day/", {**ASKED, "period": "2026-Q1"}
    CaseFactory.create_batch(6, closed=True)
    all_at_once = page_of(client, address, asked)
    CaseFactory(closed=True, registered_at=at("2026-03-04"))
    but_one = page_of(client, address, asked)

    assert "Всички приключени – в същия ден." in all_at_once
    assert (
        "Половината от приключените – в същия ден; девет от десет – до 2\u00a0дни; най-много – 2\u00a0дни." in but_one
    )


def test_open_and_late_is_a_figure_also_when_there_is_none(client: Client) -> None:
    CaseFactory(closed=True)

    assert "С изтекъл срок и без отговор, броени като неспазени: 0." in page_of(client, SIGNALS)
    assert "броени като неспазени" not in page_of(client, "/charter/standards/courteous-address/")


def test_a_period_may_be_named_by_its_code(client: Client) -> None:
    assert client.get("/api/v1/standards/", {"period": "2026-q2"}).status_code == 200
    assert client.get(SIGNALS, {"period": "2026-Q2"}).context["period"] == Q2
    assert client.get("/api/v1/standards/", {"period": "2026-Q5"}).status_code == 400
    assert client.get("/api/v1/standards/", {"period": "\x00"}).status_code == 400


@pytest.mark.parametrize("asked", [{"period": "2026"}, {"from": "2026-05-01", "to": "2026-05-31"}])
def test_no_months_of_what_is_no_quarter(client: Client, many: None, asked: dict[str, str]) -> None:
    assert client.get(SIGNALS, asked).context["months"] == []


def test_groups_are_of_the_newest_published_report_and_small_ones_withheld(
    client: Client, staff: Any, many: None
) -> None:
    assert client.get(SIGNALS).context["groups"] == []

    publish(Q2, LATER, staff)
    CaseFactory.create_batch(20)  # known since; not in the report

    response = client.get(SIGNALS)
    found = {grouping.by: grouping for grouping in response.context["groups"]}
    assert sorted((row.part, row.whole) for row in found["unit"].shown) == [(3, 5), (6, 6)]
    assert found["channel"].shown == []
    assert [(row.part, row.whole, row.share) for row in found["channel"].withheld] == [(None, None, None)] * 2
    page = SPACES.sub(" ", response.content.decode())
    assert "спазени 9 от 11" in page
    assert WITHHELD in page
    assert "Скрити са групите с по-малко от пет случая" in page


def test_groups_stand_by_name_and_not_by_result() -> None:
    groups = [
        {"by": "unit", "key": "1", "label": "Я", "part": 9, "whole": 9},
        {"by": "unit", "key": "", "label": "", "part": 7, "whole": 8},
        {"by": "unit", "key": "2", "label": "А", "part": 0, "whole": 7},
    ]

    assert [row.label for row in by_groups({"groups": groups})[0].shown] == ["А", "Я", ""]


def test_a_report_of_a_month_is_never_the_source_of_groups(client: Client, staff: Any, many: None) -> None:
    publish(Period.parse("2026-05"), LATER, staff)

    assert client.get(SIGNALS).context["newest"] is None
    assert "Докладът е за месец" in page_of(client, "/reports/2026-05/")


def test_standards_have_a_chart_from_the_newest_report_alone(client: Client, staff: Any, many: None) -> None:
    assert "<svg class" not in page_of(client, "/charter/standards/")

    publish(Q2, LATER, staff)

    page = page_of(client, "/charter/standards/")
    assert page.count('<svg class="trend') == CHARTS
    assert "според доклада за второ тримесечие на 2026" in page


def test_number_of_queries_of_the_standards(
    client: Client, staff: Any, many: None, django_assert_num_queries: Any
) -> None:
    publish(Q2, LATER, staff)
    client.get("/charter/standards/")  # what is asked once and then remembered

    # Three of every page's frame, the standards, one for each measure (waiting time: two; four kinds: also the terms
    # missed under another name; enquiries: the calendar; satisfaction: answers and codes; annual report: two years),
    # the newest report and its figures.
    with django_assert_num_queries(3 + 1 + (len(MEASURES) + 1 + 4 + 1 + 2 + 2) + 2):
        client.get("/charter/standards/")


def test_number_of_queries_of_a_standard(
    client: Client, staff: Any, many: None, django_assert_num_queries: Any
) -> None:
    publish(Q2, LATER, staff)
    client.get(SIGNALS)

    # The frame, the standard, two for each of the figure, five quarters and the months, the newest report, its figure.
    with django_assert_num_queries(3 + 1 + 2 * 7 + 2):
        client.get(SIGNALS)


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "2000"},
        {"period": "2099-Q4"},
        {"from": "0001-01-01", "to": "0001-03-31"},
        {"from": "1999-01-01", "to": "1999-03-31"},
        {"from": "9999-12-30", "to": "9999-12-30"},
    ],
)
@pytest.mark.parametrize("code", ["annual-report", "due-date-notice"])
def test_days_that_no_calendar_knows_are_refused(client: Client, code: str, asked: dict[str, str]) -> None:
    page = client.get(f"/charter/standards/{code}/", asked)

    assert (page.status_code, page.context["period"].code != "") == (200, True)
    assert "Питайте за дни от 2006 до 2098 година." in page.content.decode()
    assert client.get(f"/charter/standards/{code}/cases.csv", asked).status_code == 400


def test_a_question_without_sense_gets_the_running_quarter_or_the_reason(client: Client) -> None:
    page = page_of(client, f"{SIGNALS}cases/", {"period": "вчера"})

    assert "Не разбрахме за кой период питате" in page
    assert client.get(f"{SIGNALS}cases.csv", {"period": "вчера"}).status_code == 400
