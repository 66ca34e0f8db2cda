"""Pages of the charter, the standards, the reports and the calculator, and the same as open data."""

import csv
import hashlib
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from charter.actions.reports import prepare_report
from charter.measurement import Period
from charter.models import CharterVersion, Report, Standard
from tests.charter.staged import publish
from tests.factories import CaseFactory, at

Q2 = Period.parse("2026-Q2")
LATER = at("2026-07-06")
ASKED = {"from": "2026-04-01", "to": "2026-06-30"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def published(staff: Any) -> Report:
    """The published report of 2026-Q2: one signal in time, one late."""
    CaseFactory(closed=True)
    CaseFactory()
    return publish(Q2, LATER, staff)


def test_charter_shows_its_text_in_its_own_words(client: Client) -> None:
    page = client.get("/charter/").content.decode()

    assert "любезно и отзивчиво отношение" in page
    assert "ВЛАДИМИР ГЕОРГИЕВ".title() in page
    assert CharterVersion.objects.get().note in page


def test_charter_without_any_version_says_so(client: Client) -> None:
    Standard.objects.all().delete()
    CharterVersion.objects.all().delete()

    assert client.get("/charter/").status_code == 200


def test_version_by_number_and_a_missing_one(client: Client) -> None:
    assert client.get("/charter/versions/1/").status_code == 200
    assert client.get("/charter/versions/2/").status_code == 404


def test_standards_show_the_figures_of_the_period_asked_for(client: Client) -> None:
    CaseFactory(closed=True)
    CaseFactory()

    response = client.get("/charter/standards/", ASKED)

    lines = [line for kind in response.context["kinds"] for line in kind["measured"]]
    line = next(line for line in lines if line.code == "signal-decision")
    assert (line.part, line.whole) == (1, 2)
    assert response.context["period"] == Period(Q2.start, Q2.end)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "nonsense"},
        {"from": "2026-06-30", "to": "2026-04-01"},
        {"from": "1026-01-01", "to": "2026-01-01"},
        {"to": "9999-12-31"},
        {"as_of": "yesterday"},
        {"as_of": "2026-02-31"},
        {"as_of": "\x00"},
        {"as_of": "1999-01-01"},
        {"as_of": "2005-12-31T12:00:00+02:00"},  # before the calendar is known
        {"as_of": "0001-01-01"},
        {"as_of": "0001-01-01T00:00:00+03:00"},
        {"as_of": "2026-10-01T00:00:00 03:00:"},
    ],
)
def test_a_question_without_sense_gets_the_running_quarter(client: Client, asked: dict[str, str]) -> None:
    response = client.get("/charter/standards/", asked)

    assert response.status_code == 200
    assert response.context["period"].code != ""
    assert client.get("/api/v1/standards/", asked).status_code == 400


@pytest.mark.parametrize("as_of", ["1999-01-01", "0001-01-01", "9999-12-31", "2006-01-01"])
@pytest.mark.parametrize("page", ["/charter/standards/", "/charter/standards/signal-decision/"])
def test_no_moment_is_an_error_of_a_page(client: Client, clock: Any, page: str, as_of: str) -> None:
    response = client.get(page, {"as_of": as_of})

    period = response.context["period"]
    assert response.status_code == 200
    assert (period.start, period.end) == (date(2026, 10, 1), date(2027, 1, 1))  # the running quarter


@pytest.mark.parametrize(
    ("as_of", "understood"),
    [
        ("2026-10-01T00:00:00%2B03:00", "2026-10-01T00:00:00+03:00"),
        ("2026-10-01T00:00:00+03:00", "2026-10-01T00:00:00+03:00"),  # in an address this plus is a space
        ("2026-10-01T00:00:00+03", "2026-10-01T00:00:00+03:00"),
        ("2026-10-01T00:00:00-03:00", "2026-10-01T00:00:00-03:00"),
        ("2026-10-01T00:00:00Z", "2026-10-01T00:00:00+00:00"),
        ("2026-10-01T00:00:00", "2026-10-01T00:00:00+03:00"),  # in Sofia
        ("2026-10-01", "2026-10-02T00:00:00+03:00"),  # its end
        ("20261001", "2026-10-02T00:00:00+03:00"),
        ("2026-11-22", "2026-11-23T00:00:00+02:00"),  # winter time
        ("20261122", "2026-11-23T00:00:00+02:00"),
        ("", "2026-11-23T10:00:00+00:00"),  # now
    ],
)
def test_moments_are_understood_as_people_and_programs_write_them(
    client: Client, clock: Any, as_of: str, understood: str
) -> None:
    answer = client.get(f"/api/v1/standards/?as_of={as_of}")

    assert answer.status_code == 200
    assert {row["as_of"] for row in answer.json()} == {understood}


