"""What stands beside a figure on the pages: the trend, the months, the groups, the records."""

import csv
import hashlib
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from charter.actions.reports import prepare_report
from charter.measurement import MEASURES, Period
from charter.measurement.telling import divides_hidden, months_of
from charter.models import Report, Standard
from charter.records import STATES, Records
from charter.report import by_groups, listed_files
from charter.texts import read
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel, Fact
from services.models import Unit
from tests.charter.staged import publish
from tests.factories import ApplicationFactory, CaseFactory, at

Q2 = Period.parse("2026-Q2")
LATER = at("2026-07-06")
ASKED = {"period": "2026-Q2", "as_of": "2026-07-06T12:00Z"}
SIGNALS = "/charter/standards/signal-decision/"
WITHHELD = "скрито: малка група"
# Those with something to count: signals, registering on the day, making decisions known.
CHARTS = 3
SPACES = re.compile(r"[ \n]+")
pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str, asked: dict[str, str] = ASKED) -> str:
    """The words of a page, with single spaces between them."""
    response = client.get(address, asked)
    assert response.status_code == 200
    return SPACES.sub(" ", response.content.decode())


def rows_of(client: Client, code: str, asked: dict[str, str] = ASKED) -> list[dict[str, str]]:
    sheet = client.get(f"/charter/standards/{code}/cases.csv", asked).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(sheet)))


@pytest.fixture
def many(db: None) -> None:
    """Eleven signals of two units: six in time in the one, five in time or late in the other, which has no more."""
    units = [Unit.objects.get(code="hdettos"), Unit.objects.exclude(code="hdettos").order_by("pk")[0]]
    CaseFactory.create_batch(6, closed=True, unit=units[0])
    CaseFactory.create_batch(3, closed=True, unit=units[1])
    CaseFactory.create_batch(2, unit=units[1], channel=Channel.PHONE)


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


def test_records_say_days_and_nothing_of_anybody(client: Client, many: None) -> None:
    page = page_of(client, f"{SIGNALS}cases/")
    rows = rows_of(client, "signal-decision")

    assert "Всички записи: 11." in page
    assert "Мария" not in page
    assert Unit.objects.get(code="hdettos").name not in page
    assert sorted(row["state"] for row in rows) == ["kept"] * 9 + ["unanswered"] * 2
    answered = next(row for row in rows if row["state"] == "kept")
    assert answered == {
        "standard": "signal-decision",
        "row": answered["row"],
        "state": "kept",
        "extended": "0",
        "began_on": "2026-03-02",
        "last_day": "2026-05-04",
        "done_on": "2026-03-12",
        "took": "10",
        "span": "calendar_days",
        "merged": "0",
    }


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


def test_records_of_one_state_are_shown_alone(client: Client, many: None) -> None:
    CaseFactory(forwarded=True)

    every, late, none = (
        client.get(f"{SIGNALS}cases/", {**ASKED, "state": state}) for state in ("", "unanswered", "burnt")
    )

    assert [len(one.context["page"]) for one in (every, late, none)] == [12, 2, 12]
    assert {record.state for record in late.context["page"]} == {"unanswered"}
    assert "Всички записи: 12." in SPACES.sub(" ", late.content.decode())
    assert [(code, count) for code, _words, count in late.context["records"].by_state] == [
        ("kept", 9),
        ("unanswered", 2),
        ("forwarded", 1),
    ]
    assert "state=unanswered" in page_of(client, SIGNALS)


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


@pytest.mark.parametrize("code", [row["code"] for row in read("standards-2016")])
def test_every_standard_opens_with_its_records(client: Client, code: str, many: None) -> None:
    ApplicationFactory.create_batch(6, completed=True, waited_minutes=4, due_on=date(2026, 4, 6))
    is_measured = bool(Standard.objects.get(code=code).measure)

    page_of(client, f"/charter/standards/{code}/")

    assert client.get(f"/charter/standards/{code}/cases/", ASKED).status_code == (200 if is_measured else 404)


def test_every_fact_has_its_words() -> None:
    assert set(STATES) == set(Fact)


@pytest.mark.parametrize("code", sorted(MEASURES))
def test_every_measure_has_its_records_and_months(code: str, many: None) -> None:
    ApplicationFactory.create_batch(6, completed=True, waited_minutes=4, due_on=date(2026, 4, 6))
    period = Period.parse("2026-H1")

    records = list(Records(MEASURES[code], period, LATER))

    share = MEASURES[code](period, LATER)
    assert len(records) == share.whole + sum(share.excluded.values())
    assert sum(record.state == Fact.KEPT for record in records) == share.part
    assert [record.says for record in records if not record.says] == []
    assert sum(month.whole or 0 for month in months_of(MEASURES[code], Q2, LATER)) <= share.whole


