"""The charter and its standards as data in the repository, and how they are brought into the database."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models, transaction

from charter.entries import index_charter
from charter.measurement import MEASURES, ORAL_LIMIT_MINUTES, WAITING_LIMIT_MINUTES
from charter.models import CharterVersion, Passage, Remark, Section, Standard
from samokov_portal.history import upsert
from samokov_portal.legal.terms import TERMS
from samokov_portal.search.models import Entry
from samokov_portal.search.sources import STANDARDS

DATA = Path(__file__).parent / "data"
WHY = "заредена харта"
LIMITS = {
    "waiting-time": (WAITING_LIMIT_MINUTES, "minutes"),
    "single-counter": (1, "visits"),
    "oral-enquiry": (ORAL_LIMIT_MINUTES, "minutes"),
}


class UnknownMeasure(Exception):
    """A standard names a measure that the code does not have, or a measure has no standard."""


class WrongLimit(Exception):
    """A standard promises another limit than the one that is counted."""


def read(name: str) -> Any:
    """What one file of the charter says."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def load_charter() -> int:
    """Bring the charter of 2016 and its standards to what the files say; returns how many rows were written.

    Rows that an editor changed are left alone; a second call writes nothing. Raises UnknownMeasure, WrongLimit.
    """
    version, changed = _load_version(read("charter-2016"))
    standards = read("standards-2016")
    if {row["measure"] for row in standards} - {""} != set(MEASURES):
        raise UnknownMeasure
    for row in standards:
        _check_limit(row)
    written = changed + sum(_load_standard(version, place, row) for place, row in enumerate(standards, start=1))
    if written or not Entry.objects.filter(source=STANDARDS).exists():
        index_charter()
    return written


def _check_limit(row: dict[str, Any]) -> None:
    """The number that people read and the number that is counted are one. Raises WrongLimit."""
    term = TERMS.get(row["measure"])
    counted = (term.amount, term.unit.value) if term else LIMITS.get(row["measure"])
    if counted is not None and (row["limit"], row["limit_unit"]) != counted:
        raise WrongLimit(row["code"])


def _load_version(row: dict[str, Any]) -> tuple[Any, int]:
    values = {
        name: row[name] for name in ("title", "title_en", "adopted_year", "place", "is_complete", "note", "source")
    } | {
        "approved_by": row["approved_by"]["name"],
        "approved_by_post": row["approved_by"]["post"],
        "coordinated_by": row["coordinated_by"]["name"],
        "coordinated_by_post": row["coordinated_by"]["post"],
    }
    version, changed = upsert(CharterVersion, key={"number": row["number"]}, values=values, why=WHY)
    written = int(changed) + _load_parts(Remark, "version", version, row["remarks"])[1]
    sections, count = _load_parts(Section, "version", version, row["sections"], leave=("passages",))
    for section, part in zip(sections, row["sections"], strict=True):
        count += _load_parts(Passage, "section", section, part["passages"])[1]
    return version, written + count


def _load_parts(
    model: type[models.Model], whole_name: str, whole: Any, rows: list[dict[str, Any]], leave: tuple[str, ...] = ()
) -> tuple[list[Any], int]:
    """The numbered parts of a whole, in the order of `rows`; returns them and how many were written."""
    parts, written = [], 0
    for position, row in enumerate(rows, start=1):
        values = {name: value for name, value in row.items() if name not in leave}
        part, changed = upsert(model, key={whole_name: whole, "position": position}, values=values, why=WHY)
        parts.append(part)
        written += changed
    return parts, written


def _load_standard(version: Any, position: int, row: dict[str, Any]) -> bool:
    percent = row["target_percent"]
    values = {name: value for name, value in row.items() if name not in ("code", "target_percent")} | {
        "position": position,
        "target": None if percent is None else Decimal(str(percent)),
    }
    return upsert(Standard, key={"version": version, "code": row["code"]}, values=values, why=WHY)[1]