def test_number_of_queries_of_the_standards_does_not_grow(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/charter/standards/", ASKED)
    CaseFactory.create_batch(25, closed=True)
    with CaptureQueriesContext(connection) as many:
        client.get("/charter/standards/", ASKED)

    assert len(many) == len(few)


def test_standard_shows_its_promise_and_trend(client: Client) -> None:
    response = client.get("/charter/standards/signal-decision/")

    assert Standard.objects.get(code="signal-decision").text in response.content.decode()
    assert len(response.context["trend"]) == 5
    assert client.get("/charter/standards/nothing/").status_code == 404


@pytest.mark.parametrize("code", ["annual-report", "courteous-address", "waiting-time"])
def test_every_sort_of_standard_has_a_page(client: Client, code: str) -> None:
    assert client.get(f"/charter/standards/{code}/").status_code == 200


def test_api_standards_has_the_agreed_fields(client: Client) -> None:
    CaseFactory(closed=True)
    CaseFactory()

    rows = client.get("/api/v1/standards/", {**ASKED, "as_of": "2026-07-06T12:00:00+03:00"}).json()

    row = next(row for row in rows if row["code"] == "signal-decision")
    assert len(rows) == Standard.objects.count()
    assert {
        name: row[name] for name in ("version", "kind", "unit", "target", "part", "whole", "share", "excluded")
    } == {
        "version": 1,
        "kind": "legal",
        "unit": "%",
        "target": 100.0,
        "part": 1,
        "whole": 2,
        "share": 50.0,
        "excluded": {"in_term": 0, "forwarded": 0, "no_proceedings": 0, "withdrawn": 0},
    }
    assert row["as_of"] == "2026-07-06T12:00:00+03:00"


def test_api_answers_as_of_a_past_moment(client: Client) -> None:
    CaseFactory(closed=True)  # decided on 12.03.2026

    def part_and_whole(as_of: str) -> tuple[int, int]:
        rows = client.get("/api/v1/standards/", {**ASKED, "as_of": as_of}).json()
        row = next(row for row in rows if row["code"] == "signal-decision")
        return row["part"], row["whole"]

    assert part_and_whole("2026-05-03") == (0, 0)
    assert part_and_whole("2026-05-04") == (1, 1)  # a day is asked for as its end; this one is the last of the term
    assert part_and_whole("2026-05-04T20:59:59+00:00") == (0, 0)
    assert part_and_whole("2026-05-04T21:00:00+00:00") == (1, 1)  # midnight in Sofia


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".json"])
def test_published_report_is_public_in_every_form(client: Client, published: Report, suffix: str) -> None:
    assert client.get(f"/reports/2026-Q2{suffix}").status_code == 200


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".json"])
def test_draft_and_missing_reports_are_not_public(client: Client, suffix: str) -> None:
    prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    assert client.get(f"/reports/2026-Q2{suffix}").status_code == 404
    assert client.get(f"/reports/2026-Q1{suffix}").status_code == 404
    assert client.get(f"/reports/2026-Q7{suffix}").status_code == 404
    assert client.get(f"/reports/20\u0662\u0666{suffix}").status_code == 404


