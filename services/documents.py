"""All that the catalogue says of one service as one document: what a draft proposes, what files carry, what differs.

A document is plain JSON: days are ISO dates, amounts are strings, a group and a unit are their codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from samokov_portal.editing.telling import Difference, told_otherwise
from services.choices import DetailField, Speed, Variant
from services.models import Service, ServiceDetail, ServiceGroup, ServiceOffer, Unit

Document = dict[str, Any]
PLAIN = ("name", "name_en", "number", "number_status", "number_confidence", "own_term_unit", "note")
FRAME = (*PLAIN, "group", "unit", "own_term_amount", "own_term_from", "is_complex", "checked_on", "sources")
DETAIL_KEY, OFFER_KEY = ("field", "variant", "provider"), ("speed",)
DETAIL_ORDER = [field.value for field in DetailField]
SPEED_ORDER = [speed.value for speed in Speed]


def document_of(service: Service) -> Document:
    """What the catalogue says of `service` now; at most four queries."""
    return {
        "slug": service.slug,
        **{name: getattr(service, name) for name in PLAIN},
        "group": service.group.code,
        "unit": service.unit.code if service.unit else "",
        "own_term_amount": service.own_term_amount,
        "own_term_from": _iso(service.own_term_from),
        "is_complex": service.is_complex,
        "checked_on": _iso(service.checked_on),
        "sources": list(service.sources),
        "details": in_order([_detail(row) for row in service.details.all()], DETAIL_KEY),
        "offers": in_order([_offer(row) for row in service.offers.all()], OFFER_KEY),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _detail(row: ServiceDetail) -> Document:
    plain = {name: getattr(row, name) for name in (*DETAIL_KEY, "text", "is_verified", "source")}
    return {**plain, "leva": [f"{amount:.2f}" for amount in row.leva]}


def _offer(row: ServiceOffer) -> Document:
    plain = {name: getattr(row, name) for name in ("speed", "term_amount", "term_unit", "source")}
    return {**plain, "fee": None if row.fee is None else f"{row.fee:.2f}", "valid_from": _iso(row.valid_from)}


def key_of(row: Document, names: tuple[str, ...]) -> tuple[str, ...]:
    """By what a statement or an offer is the same one."""
    return tuple(row.get(name, "") for name in names)


def in_order(rows: list[Document], names: tuple[str, ...]) -> list[Document]:
    """The rows as every document has them, so that two that say the same are equal."""

    def place(row: Document) -> tuple[Any, ...]:
        first = row[names[0]]
        order = DETAIL_ORDER if names == DETAIL_KEY else SPEED_ORDER
        return (order.index(first), *key_of(row, names[1:]))

    return sorted(rows, key=place)


@dataclass(frozen=True)
class Built:
    """The rows that a document describes, not stored."""

    service: Service
    details: list[ServiceDetail]
    offers: list[ServiceOffer]


def build(document: Document) -> Built:
    """The rows that `document` describes, for a page that shows what it would be; two queries."""
    service = Service(slug=document["slug"], **frame_values(document))
    details = [ServiceDetail(service=service, **detail_values(row)) for row in document["details"]]
    return Built(service, details, [ServiceOffer(service=service, **offer_values(row)) for row in document["offers"]])


def frame_values(document: Document) -> dict[str, Any]:
    """The columns of the service itself."""
    values = {name: document[name] for name in FRAME}
    unit = values["unit"]
    return {
        **values,
        "group": ServiceGroup.objects.get(code=values["group"]),
        "unit": Unit.objects.get(code=unit) if unit else None,
        "own_term_from": _day(values["own_term_from"]),
        "checked_on": _day(values["checked_on"]),
    }


def detail_values(row: Document) -> dict[str, Any]:
    """The columns of a statement."""
    return {**row, "leva": [Decimal(amount) for amount in row["leva"]]}


def offer_values(row: Document) -> dict[str, Any]:
    """The columns of a kind of order."""
    fee = row["fee"]
    return {**row, "fee": None if fee is None else Decimal(fee), "valid_from": _day(row["valid_from"])}


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def differences(before: Document | None, after: Document) -> list[Difference]:
    """What is different in `after`, in the order of the page."""
    return told_otherwise(dict(_told(before)) if before else {}, dict(_told(after)))


def _told(document: Document) -> Iterator[tuple[str, str]]:
    """Everything that a document says, each under its name, in words."""
    yield label_of("slug"), document["slug"]
    for name in FRAME:
        yield label_of(name), _in_words(name, document[name])
    for row in document["details"]:
        yield name_of_detail(row), _words_of_detail(row)
    for row in document["offers"]:
        yield f"{ServiceOffer._meta.verbose_name}: {Speed(row['speed']).label}", _words_of_offer(row)


def label_of(name: str, model: Any = Service) -> str:
    """What a column is called."""
    return str(model._meta.get_field(name).verbose_name)


def _in_words(name: str, value: Any) -> str:
    if name == "sources":
        return "\n".join(value)
    if value in (None, ""):
        return ""
    choices = dict(Service._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    if isinstance(value, bool):
        return str(_("да") if value else _("не"))
    return str(choices.get(value, value))


def name_of_detail(row: Document) -> str:
    """By what a statement is known: its field, what it is of, and whose it is."""
    variant = f", {Variant(row['variant']).label}" if row["variant"] else ""
    provider = f" ({row['provider']})" if row["provider"] else ""
    return f"{DetailField(row['field']).label}{variant}{provider}"


def _words_of_detail(row: Document) -> str:
    lines = [row["text"], row["source"], "; ".join(row["leva"])]
    if row["is_verified"]:
        lines.append(f"✓ {label_of('is_verified', ServiceDetail)}")
    return "\n".join(line for line in lines if line)


def _words_of_offer(row: Document) -> str:
    parts = (row["term_amount"], row["term_unit"], row["fee"], row["valid_from"], row["source"])
    return "\n".join(str(part) for part in parts if part not in (None, ""))
