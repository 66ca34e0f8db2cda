"""What the page of a service says: each field with whose it is and how sure, and what nobody has said yet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.choices import ORDERED_FIELDS, ORDERS, WAYS, DetailField, Variant
from services.models import Service, ServiceDetail

ISSUED = re.compile(r"Издаване на (?P<what>.+)")


@dataclass(frozen=True)
class Fact:
    """A field of the catalogue: what Самоков or the law says of it, and what other municipalities say, apart."""

    field: DetailField
    ours: list[ServiceDetail]
    others: list[ServiceDetail]

    @property
    def label(self) -> Any:
        """The heading of the field."""
        return self.field.label

    @property
    def has_leva(self) -> bool:
        """Whether what we say names amounts in leva."""
        return any(row.leva for row in self.ours)

    @property
    def others_have_leva(self) -> bool:
        """Whether what others say names amounts in leva."""
        return any(row.leva for row in self.others)

    @property
    def plain(self) -> list[ServiceDetail]:
        """What is said in general, not of one kind of order or one way of asking."""
        return [row for row in self.ours if not row.variant]


@dataclass(frozen=True)
class Order:
    """A kind of order with the terms and the fees that are said of it."""

    variant: Variant
    terms: list[ServiceDetail]
    fees: list[ServiceDetail]

    @property
    def label(self) -> Any:
        """The name of the kind of order."""
        return self.variant.label


@dataclass(frozen=True)
class Way:
    """A way of asking for a service, with what is said of it; nothing where nobody has said yet whether it is open."""

    variant: Variant
    rows: list[ServiceDetail]

    @property
    def label(self) -> Any:
        """The name of the way."""
        return self.variant.label


def facts_of(rows: Iterable[ServiceDetail]) -> dict[str, Fact]:
    """Each field of the catalogue by its code, also those of which `rows` say nothing."""
    facts = {field.value: Fact(field, [], []) for field in DetailField}
    for row in rows:
        fact = facts[row.field]
        (fact.others if row.is_foreign else fact.ours).append(row)
    return facts


def orders_of(facts: dict[str, Fact]) -> list[Order]:
    """The kinds of order that we have a term or a fee for."""
    found = []
    for variant in ORDERS:
        terms, fees = ([row for row in facts[field].ours if row.variant == variant] for field in ORDERED_FIELDS)
        if terms or fees:
            found.append(Order(variant, terms, fees))
    return found


def ways_of(facts: dict[str, Fact]) -> list[Way]:
    """Every way in which a service might be asked for."""
    rows = facts[DetailField.CHANNELS].ours
    return [Way(variant, [row for row in rows if row.variant == variant]) for variant in WAYS]


def issued_by(service: Service) -> str:
    """The document that the name of a service says is issued; empty where the name says none."""
    found = ISSUED.fullmatch(service.name)
    return found["what"] if found else ""
