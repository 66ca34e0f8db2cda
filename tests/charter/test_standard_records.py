"""The anonymised records behind a figure: the page that lists them and the table."""

import os
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo

from charter.measurement import MEASURES, Period
from charter.measurement.telling import months_of
from charter.models import Standard
from charter.records import STATES, Records
from charter.texts import read
from charter.views.records import end_of_line, pieces
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel, Fact
from services.models import Unit
from tests.charter.figures import ASKED, LATER, Q2, SIGNALS, SPACES, page_of, rows_of
from tests.factories import ApplicationFactory, CaseFactory, at

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("code", MEASURES)
def test_the_table_has_a_line_for_each_record_in_the_order_of_the_list(code: str, many: None) -> None:
    CaseFactory(forwarded=True)
    for place in range(8):
        # Two of each day, those of May too few to be told with their days.
        day = at("2026-04-01" if place < 6 else "2026-05-01") + timedelta(days=place // 2)
        CaseFactory(waited_minutes=place // 4, channel=Channel.COUNTER, received_at=day)
        ApplicationFactory(waited_minutes=30, received_at=day, due_on=date(2026, 5, 20))
    period = Period.parse("2026") if code == "annual-report" else Q2

    table = b"".join(pieces(code, lambda: Records(MEASURES[code], period, LATER))).decode("utf-8-sig")

    records = Records(MEASURES[code], period, LATER)
    ends = [end_of_line(record, records.span) for record in records]
    assert table.split("\r\n")[1:-1] == [f"{code},{place},{end}" for place, end in enumerate(ends, start=1)]


def test_an_error_while_records_are_read_leaves_the_connection_to_others(
    many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_said: Any) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("charter.views.records.end_of_line", broken)
    measure = MEASURES["signal-decision"]

    # An error holds on to all that was under way.
    with pytest.raises(ZeroDivisionError) as raised:
        next(pieces("signal-decision", lambda: Records(measure, Q2, LATER)))

    assert Standard.objects.filter(code="signal-decision").exists()
    assert raised.traceback


def test_records_that_cannot_be_read_are_an_outage_and_no_empty_table() -> None:
    """Nothing of the answer has gone when the first record is asked for, so its status still says what happened."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO '100ms'")

    with psycopg.connect(make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])) as other:
        other.execute("SET lock_timeout TO '5s'")
        other.execute("LOCK TABLE feedback_case, feedback_historicalcase IN ACCESS EXCLUSIVE MODE")
        asked = Client(raise_request_exception=False).get(f"{SIGNALS}cases.csv", ASKED)

    assert asked.status_code == 503
    assert "Content-Disposition" not in asked
    assert "Retry-After" in asked


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
