"""Tables that people take out: CSV and XLSX, written as they are read, with the cells that a spreadsheet expects.

Words of strangers stand in them, so no cell is ever a formula: in CSV an apostrophe goes before what would begin one,
in XLSX words are stored as words. Days are days in XLSX and ISO dates in CSV.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

import xlsxwriter

Cell = str | int | date | None
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# As many rows as one sheet of a workbook holds; what is more goes on in the next one.
ROWS_OF_A_SHEET = 1_048_576
ROWS_AT_ONCE = 500
BYTE_ORDER_MARK = "\ufeff"
DAY_FORMAT = "dd.mm.yyyy"


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def plain(text: str) -> str:
    """Words of strangers as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in BEGINS_A_FORMULA and text else text


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as CSV, piece by piece; with a byte order mark, so that spreadsheets read the Cyrillic."""
    writer = csv.writer(Echo(), lineterminator="\r\n")
    yield (BYTE_ORDER_MARK + writer.writerow(headings)).encode()
    piece: list[str] = []
    for row in rows:
        piece.append(writer.writerow([_csv_cell(cell) for cell in row]))
        if len(piece) == ROWS_AT_ONCE:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join(piece).encode()


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return plain(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def write_xlsx(file: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """The table as a workbook in `file`; no more than a row of it is ever in memory."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": DAY_FORMAT})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": DAY_FORMAT})
    sheet, line = None, ROWS_OF_A_SHEET
    for row in rows:
        if line == ROWS_OF_A_SHEET:
            sheet, line = _new_sheet(book, title, headings, bold), 1
        for column, cell in enumerate(row):
            _write_cell(sheet, line, column, cell, day)
        line += 1
    if sheet is None:
        _new_sheet(book, title, headings, bold)
    book.close()


def _new_sheet(book: Any, title: str, headings: Sequence[str], bold: Any) -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(title if number == 1 else f"{title} {number}")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 22)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    return sheet


def _write_cell(sheet: Any, line: int, column: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(line, column, cell, day)
    elif isinstance(cell, int):
        sheet.write_number(line, column, cell)
    elif cell:
        sheet.write_string(line, column, cell)
