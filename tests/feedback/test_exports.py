"""The work list as a file: what stands on the screen, at once or by the worker, and for nobody else."""

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection

from feedback.actions.exports import order_export
from feedback.actions.ordered import MOST_ORDERED_A_DAY, forget_ordered
from feedback.models import Case, Export
from feedback.views import exports
from samokov_portal.audit.models import Look
from samokov_portal.files import shelf
from samokov_portal.office.tables import as_csv, plain, write_xlsx
from samokov_portal.tasks import forget_ordered_files, write_ordered_export
from services.models import Unit
from tests.factories import ApplicationFactory, CaseFactory
from tests.feedback.desk_forms import DESK
from tests.feedback.life_stories import brought_to, filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]  # Monday 23.11.2026
CSV, XLSX = "/desk/export/csv/", "/desk/export/xlsx/"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAYS_FROM = date(1899, 12, 30)


def sent(response: Any) -> bytes:
    assert response.streaming
    return b"".join(response.streaming_content)


def table_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells_of_xlsx(content: bytes) -> list[list[tuple[str, str]]]:
    """Of each row the type and the value of each cell: `str` words, `n` numbers and days."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        shared = []
        if "xl/sharedStrings.xml" in parts.namelist():
            root = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
            shared = ["".join(item.itertext()) for item in root.iter(f"{SPREADSHEET}si")]
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{SPREADSHEET}row"):
        cells = []
        for cell in row.iter(f"{SPREADSHEET}c"):
            assert cell.find(f"{SPREADSHEET}f") is None  # no formula
            kind, words = cell.get("t", "n"), "".join(cell.itertext())
            cells.append(
                ("str", shared[int(words)]) if kind == "s" else ("str" if kind == "inlineStr" else kind, words)
            )
        rows.append(cells)
    return rows


def screen(client: Any, query: dict[str, Any]) -> list[list[str]]:
    """The cells of the table on every page of the list, as a person reads them."""
    rows, after = [], ""
    while True:
        text = client.get(DESK, {**query, **({"after": after} if after else {})}).content.decode()
        body = text.partition("<tbody>")[2].partition("</tbody>")[0]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S):
            cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
            rows.append([" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in cells])
        found = re.search(r'after=([^"&]+)" rel="next"', text)
        if found is None:
            return rows
        after = found[1].replace("%7E", "~")


def as_on_screen(row: list[str]) -> list[str]:
    """A row of the file in the words of the screen."""
    number, kind, subject, unit, status, awaited, day, left = row
    if not day:
        return [number, kind, subject, unit, status.replace(" (", " ").rstrip(")"), "без срок"]
    on, days = date.fromisoformat(day), int(left)
    word = (
        f"просрочено с {-days} {'ден' if days == -1 else 'дни'}"
        if days < 0
        else "днес"
        if days == 0
        else f"остава {days} ден"
        if days == 1
        else f"остават {days} дни"
    )
    when = " ".join(part for part in (awaited, f"{on:%d.%m.%Y} г.", word) if part)
    return [number, kind, subject, unit, status.replace(" (", " ").rstrip(")"), when]


@pytest.fixture
def rows(staff: Any) -> None:
    """More than a page, of both registers, of every look that a line may have."""
    unit = Unit.objects.get(code="hdettos")
    for day in range(30):
        due = date(2026, 11, 10) + timedelta(days=day)
        CaseFactory(first_due_on=due, subject=f"Дупка № {day}, „дълбока“; 5 < 6", unit=unit, status="assigned")
        ApplicationFactory(due_on=due)
    CaseFactory(kind="praise", term_code="", term_version="", first_due_on=None)
    brought_to("forwarding", staff, filed())
    brought_to("decided", staff, filed())


@pytest.mark.parametrize("query", [{}, {"tab": "overdue"}, {"kind": "application", "tab": "soon"}, {"text": "дупка"}])
def test_the_file_says_what_the_screen_says(as_role: Any, rows: None, query: dict[str, str]) -> None:
    client = as_role("clerk")
    on_screen = screen(client, query)

    table = table_of_csv(sent(client.get(CSV, query)))
    workbook = cells_of_xlsx(sent(client.get(XLSX, query)))

    assert len(on_screen) > 2
    assert [as_on_screen(row) for row in table[1:]] == on_screen
    assert [said(row) for row in workbook] == [table[0], *([cell for cell in row if cell] for row in table[1:])]


def said(row: list[tuple[str, str]]) -> list[str]:
    """The cells of a row of a workbook as CSV says them: a day is a number of days there."""
    words = [
        (DAYS_FROM + timedelta(days=int(value))).isoformat() if kind == "n" and int(value) > 40_000 else value
        for kind, value in row
    ]
    return [word for word in words if word]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(as_role: Any, begin: str) -> None:
    subject = f"{begin}cmd|'/C calc'!A0"
    CaseFactory(subject=subject, first_due_on=date(2026, 11, 24))
    client = as_role("clerk")

    in_csv = table_of_csv(sent(client.get(CSV)))[1][2]
    in_workbook = cells_of_xlsx(sent(client.get(XLSX)))[1][2]

    assert in_csv == f"'{subject}"
    assert in_workbook[0] == "str"
    assert in_workbook[1].replace("_x000D_", "\r") == subject
    assert plain("Дупка = яма") == "Дупка = яма"


def test_days_are_days_in_a_workbook(as_role: Any) -> None:
    CaseFactory(first_due_on=date(2026, 11, 24))

    row = cells_of_xlsx(sent(as_role("clerk").get(XLSX)))[1]

    assert [kind for kind, _value in row][-2:] == ["n", "n"]
    assert [value for _kind, value in row][-2:] == [str((date(2026, 11, 24) - DAYS_FROM).days), "1"]


def test_the_file_is_written_piece_by_piece() -> None:
    read = []

    def rows() -> Any:
        for number in range(2000):
            read.append(number)
            yield [number]

    pieces = as_csv(["n"], rows())
    next(pieces)
    next(pieces)

    assert len(read) < 1000


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samokov_portal.office.tables.ROWS_OF_A_SHEET", 4)
    file = io.BytesIO()

    write_xlsx(file, "Списък", ["n"], [[number] for number in range(7)])

    with zipfile.ZipFile(file) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 3


def test_an_empty_list_is_a_table_with_headings(as_role: Any) -> None:
    client = as_role("clerk")

    assert len(table_of_csv(sent(client.get(CSV)))) == len(cells_of_xlsx(sent(client.get(XLSX)))) == 1


def test_an_expert_takes_out_the_own_unit_only_and_every_file_is_a_look(as_role: Any, rows: None) -> None:
    own = CaseFactory(unit=Unit.objects.get(code="mdt"), status="assigned", first_due_on=date(2026, 11, 9))

    numbers = {row[0] for row in table_of_csv(sent(as_role("expert").get(CSV, {"text": "дупка"})))}

    assert len(numbers) == 31  # with the heading
    assert own.number not in numbers
    look = Look.objects.get()
    assert (look.kind, look.subject, bool(look.sought)) == ("export", "work-list", True)


def test_a_file_names_nobody(as_role: Any, rows: None) -> None:
    content = sent(as_role("clerk").get(CSV)).decode()

    assert [name for name in ("Мария Стоянова", "Иван Петров", "maria@example.bg") if name in content] == []


@pytest.mark.parametrize("path", ["/desk/export/pdf/", "/desk/export/x/"])
def test_another_format_is_not_there(as_role: Any, path: str) -> None:
    assert as_role("clerk").get(path).status_code == 404


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than three rows is long."""
    monkeypatch.setattr(exports, "AT_ONCE", 3)


