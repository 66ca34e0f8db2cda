"""The catalogue as files: what is taken out changes nothing when it comes back, and what comes in becomes drafts."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import Workbook

from samokov_portal.office.tables import as_csv
from services.documents import document_of
from services.exchange import files
from services.exchange.columns import all_columns, known_headings, plain_heading
from services.exchange.files import UnreadableFile, read_json, read_table
from services.exchange.plans import Outcome, plan_documents, plan_table
from services.exchange.writing import write_csv, write_json, write_workbook
from services.forms import imports
from services.models import CatalogueImport, Service, ServiceDraft, ServiceOffer

pytestmark = pytest.mark.django_db
NUMBER, NAME = "номер в Регистъра на услугите", "наименование"
TODAY = date(2026, 11, 23)


@pytest.fixture
def documents() -> list[dict[str, Any]]:
    """The loaded catalogue, with what it does not have by itself: an offer, a yes, a day, and a dangerous beginning."""
    service = Service.objects.get(number="2016")
    service.is_complex, service.checked_on, service.note = True, date(2026, 11, 2), "=1+1"
    service.save()
    ServiceOffer.objects.create(
        service=service, speed="quick", term_amount=1, term_unit="working_days", fee="7.50", source="Наредба № 12"
    )
    rows = Service.objects.with_frame().prefetch_related("details", "offers").order_by("pk")
    return [document_of(row) for row in rows]


def table(*rows: list[Any], file_format: str = "csv") -> list[Any]:
    """What is read of a CSV file with these rows."""
    return read_table(b"".join(as_csv(rows[0], rows[1:])), file_format)


def planned(*rows: list[Any]) -> Any:
    return plan_table(table(*rows), "проба", on=TODAY)


def only(plan: Any) -> Any:
    (row,) = plan.rows
    return row


# there and back


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_what_was_taken_out_changes_nothing_when_it_comes_back(
    documents: list[dict[str, Any]], file_format: str
) -> None:
    if file_format == "json":
        plan = plan_documents(read_json(write_json(documents)), on=TODAY)
    else:
        content = write_workbook(documents) if file_format == "xlsx" else b"".join(write_csv(documents))
        plan = plan_table(read_table(content, file_format), "проба", on=TODAY)

    assert {row.outcome for row in plan.rows} == {Outcome.UNCHANGED}
    assert (len(plan.rows), plan.missing) == (113, [])


def test_json_says_also_what_other_municipalities_say(documents: list[dict[str, Any]]) -> None:
    said = json.loads(write_json(documents))["services"]

    assert said == documents
    assert any(row["provider"] not in ("", "samokov") for one in said for row in one["details"])


def test_no_cell_is_a_formula_on_its_way_out(documents: list[dict[str, Any]]) -> None:
    assert "'=1+1" in b"".join(write_csv(documents)).decode()


def test_headings_are_unlike_each_other() -> None:
    headings = [plain_heading(column.heading) for column in all_columns()]

    assert len(set(headings)) == len(headings)
    assert set(headings) <= set(known_headings())


# what a table would change


def test_a_changed_cell_changes_that_and_nothing_else() -> None:
    service = Service.objects.get(number="2016")

    row = only(planned([NUMBER, NAME], ["2016", "Ново име"]))

    assert row.outcome == Outcome.CHANGED
    assert row.document == {**document_of(service), "name": "Ново име"}
    assert [(one.label, one.after) for one in row.differences] == [("наименование", "Ново име")]


def test_an_empty_cell_leaves_what_is_published() -> None:
    assert only(planned([NUMBER, NAME], ["2016", ""])).outcome == Outcome.UNCHANGED


def test_the_names_of_the_register_are_understood() -> None:
    row = only(planned(["Номер", "Необходими документи", "На основание на"], ["2016", "Лична карта", "ЗГР чл. 24"]))

    told = {(one["field"], one["provider"]): one for one in row.document["details"]}
    assert told["documents", "samokov"]["text"] == "Лична карта"
    assert told["documents", "samokov"]["source"] == "проба"
    assert told["documents", "samokov"]["is_verified"] is False  # a file is no proof
    assert told["legal_basis", ""]["text"] == "ЗГР чл. 24"


def test_a_service_that_is_not_there_is_new() -> None:
    row = only(planned(["адрес на страницата", NUMBER, NAME, "група"], ["nova", "9999", "Нова", "civil-registration"]))

    assert (row.outcome, row.base) == (Outcome.ADDED, None)
    assert (row.document["slug"], row.document["number_status"], row.document["details"]) == ("nova", "unknown", [])


def test_a_new_service_says_what_it_lacks() -> None:
    row = only(planned([NUMBER, NAME], ["9999", "Нова"]))

    assert row.outcome == Outcome.WRONG
    assert {mistake.column for mistake in row.mistakes} == {"адрес на страницата", "група"}


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("собствен срок", "скоро", "Въведете цяло число."),
        ("проверена на", "вчера", "Въведете валидна дата."),
        ("група", "Несъществуваща", "Несъществуваща"),
        ("Поръчка, бърза: такса в евро", "-1", "Уверете се"),
        ("Поръчка, бърза: такса в евро", "1", "Това поле е задължително."),
        (NAME, "ж" * 301, "300"),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_and_column(heading: str, cell: str, said: str) -> None:
    plan = planned([NUMBER, heading], ["1999", ""], ["2016", cell])

    first, row = plan.rows
    assert (first.outcome, row.outcome, row.number) == (Outcome.UNCHANGED, Outcome.WRONG, 3)
    assert any(said in mistake.text for mistake in row.mistakes)
    assert all(mistake.column for mistake in row.mistakes)


def test_one_service_stands_in_a_file_once() -> None:
    plan = planned([NUMBER, NAME], ["2016", "Едно"], ["2016", "Друго"])

    assert [row.outcome for row in plan.rows] == [Outcome.CHANGED, Outcome.WRONG]


def test_what_a_file_does_not_name_is_missing_and_stays() -> None:
    plan = planned([NUMBER, NAME], ["2016", "Ново име"])

    assert len(plan.missing) == 112


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["цвят", NUMBER], ["син", "2016"]], "Непознати колони: цвят."),
        ([[NUMBER, "Номер"], ["1", "2"]], "Една и съща колона стои два пъти."),
        ([[NAME], ["Име"]], "Няма колона с номера"),
    ],
)
def test_a_table_that_is_not_of_the_catalogue_is_refused(rows: list[Any], said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        planned(*rows)


# what is read


def workbook(*rows: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_cells_of_a_workbook_are_read_as_a_person_reads_them() -> None:
    content = workbook(["a", "b", "c", "d"], [2016.0, True, date(2026, 11, 2), None], [None, None, None, None])

    assert read_table(content, "xlsx") == [(1, ["a", "b", "c", "d"]), (2, ["2016", "да", "2026-11-02"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_csv_of_any_spreadsheet_is_read(delimiter: str, encoding: str) -> None:
    content = delimiter.join(["номер", "име"]) + "\n" + delimiter.join(["1", "Шишко"])

    assert read_table(content.encode(encoding), "csv") == [(1, ["номер", "име"]), (2, ["1", "Шишко"])]


def bomb() -> bytes:
    """An archive that says it is a workbook and becomes fifty megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        (bomb, "xlsx"),
        (lambda: b"PK\x03\x04 no workbook", "xlsx"),
        (lambda: b"", "xlsx"),
        (lambda: b"a,b\n\x00,1", "csv"),
        (lambda: b'a\n"never closed', "csv"),
        (lambda: ("a" + ",a" * 200).encode(), "csv"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused(content: Any, file_format: str) -> None:
    with pytest.raises(UnreadableFile):
        read_table(content(), file_format)


def test_why_a_workbook_cannot_be_read_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnreadableFile):
        read_table(b"PK\x03\x04 no workbook", "xlsx")

    assert [(record.name, record.exc_info is not None) for record in caplog.records] == [
        ("services.exchange.files", True)
    ]


