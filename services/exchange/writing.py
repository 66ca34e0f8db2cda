"""Taking the catalogue out, so that the same file brought back changes nothing."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from samokov_portal.office.tables import Cell, as_csv, write_xlsx
from services.documents import Document
from services.exchange.columns import Column, used_columns

TITLE = "Каталог"


def as_table(documents: list[Document]) -> tuple[list[str], Iterator[list[Cell]]]:
    """The headings, and a row for each service."""
    columns = used_columns(documents)
    rows = ([_cell(column, document) for column in columns] for document in documents)
    return [column.heading for column in columns], rows


def _cell(column: Column, document: Document) -> Cell:
    value = column.value(document)
    if isinstance(value, bool):
        return "да" if value else "не"
    if value and column.key[-1] in ("own_term_from", "checked_on", "valid_from"):
        return date.fromisoformat(value)
    cell: Cell = value
    return cell


def write_csv(documents: list[Document]) -> Iterable[bytes]:
    """The catalogue as CSV."""
    return as_csv(*as_table(documents))


def write_workbook(documents: list[Document]) -> bytes:
    """The catalogue as XLSX."""
    file = io.BytesIO()
    write_xlsx(file, TITLE, *as_table(documents))
    return file.getvalue()


def write_json(documents: list[Document]) -> bytes:
    """The whole catalogue, also what other municipalities say, as JSON."""
    said: dict[str, Any] = {"services": documents}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