def ordered(client: Any, query: str = "tab=open", path: str = CSV) -> Export:
    response = client.post(f"{path}?{query}")
    assert response.status_code == 302
    return Export.objects.get(key=response["Location"].split("/")[-2])


def test_a_long_list_is_ordered_and_comes_back_as_a_link(as_role: Any, rows: None, short: None) -> None:
    client = as_role("clerk")
    asked = client.get(CSV, {"text": "дупка"})
    assert (asked.status_code, asked["Content-Type"]) == (200, "text/html; charset=utf-8")

    export = ordered(client, "text=дупка&tab=open")
    waiting = client.get(export.get_absolute_url())
    write_ordered_export(export.pk)
    ready = client.get(export.get_absolute_url())

    assert (waiting["Refresh"], "Refresh" in ready) == ("3", False)
    address = f"{export.get_absolute_url()}file/"
    assert (address in waiting.content.decode(), address in ready.content.decode()) == (False, True)
    table = table_of_csv(sent(client.get(address)))
    assert [as_on_screen(row) for row in table[1:]] == screen(client, {"text": "дупка"})
    assert "Файлът е готов: 30 реда." in ready.content.decode()


def test_the_page_says_how_far_the_file_is(as_role: Any, rows: None, short: None, clock: datetime) -> None:
    client = as_role("clerk")
    export = ordered(client)
    Export.objects.filter(pk=export.pk).update(whole=12_000, written=5_000)

    text = client.get(export.get_absolute_url()).content.decode()

    assert re.search(r"Записани са 5.?000 от 12.?000 реда", text)
    assert re.search(r'<progress max="12000"\s+value="5000"', text)


