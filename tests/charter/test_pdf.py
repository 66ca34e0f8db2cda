"""The PDF of a report: valid, complete, always the same, deaf to injected addresses."""

import io
import json
import re
import socketserver
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import page
import pytest
from django.conf import settings as project_settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader

from charter.actions.reports import prepare_report, publish_report
from charter.choices import StandardKind, Verdict
from charter.measurement import Period
from charter.models import Figure, Report
from charter.pdf import render_report
from charter.report import as_csv, as_json, frozen_lines
from feedback.choices import Kind
from feedback.models import Case
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from samokov_portal.printing import RendererMissing
from tests.charter.staged import approved, explained

pytestmark = pytest.mark.django_db
AS_OF = datetime.fromisoformat("2024-10-05T09:00:00+03:00")

# part, whole, target, left out, verdict; one of each verdict.
RESULTS: list[tuple[int | None, int | None, Decimal | None, dict[str, int], Verdict]] = [
    (1180, 1214, Decimal(95), {"not_recorded": 1034}, Verdict.KEPT),
    (30512, 30513, Decimal(100), {"in_term": 3, "forwarded": 0}, Verdict.BROKEN),
    (0, 0, Decimal(100), {}, Verdict.NO_DATA),
    (3, 3, None, {}, Verdict.NO_TARGET),
    (None, None, Decimal("97.5"), {}, Verdict.NOT_MEASURED),
]


def stored_report(*, has_sample_data: bool = False, **changes: Any) -> Report:
    """A draft of 2024-Q3 with one standard for each verdict; `changes` go to the first of them."""
    period = Period.parse("2024-Q3")
    report = Report(
        period=period.code,
        period_start=period.start,
        period_end=period.end,
        as_of=AS_OF,
        prepared_at=AS_OF,
        has_sample_data=has_sample_data,
    )
    save_with_history(report, by=None, why="пример")
    figures = [figure(report, position, *result) for position, result in enumerate(RESULTS)]
    for name, value in changes.items():
        setattr(figures[0], name, value)
    Figure.objects.bulk_create(figures)
    return Report.objects.get(pk=report.pk)


def figure(
    report: Report, position: int, part: Any, whole: Any, target: Any, excluded: Any, verdict: Verdict
) -> Figure:
    return Figure(
        report=report,
        position=position,
        code=f"standard-{position}",
        title=f"Стандарт {verdict.value}",
        text=f"Обещаваме Ви „{verdict.value}“ до 7 дни.",
        definition=f"Цялото са {verdict.value}.",
        kind=StandardKind.OWN,
        part=part,
        whole=whole,
        target=target,
        excluded=excluded,
        verdict=verdict,
        is_reconstructed=position == 0,
        not_measured_reason="Още не се записва." if verdict == Verdict.NOT_MEASURED else "",
    )


def case_received(at: str, *, is_sample: bool = False) -> None:
    moment = datetime.fromisoformat(at)
    case = Case(
        number=f"Б-{at[:10]}",
        kind=Kind.PRAISE,
        citizen_kind=Kind.PRAISE,
        subject="Похвала",
        text="Благодаря.",
        channel=Channel.WEB,
        received_at=moment,
        registered_at=moment,
        access_digest="0",
        forward_due_on=timezone.localtime(moment).date(),
        is_sample=is_sample,
    )
    save_with_history(case, by=None, why="пример")


def words(pdf: bytes) -> str:
    """All text of the PDF on one line."""
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"[ \n]+", " ", text)


def attachments(pdf: bytes) -> dict[str, bytes]:
    return {name: content for name, [content] in PdfReader(io.BytesIO(pdf)).attachments.items()}


def broken_rules(pdf: bytes, profile: str) -> list[tuple[str, str]]:
    return [(rule.rule_id, rule.message) for rule in page.validate_pdf_bytes(pdf, profile=profile).failures]


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_file_is_pdf_a_3a_and_pdf_ua_1(profile: str) -> None:
    assert broken_rules(render_report(stored_report()), profile) == []


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_report_of_the_whole_charter_is_valid(profile: str) -> None:
    run("make_report", "2024-Q3", "--as-of", "2024-10-05T09:00")
    pdf = bytes(Report.objects.get().pdf or b"")

    assert broken_rules(pdf, profile) == []
    assert 8 <= len(PdfReader(io.BytesIO(pdf)).pages) <= 40


def test_no_stream_ends_so_that_its_length_may_be_misread() -> None:
    # The digests in the text differ from version to version, and with them the last bytes of the compressed streams.
    pdf = render_report(stored_report())

    assert b"\r\nendstream" not in pdf


def test_every_promise_stands_with_its_result_in_words() -> None:
    report = stored_report()

    said = words(render_report(report))

    with translation.override("bg"):
        for line in frozen_lines(report):
            assert line.text in said
            assert line.title in said
            assert line.definition in said
            assert str(line.verdict.label) in said
    assert "1\u202f180 1\u202f214 97,2\u202f%" in said
    assert "30\u202f512 30\u202f513 99,9\u202f%" in said
    assert "97,5\u202f%" in said
    assert "Още не се записва." in said


def test_what_was_left_out_is_said_with_its_reason() -> None:
    said = words(render_report(stored_report()))

    assert "Не влизат в сметката: без записано време на чакане – 1\u202f034." in said
    assert "Не влизат в сметката: с неизтекъл срок – 3." in said
    assert said.count("Не влизат в сметката: няма такива.") == 2


def test_cover_says_period_moment_and_version() -> None:
    said = words(render_report(stored_report()))

    assert "трето тримесечие на 2024\u00a0г." in said
    assert "от 01.07.2024\u00a0г. до 30.09.2024\u00a0г. включително" in said
    assert "05.10.2024\u00a0г., 09:00\u00a0ч." in said
    assert "Версия на доклада 1" in said
    assert "/reports/verify/" in said