def test_screen_csv_json_and_api_say_the_same(client: Client, published: Report) -> None:
    lines = [entry["line"] for entry in client.get("/reports/2026-Q2/").context["entries"]]
    screen = {line.code: (line.part, line.whole, line.share) for line in lines}
    sheet = client.get("/reports/2026-Q2.csv").content.decode("utf-8-sig")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(sheet))}
    figures = {row["code"]: row for row in client.get("/reports/2026-Q2.json").json()["figures"]}
    live = {
        row["code"]: row for row in client.get("/api/v1/standards/", {**ASKED, "as_of": "2026-07-06T12:00Z"}).json()
    }

    for code, (part, whole, share) in screen.items():
        printed = None if share is None else float(share)
        assert (figures[code]["part"], figures[code]["whole"], figures[code]["share"]) == (part, whole, printed)
        assert (live[code]["part"], live[code]["whole"], live[code]["share"]) == (part, whole, printed)
        cells = ["" if value is None else str(value) for value in (part, whole, printed)]
        assert [rows[code]["part"], rows[code]["whole"], rows[code]["share"]] == cells


def test_newer_version_is_the_one_that_is_shown(client: Client, published: Report, staff: Any) -> None:
    CaseFactory()
    publish(Q2, LATER, staff, pdf=b"%PDF-1.7 of the second", reason="Пропусната преписка.")

    assert client.get("/reports/2026-Q2.json").json()["version"] == 2
    assert client.get("/reports/2026-Q2.pdf").content == b"%PDF-1.7 of the second"


def test_a_superseded_report_stays_where_it_was_and_both_link_to_each_other(
    client: Client, published: Report, staff: Any
) -> None:
    CaseFactory()
    before = client.get("/reports/2026-Q2/figures.json").content
    publish(Q2, LATER, staff, pdf=b"%PDF-1.7 of the second", reason="Пропусната преписка.")

    new, old = client.get("/reports/2026-Q2/"), client.get("/reports/2026-Q2/versions/1/")

    signals = Standard.objects.get(code="signal-decision").title
    told = [(change.title, str(change.name), change.was, change.became) for change in new.context["moved"]]
    assert (signals, "всички", "2", "3") in told
    assert (signals, "дял", "50,0\u202f%", "33,3\u202f%") in told
    assert {title for title, *_rest in told} == {signals}
    assert "/reports/2026-Q2/versions/1/" in new.content.decode()
    assert "Пропусната преписка." in new.content.decode()
    assert 'href="/reports/2026-Q2/"' in old.content.decode()
    assert client.get("/reports/2026-Q2/versions/1/figures.json").content == before
    assert client.get("/reports/2026-Q2/versions/1/report.pdf").content == b"%PDF-1.7 of a report"
    assert client.get("/reports/2026-Q2/versions/3/").status_code == 404


@pytest.mark.parametrize("name", ["figures.json", "figures.csv", "definitions.json", "groups.csv", "cases.csv"])
def test_each_file_is_given_out_as_it_was_frozen(client: Client, published: Report, name: str) -> None:
    file = published.files.get(name=name)

    content = client.get(f"/reports/2026-Q2/{name}").content

    assert hashlib.sha256(content).hexdigest() == file.sha256
    for other in ("secrets.csv", "%00", "figures%00.csv", "..%2f..%2fsecret.key", "я.csv"):
        assert client.get(f"/reports/2026-Q2/{other}").status_code == 404
        assert client.get(f"/reports/2026-Q2/versions/1/{other}").status_code == 404


def test_uploaded_report_is_known_or_not(client: Client, published: Report) -> None:
    ours = SimpleUploadedFile("any.pdf", b"%PDF-1.7 of a report")
    changed = SimpleUploadedFile("any.pdf", b"%PDF-1.7 of a repost")

    assert client.post("/reports/verify/", {"file": ours}).context["report"] == published
    assert client.post("/reports/verify/", {"file": changed}).context["report"] is None


def test_verify_without_a_file_asks_for_one(client: Client) -> None:
    refused = client.post("/reports/verify/")

    assert refused.status_code == 422
    assert "Изберете файла на доклада." in refused.content.decode()


def test_a_correction_without_a_reason_is_refused_at_the_desk(as_role: Any, published: Report) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    asked = {"period": "2026-Q2"}

    assert as_role("secretary").post("/desk/reports/prepare/", asked).status_code == 422
    answer = as_role("secretary").post("/desk/reports/prepare/", {**asked, "correction_reason": "Пропуск."})
    assert answer.status_code == 302


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".json"])
def test_a_published_report_may_be_kept(client: Client, published: Report, suffix: str) -> None:
    assert "Cache-Control" not in client.get(f"/reports/2026-Q2{suffix}")