def test_the_worker_says_on_the_way_how_far_it_is(as_role: Any, rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.actions.exports.ROWS_BETWEEN_MARKS", 10)
    seen: list[int] = []
    save = Export.save

    def noted(self: Export, *args: Any, **kwargs: Any) -> None:
        seen.append(self.written)
        save(self, *args, **kwargs)

    export = ordered(as_role("clerk"))
    monkeypatch.setattr(Export, "save", noted)

    write_ordered_export(export.pk)

    assert seen == [0, 10, 20, 30, 40, 50, 60, 60]
    export.refresh_from_db()
    assert export.whole == 63


def test_a_workbook_is_ordered_too_and_in_the_language_of_the_page(as_role: Any, rows: None, short: None) -> None:
    client = as_role("clerk")
    export = ordered(client, path="/en/desk/export/xlsx/")

    write_ordered_export(export.pk)

    heading = cells_of_xlsx(sent(client.get(f"{export.get_absolute_url()}file/")))[0]
    assert heading[0] == ("str", "Number")


def test_an_ordered_file_is_for_whoever_ordered_it(as_role: Any, rows: None, short: None) -> None:
    export = ordered(as_role("clerk"))
    write_ordered_export(export.pk)

    others = as_role("secretary")

    for address in (export.get_absolute_url(), f"{export.get_absolute_url()}file/"):
        assert others.get(address).status_code == 404


def test_an_ordered_file_holds_what_its_owner_may_see(as_role: Any, rows: None, short: None) -> None:
    client = as_role("expert")
    CaseFactory(first_due_on=date(2026, 11, 9))
    export = ordered(client)

    write_ordered_export(export.pk)

    numbers = {row[0] for row in table_of_csv(sent(client.get(f"{export.get_absolute_url()}file/")))[1:]}
    assert numbers == set(Case.objects.filter(unit__code="hdettos").open().values_list("number", flat=True))


def test_a_file_is_kept_a_day(
    as_role: Any, rows: None, short: None, clock: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ordered(as_role("clerk"))
    write_ordered_export(export.pk)
    stored = Export.objects.get().stored
    assert forget_ordered(now=clock + timedelta(hours=23)) == 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(hours=25))

    assert as_role("clerk").get(export.get_absolute_url()).status_code == 404
    forget_ordered_files(timestamp=0)

    assert (Export.objects.exists(), shelf.store().exists(stored)) == (False, False)


def test_a_file_that_the_store_lost_is_said_to_be_gone(as_role: Any, rows: None, short: None) -> None:
    clerk = as_role("clerk")
    export = ordered(clerk)
    write_ordered_export(export.pk)
    export.refresh_from_db()
    shelf.discard(export.stored)

    response = clerk.get(f"{export.get_absolute_url()}file/")

    assert response.status_code == 404
    assert "Файлът вече го няма" in response.content.decode()
    assert f"/desk/?{export.query}" in response.content.decode()


def test_a_file_that_fails_is_said_to_have_failed(
    as_role: Any, rows: None, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("clerk")
    export = ordered(client)

    def full(_content: Any) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(shelf, "put", full)
    with pytest.raises(OSError, match="no space"):
        write_ordered_export(export.pk)

    response = client.get(export.get_absolute_url())
    assert "не можа да бъде изготвен" in response.content.decode()
    assert "Refresh" not in response
    assert client.get(f"{export.get_absolute_url()}file/").status_code == 404


def test_a_file_whose_worker_was_stopped_is_given_up(
    as_role: Any, rows: None, short: None, clock: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("clerk")
    export = ordered(client)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(minutes=11))

    assert "не можа да бъде изготвен" in client.get(export.get_absolute_url()).content.decode()


def test_the_order_reaches_the_worker_with_the_row(as_role: Any, rows: None, short: None) -> None:
    export = ordered(as_role("clerk"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'portal.write_export'")
        assert [json.loads(args) for (args,) in cursor.fetchall()] == [{"export_id": export.pk}]


def test_nobody_orders_without_end(as_role: Any, staff: Any, clock: datetime) -> None:
    for _order in range(MOST_ORDERED_A_DAY):
        order_export(query="", file_format="csv", language="bg", by=staff["clerk"], now=clock)

    response = as_role("clerk").post(CSV, follow=True)

    assert "Опитайте утре" in response.content.decode()
    assert Export.objects.count() == MOST_ORDERED_A_DAY
    assert as_role("expert").post(CSV).status_code == 302
