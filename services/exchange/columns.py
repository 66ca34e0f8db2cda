"""The columns of the catalogue as a table. What is written under them is read back as the same.

A statement has a column for whose it is: Самоков's own or the law's. What other municipalities say is in no table, only
in JSON. The names by which the Register of administrative services calls its fields are understood too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from services.choices import ORDERED_FIELDS, ORDERS, WAYS, DetailField, Speed, Variant
from services.documents import FRAME, Document, label_of
from services.models import OWN, ServiceOffer

OFFERED = ("term_amount", "term_unit", "fee", "valid_from", "source")
LAW = ""
WHOSE = {OWN: "Самоков", LAW: "закон"}
# The fields of a provision in the Register of services (ИИСДА), and what they are here.
REGISTER: dict[str, tuple[str, ...]] = {
    "номер": ("number",),
    "услуга": ("name",),
    "на основание на": (DetailField.LEGAL_BASIS, "", LAW),
    "срок за предоставяне": (DetailField.TERM, "", OWN),
    "срок на действие на документа": (DetailField.VALIDITY, "", OWN),
    "необходими документи": (DetailField.DOCUMENTS, "", OWN),
    "образци": (DetailField.FORM, "", OWN),
    "такса": (DetailField.FEE, "", OWN),
    "орган за обжалване": (DetailField.APPEAL, "", LAW),
}


@dataclass(frozen=True)
class Column:
    """One column: a field of the service (`name`), a statement (field, variant, provider) or a part of an offer."""

    key: tuple[str, ...]
    heading: str

    @property
    def is_frame(self) -> bool:
        return len(self.key) == 1

    @property
    def is_offer(self) -> bool:
        return len(self.key) == 2

    def value(self, document: Document) -> Any:
        """What a document says under this column; empty where it says nothing."""
        if self.is_frame:
            said = document[self.key[0]]
            return "\n".join(said) if isinstance(said, list) else said
        if self.is_offer:
            return next((row[self.key[1]] for row in document["offers"] if row["speed"] == self.key[0]), None)
        found = (row["text"] for row in document["details"] if _key(row) == self.key)
        return next(found, None)


def _key(row: Document) -> tuple[str, ...]:
    return row["field"], row["variant"], row["provider"]


def all_columns() -> list[Column]:
    """Every column that there may be, with its heading in Bulgarian whatever the language of the page."""
    with override("bg"):
        return [*_frame(), *_statements(), *_offers()]


def _frame() -> Iterable[Column]:
    for name in ("slug", *FRAME):
        yield Column((name,), label_of(name))


def _statements() -> Iterable[Column]:
    for provider, whose in WHOSE.items():
        for field in DetailField:
            for variant in ("", *variants_of(field)):
                of_what = f", {Variant(variant).label}" if variant else ""
                yield Column((field.value, str(variant), provider), f"{field.label}{of_what} ({whose})")


def variants_of(field: DetailField) -> tuple[Variant, ...]:
    """The kinds of order or the ways of asking that a statement may be about."""
    if field in ORDERED_FIELDS:
        return ORDERS
    return WAYS if field == DetailField.CHANNELS else ()


def _offers() -> Iterable[Column]:
    for speed in Speed:
        for name in OFFERED:
            yield Column((speed.value, name), f"Поръчка, {speed.label}: {label_of(name, ServiceOffer)}")


def used_columns(documents: list[Document]) -> list[Column]:
    """The columns of the service itself, and those others under which some document says something."""
    return [
        column
        for column in all_columns()
        if column.is_frame or any(column.value(document) not in (None, "") for document in documents)
    ]


def known_headings() -> dict[str, Column]:
    """Each column by how its heading may be written: ours, or that of the Register."""
    columns = all_columns()
    by_key = {column.key: column for column in columns}
    known = {plain_heading(column.heading): column for column in columns}
    return {**{plain_heading(name): by_key[tuple(map(str, key))] for name, key in REGISTER.items()}, **known}


def plain_heading(heading: str) -> str:
    """A heading without what people change in it without a thought: case, spaces, a colon at its end."""
    return " ".join(heading.casefold().replace("\xa0", " ").split()).rstrip(":")