def test_a_workbook_that_is_too_large_is_no_fault_to_be_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnreadableFile, match="твърде голяма"):
        read_table(bomb(), "xlsx")

    assert caplog.records == []


def test_a_file_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)

    assert len(read_table(b"a\n1\n2", "csv")) == 3
    with pytest.raises(UnreadableFile, match="повече от 2 реда"):
        read_table(b"a\n1\n2\n3", "csv")
    with pytest.raises(UnreadableFile, match="повече от 2 реда"):
        read_json(b"[1, 2, 3]")


# What JSON can say and the database cannot keep.
UNSTORABLE = [b'["\\u0000"]', b'["\\ud800"]', b"[NaN]", b"[1e999]"]


@pytest.mark.parametrize("content", [b"{", b'{"services": 5}', b"5", b"[" * 100_000, b"\xff", *UNSTORABLE])
def test_a_bad_json_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_json(content)


@pytest.mark.parametrize(
    "said",
    [
        *("service", {"details": "many"}, {"number": "2016", "colour": "red"}, {"number": "2016", "sources": 5}),
        *({"number": "2016", "details": [5]}, {"number": "2016", "details": [{"field": "soul", "text": "?"}]}),
        {"number": "2016", "offers": [{"speed": "quick", "fee": "1", "source": "x"}]},
        {"number": "2016", "details": [{"field": "who", "text": "a"}, {"field": "who", "text": "b"}]},
    ],
)
def test_a_wrong_service_of_a_json_file_is_told(said: Any) -> None:
    row = only(plan_documents([said], on=TODAY))

    assert row.outcome == Outcome.WRONG
    assert row.mistakes