def test_records_are_cut_across_their_sources(client: Client) -> None:
    for serial in range(5):
        CaseFactory(
            waited_minutes=serial, channel=Channel.COUNTER, received_at=at("2026-04-01") + timedelta(days=serial)
        )
        ApplicationFactory(
            waited_minutes=10 + serial, received_at=at("2026-05-01") + timedelta(days=serial), due_on=date(2026, 5, 20)
        )

    records = Records(MEASURES["waiting-time"], Q2, LATER)

    everything = list(records)
    assert [record.took for record in everything] == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]
    assert [records[start : start + 2] for start in range(10)] == [everything[start : start + 2] for start in range(10)]
    assert len(records) == 10
    assert {record.state for record in everything} == {Fact.KEPT}


def test_records_come_fifty_a_page(client: Client) -> None:
    CaseFactory.create_batch(51, closed=True)

    first, second = (client.get(f"{SIGNALS}cases/", {**ASKED, "page": page}) for page in ("1", "2"))

    assert (len(first.context["page"]), len(second.context["page"])) == (50, 1)
    assert "page=2" in first.content.decode()
    assert "page=1" in second.content.decode()
    assert client.get(f"{SIGNALS}cases/", {**ASKED, "page": "нищо"}).status_code == 200


def test_records_behind_a_figure_are_as_many_as_it_says(client: Client, many: None) -> None:
    CaseFactory(forwarded=True)
    api = client.get("/api/v1/standards/", ASKED).json()
    figure = next(row for row in api if row["code"] == "signal-decision")

    states = [row["state"] for row in rows_of(client, "signal-decision")]

    assert states.count("kept") == figure["part"]
    assert len(states) == figure["whole"] + sum(figure["excluded"].values())


def test_number_of_queries_of_the_records_does_not_grow(
    client: Client, many: None, django_assert_num_queries: Any
) -> None:
    CaseFactory.create_batch(40, closed=True)
    client.get(f"{SIGNALS}cases/", ASKED)

    # The frame, the standard, for each of two sources the months hidden then and now and how many there are, one of
    # them, the reports with their records.
    with django_assert_num_queries(3 + 1 + 4 + 2 + 1 + 1):
        client.get(f"{SIGNALS}cases/", ASKED)


@pytest.mark.parametrize("suffix", ["cases/", "cases.csv"])
def test_what_is_not_measured_has_no_records(client: Client, suffix: str) -> None:
    standard = Standard.objects.get(code="satisfaction")
    standard.measure, standard.not_measured_reason = "", "Анкетата е спряна."
    save_with_history(standard, by=None, why="проба")
    assert client.get(f"/charter/standards/satisfaction/{suffix}").status_code == 404
    assert client.get(f"/charter/standards/nothing/{suffix}").status_code == 404


def test_a_question_without_sense_gets_the_running_quarter_or_the_reason(client: Client) -> None:
    page = page_of(client, f"{SIGNALS}cases/", {"period": "вчера"})

    assert "Не разбрахме за кой период питате" in page
    assert client.get(f"{SIGNALS}cases.csv", {"period": "вчера"}).status_code == 400


@pytest.fixture
def published(staff: Any, many: None) -> Report:
    return publish(Q2, LATER, staff)


def test_a_report_page_says_everything_of_each_standard(client: Client, published: Report) -> None:
    page = page_of(client, "/reports/2026-Q2/", {})

    for figure in published.figures.all():
        assert f'id="standard-{figure.code}"' in page
        assert figure.definition.split()[0] in page
    assert "Забавени становища." in page
    assert "Напомняне преди срока." in page
    assert "31.12.2026" in page
    assert "Проверено е." in page
    assert "95 % интервал: от 52,3\u202f% до 94,9\u202f%." in page
    assert page.count('<svg class="trend') == CHARTS


def test_a_report_page_lists_its_files_with_size_and_fingerprint(client: Client, published: Report) -> None:
    page = page_of(client, "/reports/2026-Q2/", {})

    listed = listed_files(published)

    assert [file.name for file in listed] == [
        "cases.csv",
        "definitions.json",
        "figures.csv",
        "figures.json",
        "groups.csv",
    ]
    for file in listed:
        content = client.get(f"/reports/2026-Q2/versions/1/{file.name}").content
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert file.sha256 in page


@pytest.mark.parametrize("name", ["groups.csv", "cases.csv", "definitions.json", "figures.json"])
def test_the_fingerprint_of_a_file_is_its_etag(client: Client, published: Report, name: str) -> None:
    address = f"/reports/2026-Q2/{name}"

    etag = client.get(address)["ETag"]

    assert etag == f'"{published.files.get(name=name).sha256}"'
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_draft_gives_no_file(client: Client) -> None:
    prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    assert client.get("/reports/2026-Q2/cases.csv").status_code == 404


def test_number_of_queries_of_a_report_does_not_grow_with_its_figures(
    client: Client, published: Report, django_assert_num_queries: Any
) -> None:
    client.get("/reports/2026-Q2/")

    # The frame, the report, its lines, its figures with actions and findings, the findings, the files, what is newer.
    with django_assert_num_queries(3 + 1 + 1 + 3 + 1 + 1 + 1):
        client.get("/reports/2026-Q2/")