def test_only_a_reconstructed_text_is_called_so() -> None:
    said = words(render_report(stored_report()))

    assert said.count("Текстът е възстановен, за потвърждаване от общината.") == 1


@pytest.mark.parametrize("is_sample", [True, False])
def test_sample_data_is_named_on_every_page(is_sample: bool) -> None:
    # What the report was made of counts, not what stands in the database now.
    case_received("2024-07-01T10:00+03:00", is_sample=not is_sample)

    reader = PdfReader(io.BytesIO(render_report(stored_report(has_sample_data=is_sample))))

    assert {"Примерни данни" in sheet.extract_text() for sheet in reader.pages} == {is_sample}


def test_pages_are_numbered_after_the_cover() -> None:
    sheets = PdfReader(io.BytesIO(render_report(stored_report()))).pages

    assert [f"стр. {number} от {len(sheets)}" in sheet.extract_text() for number, sheet in enumerate(sheets, 1)] == [
        False,
        *[True] * (len(sheets) - 1),
    ]


def test_language_and_title_are_said() -> None:
    reader = PdfReader(io.BytesIO(render_report(stored_report())))

    assert reader.trailer["/Root"]["/Lang"] == "bg"
    assert reader.metadata is not None
    assert reader.metadata.title == (
        "Доклад за спазване на стандартите от Хартата на клиента – Община Самоков, трето тримесечие на 2024\u00a0г."
    )


def test_chart_has_its_numbers_as_alternative_text() -> None:
    reader = PdfReader(io.BytesIO(render_report(stored_report())))
    objects = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]

    figures = [row["/Alt"] for row in objects if isinstance(row, dict) and row.get("/S") == "/Figure"]

    assert len(figures) == 1
    assert "Стандарт kept – 97,2\u202f%, спазен; Стандарт broken – 99,9\u202f%, неспазен" in figures[0]


def test_figures_are_embedded_as_data_once_each() -> None:
    report = stored_report()
    lines = frozen_lines(report)

    pdf = render_report(report)

    catalog = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    files = attachments(pdf)
    assert sorted(files) == ["figures.csv", "figures.json", "manifest.json"]
    assert files["figures.csv"].decode("utf-8-sig") == as_csv(lines)
    assert json.loads(files["figures.json"]) == as_json(report, lines)
    assert [entry.get_object()["/AFRelationship"] for entry in catalog["/AF"]][:2] == ["/Data", "/Data"]
    assert len({entry.get_object()["/UF"] for entry in catalog["/AF"]}) == len(catalog["/AF"]) == 3


def test_embedded_files_are_those_that_the_portal_offers(client: Client, staff: Any) -> None:
    period = Period.parse("2024-Q3")
    report = prepare_report(period=period, as_of=AS_OF, by=None, now=AS_OF)
    report = explained(report, staff["editor"], AS_OF)
    pdf = render_report(report)
    approved(report, staff, AS_OF, pdf)
    publish_report(report_id=report.pk, by=staff["mayor"], now=AS_OF)

    embedded = attachments(pdf)
    del embedded["manifest.json"]

    names = ["cases.csv", "definitions.json", "figures.csv", "figures.json", "groups.csv"]
    assert sorted(embedded) == names
    assert embedded == {name: client.get(f"/reports/2024-Q3/{name}").content for name in names}
    for end in ("json", "csv"):
        assert client.get(f"/reports/2024-Q3.{end}").content == embedded[f"figures.{end}"]


def test_same_report_gives_same_bytes() -> None:
    report = stored_report()

    first = render_report(report)
    with translation.override("en"):
        second = render_report(Report.objects.get(pk=report.pk))

    assert first == second


def test_report_without_a_measured_standard_is_rendered() -> None:
    report = stored_report()
    report.figures.exclude(verdict=Verdict.NOT_MEASURED).delete()

    pdf = render_report(report)

    assert broken_rules(pdf, "ua1") == []
    assert "нито един стандарт не е измерен" in words(pdf)


def test_very_long_text_only_takes_more_pages() -> None:
    report = stored_report(text="Обещание. " * 2000, title="Д" * 120)

    pdf = render_report(report)

    assert broken_rules(pdf, "3a") == []
    assert len(PdfReader(io.BytesIO(pdf)).pages) <= 17


@pytest.fixture
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server, and what it was asked for."""
    asked: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline())

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
        server.shutdown()
        thread.join()


def injection(address: str) -> str:
    return (
        f'<img src="{address}"><img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd">'
        f'<style>@import "{address}";</style><svg><image href="{address}"/></svg>'
    )


def test_markup_in_a_text_is_only_text(trap: tuple[str, list[bytes]]) -> None:
    address, asked = trap
    report = stored_report(text=injection(address))

    pdf = render_report(report)

    assert '<img src="file:///etc/passwd">' in words(pdf)
    assert asked == []


def test_nothing_is_fetched_even_if_a_text_were_not_escaped(
    trap: tuple[str, list[bytes]], settings: Any, tmp_path: Path
) -> None:
    address, asked = trap
    (tmp_path / "charter").mkdir()
    (tmp_path / "charter/report_pdf.html").write_text('<html lang="bg">{{ entries.0.line.text|safe }}</html>')
    [engine] = project_settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    report = stored_report(text=injection(address))

    pdf = render_report(report)

    assert asked == []
    assert sorted(attachments(pdf)) == ["figures.csv", "figures.json", "manifest.json"]
    assert b"root:" not in pdf


def test_missing_pango_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(RendererMissing, match="Pango"):
        render_report(stored_report())
