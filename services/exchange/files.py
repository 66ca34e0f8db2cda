"""Reading a file of the catalogue without trusting it: its size, its rows, what its archive would become.

Every refusal is an `UnreadableFile` that says what to do; every other fault has its row and its column.
"""

import csv
import io
import json
import logging
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

logger = logging.getLogger(__name__)

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 2000, 120, 8000
# What the parts of an XLSX may come to when unpacked; its own archive says so, and no more is ever unpacked.
MOST_UNPACKED, MOST_PARTS = 40 * 1024 * 1024, 200
FORMATS = ("csv", "xlsx", "json")
DELIMITERS = ";,\t"
# What a spreadsheet is kept from taking for a formula (`office.tables`), and what is taken off again.
GUARDED = ("'=", "'+", "'-", "'@")
Cells = list[str]
Lines = Iterator[tuple[int, Cells]]


class UnreadableFile(Exception):
    """The file cannot be read; the message says why, for whoever sent it."""


def format_of(name: str) -> str:
    """The format by the ending of a file's name. Raises UnreadableFile."""
    ending = name.rpartition(".")[2].lower()
    if ending not in FORMATS:
        raise UnreadableFile(_("Приемаме CSV, XLSX и JSON. Файлът трябва да завършва на .csv, .xlsx или .json."))
    return ending


def read_table(content: bytes, file_format: str) -> list[tuple[int, Cells]]:
    """The rows of a CSV or XLSX file with their numbers as a spreadsheet shows them; empty ones are left out."""
    rows = _xlsx(content) if file_format == "xlsx" else _csv(content)
    found = []
    for number, cells in rows:
        if len(cells) > MOST_COLUMNS:
            raise UnreadableFile(_("Ред %(row)s има твърде много колони.") % {"row": number})
        if any(cells):
            found.append((number, [_unguarded(cell) for cell in cells]))
        if len(found) > MOST_ROWS + 1:
            raise UnreadableFile(_("Файлът има повече от %(most)s реда. Разделете го.") % {"most": MOST_ROWS})
    _refuse_no_text(found)
    return found


def _refuse_no_text(said: list[Any]) -> None:
    """Raises UnreadableFile for what can be read and not kept: a NUL, half a letter, a number beyond all numbers."""
    try:
        text = json.dumps(said, ensure_ascii=False, allow_nan=False)
        is_text = "\\u0000" not in text and bool(text.encode())
    except (ValueError, RecursionError):
        is_text = False
    if not is_text:
        raise UnreadableFile(_("Във файла има знаци, които не са текст, или число без край. Запишете го наново."))


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(GUARDED) else cell


def _csv(content: bytes) -> Lines:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise UnreadableFile(_("Ред %(row)s не може да се прочете като CSV.") % {"row": reader.line_num}) from error


def _decoded(content: bytes) -> str:
    """UTF-8, or what Excel on a Bulgarian Windows writes."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    if "\0" in text:
        raise UnreadableFile(_("Това не е текст. Запишете таблицата като CSV (UTF-8)."))
    return text


def _xlsx(content: bytes) -> Lines:
    refusal = _("Това не е работна книга на Excel, или е повредена. Запишете я наново като XLSX.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise UnreadableFile(_("Работната книга е твърде голяма, когато се разопакова."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), start=1):
                yield number, _trimmed(row)
        finally:
            book.close()
    except UnreadableFile:
        raise
    except Exception as error:
        # A parser promises no closed list of exceptions for a stranger's bytes, so a fault of ours would look like one.
        logger.warning("a workbook could not be read", exc_info=True)
        raise UnreadableFile(refusal) from error


def _trimmed(row: Iterable[Any]) -> Cells:
    cells = [_as_text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _as_text(cell: Any) -> str:
    """A cell as a person reads it: days as ISO dates, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "не"
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def read_json(content: bytes) -> list[Any]:
    """The services of a JSON file: a list, or an object with them under `services`. Raises UnreadableFile."""
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("Файлът не е правилен JSON.")) from error
    rows = said.get("services") if isinstance(said, dict) else said
    if not isinstance(rows, list):
        raise UnreadableFile(_("В JSON файла трябва да има списък „services“."))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(_("Файлът има повече от %(most)s реда. Разделете го.") % {"most": MOST_ROWS})
    _refuse_no_text(rows)
    return rows
