"""One count, five forms: the page of a report, its CSV and JSON, the API and the PDF say the same to the last digit."""

import csv
import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from charter.choices import Verdict
from charter.measurement import Period
from charter.models import Report, Standard
from charter.pdf import render_report
from charter.report import COLUMNS
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from tests.charter.staged import publish
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.knowing import known_from

Q2 = Period.parse("2026-Q2")
LATER = at("2026-07-06")
ASKED = {"period": "2026-Q2", "as_of": "2026-07-06T12:00:00+00:00"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def report(staff: Any) -> Report:
    """The published report of 2026-Q2 with each verdict, an extension, something left out, late and unanswered."""
    changes = {
        "service-term": {"target": None},
        "satisfaction": {"measure": "", "not_measured_reason": "Анкетата е спряна."},
    }
    with known_from(at("2026-01-01")):
        for standard in Standard.objects.all():
            for name, value in changes.get(standard.code, {}).items():
                setattr(standard, name, value)
            save_with_history(standard, by=None, why="проба")
    CaseFactory.create_batch(8, closed=True)
    CaseFactory.create_batch(2)
    CaseFactory.create_batch(3, forwarded=True)
    CaseFactory(closed=True, extended_at=at("2026-04-01"), due_on=date(2026, 6, 4))
    ApplicationFactory.create_batch(2, completed=True, due_on=date(2026, 4, 6))
    ApplicationFactory(due_on=date(2026, 4, 6))
    for minutes in (3, 5, 8, 13, 19):
        CaseFactory(
            channel=Channel.COUNTER,
            received_at=at("2026-05-12"),
            waited_minutes=minutes,
            first_due_on=date(2026, 7, 13),
        )
    return publish(Q2, LATER, staff)


def closed_up(text: str) -> str:
    """Without any white space: where a line ends is nobody's number."""
    return re.sub(r"\s+", "", text)


def printed(share: float | None) -> str:
    return "" if share is None else f"{share:.1f}%".replace(".", ",")


def told(row: dict[str, Any]) -> list[str]:
    """What a page has to say of a figure, besides part and whole, from its record in figures.json."""
    if not row["whole"]:
        return []
    words = [printed(row["share"]), f"95%интервал:от{printed(row['interval_low'])}до{printed(row['interval_high'])}."]
    if row["unanswered"]:
        words.append(f"безотговор,броеникатонеспазени:{row['unanswered']}.")
    if row["extended_whole"]:
        words.append(f"удълженпозаконсрок:{row['extended_whole']},оттяхспазени{row['extended_part']}.")
    if row["worst"]:
        half, nine = soon(row["median"]), soon(row["ninetieth"])
        words += [f"приключените–{half}", f"деветотдесет–{nine}", f"най-много–{row['worst']}"]
    elif row["worst"] is not None:
        words.append("Всичкиприключени–всъщияден.")
    return words


def soon(days: int) -> str:
    """How soon; all that took no time here is counted in days."""
    return f"до{days}" if days else "всъщияден"


def blocks(text: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The part of a text about each standard: from its promise, which stands there once, to the next one."""
    places = [text.index(closed_up(row["text"])) for row in rows]
    assert places == sorted(places)
    return {row["code"]: text[start:end] for row, start, end in zip(rows, places, [*places[1:], None], strict=True)}


def test_the_report_has_every_verdict(client: Client, report: Report) -> None:
    rows = client.get("/reports/2026-Q2.json").json()["figures"]

    assert {row["verdict"] for row in rows} == {verdict.value for verdict in Verdict} - {Verdict.WITHHELD}
    signals = next(row for row in rows if row["code"] == "signal-decision")
    assert (signals["part"], signals["whole"], signals["share"]) == (9, 11, 81.8)
    assert (signals["unanswered"], signals["extended_part"], signals["extended_whole"]) == (2, 1, 1)
    assert signals["excluded"]["forwarded"] == 3


def test_csv_and_api_are_the_json(client: Client, report: Report) -> None:
    figures = client.get("/reports/2026-Q2.json").json()["figures"]
    sheet = client.get("/reports/2026-Q2.csv").content.decode("utf-8-sig")
    live = client.get("/api/v1/standards/", ASKED).json()

    plain = [{name: "" if row[name] is None else str(row[name]) for name in COLUMNS} for row in figures]
    for row, said in zip(figures, plain, strict=True):
        said["excluded"] = "; ".join(f"{reason}={count}" for reason, count in row["excluded"].items())
    assert list(csv.DictReader(io.StringIO(sheet))) == plain
    shared = [name for name in COLUMNS if name in live[0]]
    assert [{name: row[name] for name in shared} for row in live] == [
        {name: row[name] for name in shared} for row in figures
    ]
    assert set(COLUMNS) - set(shared) == {"title", "is_reconstructed", "not_measured_reason"}


def test_the_page_and_the_pdf_are_the_json(client: Client, report: Report) -> None:
    rows = client.get("/reports/2026-Q2.json").json()["figures"]
    page = client.get("/reports/2026-Q2/").content.decode()
    page = closed_up(unescape(re.sub(r"<[^>]*>", "", page[page.index('id="standards"') : page.index('id="findings"')])))
    pdf = closed_up(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(render_report(report))).pages))
    forms = {"page": blocks(page, rows), "pdf": blocks(pdf, rows)}

    missing = [
        (form, row["code"], words)
        for row in rows
        for form, found in forms.items()
        for words in [*told(row), *counts(form, row)]
        if words not in found[row["code"]]
    ]

    assert missing == []


def counts(form: str, row: dict[str, Any]) -> list[str]:
    """Part and whole as the form says them; the verdict in words."""
    verdict = [closed_up(str(Verdict(row["verdict"]).label))]
    if not row["whole"]:
        return verdict
    return [*verdict, f"{row['part']}от{row['whole']}" if form == "page" else f"{row['part']}{row['whole']}"]


def test_the_live_page_of_a_standard_is_the_api(client: Client, report: Report) -> None:
    for row in client.get("/api/v1/standards/", ASKED).json():
        if not row["whole"]:
            continue
        page = client.get(f"/charter/standards/{row['code']}/", ASKED).content.decode()
        page = closed_up(unescape(re.sub(r"<[^>]*>", "", page)))

        assert [words for words in [*told(row), *counts("page", row)] if words not in page] == []