FIELDS = ("slug", "name", "number_status", "group", "unit", "own_term_amount", "own_term_from", "is_complex", "sources")


@pytest.mark.parametrize("value", [5, -1.5, True, [], ["x"], {"a": 1}, [[[]]], "я" * 9000, None, 10**30])
@pytest.mark.parametrize("field", FIELDS)
def test_whatever_stands_in_a_field_of_json_is_read_or_told(field: str, value: Any) -> None:
    row = only(plan_documents([{"number": "2016", field: value}], on=TODAY))

    assert (row.outcome == Outcome.WRONG) is bool(row.mistakes)
    if isinstance(value, list | dict) and field != "sources":
        assert (field, "Тук се пише текст, число или да/не.") in [(one.column, one.text) for one in row.mistakes]


def test_a_list_where_a_statement_has_a_word_is_told() -> None:
    said = {"number": "2016", "details": [{"field": ["who"], "text": "a", "is_verified": {}}]}
    row = only(plan_documents([said], on=TODAY))

    assert {"details[1].field", "details[1].is_verified"} <= {one.column for one in row.mistakes}


# the pages


def upload(name: str, content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


@pytest.fixture
def brought(as_role: Any) -> CatalogueImport:
    """A file with a change, a new service and a mistake."""
    rows = [["2016", "Ново име", "", ""], ["9999", "Нова", "nova", "civil-registration"], ["1999", "ж" * 301, "", ""]]
    content = b"".join(as_csv([NUMBER, NAME, "адрес на страницата", "група"], rows))
    answer = as_role("editor").post(reverse("services:catalogue_imports"), upload("регистър.csv", content))
    row = CatalogueImport.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    return row


def test_bringing_a_file_in_changes_nothing_and_shows_what_would(brought: CatalogueImport, as_role: Any) -> None:
    page = as_role("editor").get(brought.get_absolute_url())

    assert {outcome: len(rows) for outcome, rows in page.context["parts"] if rows} == {
        Outcome.ADDED: 1,
        Outcome.CHANGED: 1,
        Outcome.WRONG: 1,
    }
    assert "Ново име" in page.content.decode()
    assert (ServiceDraft.objects.count(), Service.objects.filter(name="Ново име").count()) == (0, 0)


def test_drafts_are_made_once_and_nothing_is_published(brought: CatalogueImport, as_role: Any, staff: Any) -> None:
    editor = as_role("editor")
    step = reverse("services:catalogue_import_draft", args=[brought.pk])

    assert editor.post(step)["Location"] == reverse("services:drafts")
    assert editor.post(step).status_code == 409

    assert {draft.slug for draft in ServiceDraft.objects.open()} == {"nova", Service.objects.get(number="2016").slug}
    assert {draft.why for draft in ServiceDraft.objects.all()} == {"внос от „регистър.csv“"}
    assert not Service.objects.filter(name="Ново име").exists()
    brought.refresh_from_db()
    assert (brought.drafted, brought.applied_by) == (2, staff["editor"])


def test_the_same_file_once_more_finds_its_drafts(brought: CatalogueImport, as_role: Any) -> None:
    as_role("editor").post(reverse("services:catalogue_import_draft", args=[brought.pk]))

    page = as_role("editor").get(brought.get_absolute_url())

    assert page.context["plan"].to_draft == []
    assert len(page.context["plan"].of(Outcome.DRAFTED)) == 2


@pytest.mark.parametrize(
    ("name", "content"), [("catalogue.pdf", b"%PDF"), ("catalogue.csv", b"x" * 101), ("a.xlsx", b"x")]
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    as_role: Any, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_BYTES", 100)
    answer = as_role("editor").post(reverse("services:catalogue_imports"), upload(name, content))

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not CatalogueImport.objects.exists()


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_the_catalogue_is_taken_out(as_role: Any, file_format: str, django_assert_max_num_queries: Any) -> None:
    editor = as_role("editor")
    with django_assert_max_num_queries(10):
        answer = editor.get(reverse("services:catalogue_export", args=[file_format]))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content

    assert answer.status_code == 200
    assert f".{file_format}" in answer["Content-Disposition"]
    assert len(content) > 10_000


def test_the_database_refuses_an_import_that_was_half_applied(brought: CatalogueImport) -> None:
    brought.drafted = 3

    with pytest.raises(IntegrityError, match="applied_whole"), transaction.atomic():
        brought.save()
