"""The catalogue as data in the repository, and how it is brought into the database."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from samokov_portal.history import is_last_changed_for, upsert
from samokov_portal.search.models import Entry
from samokov_portal.search.sources import SERVICES
from services.entries import index_services
from services.models import (
    Authority,
    LifeEvent,
    LifeEventService,
    Service,
    ServiceDetail,
    ServiceGroup,
    Settlement,
    Tenure,
    Unit,
)

DATA = Path(__file__).parent / "data"
WHY = "зареден каталог"


def read(name: str) -> list[dict[str, Any]]:
    """The rows of one file of the catalogue."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def load_catalogue() -> dict[str, int]:
    """Bring units, settlements, groups and services to what the files say; returns how many rows were written of each.

    Rows that an editor added or changed are left alone; a second call writes nothing.
    """
    written = {
        "units": _load_units(),
        "authorities": _load_authorities(),
        "settlements": _load_settlements(),
        "groups": _load_groups(),
        "services": _load_services(),
        "life_events": _load_life_events(),
    }
    if any(written.values()) or not Entry.objects.filter(source=SERVICES).exists():
        index_services()
    return written


def _load_units() -> int:
    written = 0
    for row in read("units"):
        parent = Unit.objects.get(code=row["parent"]) if row["parent"] else None
        names = (
            "name",
            "short_name",
            "name_en",
            "short_name_en",
            "kind",
            "address",
            "email",
            "phone",
            "working_hours",
            "source",
            "confidence",
            "note",
        )
        values = {name: row[name] or "" for name in names} | {"parent": parent}
        written += upsert(Unit, key={"code": row["code"]}, values=values, why=WHY)[1]
    return written


def _load_authorities() -> int:
    """The authorities and who is known to hold them; returns how many of both were written."""
    names = ("position", "is_body", "note", "source", "confidence")
    written = 0
    for row in read("authorities"):
        authority, changed = upsert(
            Authority, key={"kind": row["kind"]}, values={name: row[name] for name in names}, why=WHY
        )
        written += changed
        for tenure in row["tenures"]:
            key = {"authority": authority, "from_on": date.fromisoformat(tenure["from_on"])}
            values = {name: tenure[name] for name in ("holder", "source", "confidence")}
            written += upsert(Tenure, key=key, values=values, why=WHY, revive=False)[1]
    return written


def _load_settlements() -> int:
    names = ("kind", "name", "name_en", "postal_code", "mayoralty", "source")
    return sum(
        upsert(Settlement, key={"ekatte": row["ekatte"]}, values={name: row[name] or "" for name in names}, why=WHY)[1]
        for row in read("settlements")
    )


def _load_groups() -> int:
    return sum(
        upsert(
            ServiceGroup,
            key={"code": row["code"]},
            values={name: row[name] for name in ("name", "name_en", "position")},
            why=WHY,
        )[1]
        for row in read("groups")
    )


def _load_services() -> int:
    groups = {group.code: group for group in ServiceGroup.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    written = 0
    for row in read("services"):
        own = row["own_term"] or {}
        values = {
            "number": row["number"] or "",
            "number_status": row["number_status"],
            "number_confidence": row["number_confidence"] or "",
            "name": row["name"],
            "name_en": row["name_en"],
            "group": groups[row["group"]],
            "unit": units[row["unit"]] if row["unit"] else None,
            "own_term_amount": own.get("amount"),
            "own_term_unit": own.get("unit", ""),
            "sources": row["sources"],
            "note": row["note"] or "",
        }
        service, changed = upsert(Service, key={"slug": row["slug"]}, values=values, why=WHY)
        written += changed | _load_details(service, row["details"])
    return written


def _load_details(service: Any, rows: list[dict[str, Any]]) -> bool:
    changed = False
    for row in rows:
        key = {
            "service": service,
            "field": row["field"],
            "variant": row.get("variant", ""),
            "provider": row["provider"],
        }
        values = {
            "text": row["text"],
            "is_verified": row["verified"],
            "source": row["source"],
            "leva": [Decimal(amount) for amount in row["bgn"]],
        }
        changed |= upsert(ServiceDetail, key=key, values=values, why=WHY, revive=False)[1]
    said = {(row["field"], row.get("variant", ""), row["provider"]) for row in rows}
    return changed | _drop_unsaid(service, said)


def _drop_unsaid(service: Any, said: set[tuple[str, str, str]]) -> bool:
    """Remove what the file said once and says no more, unless somebody else has changed it since."""
    unsaid = [row for row in service.details.all() if (row.field, row.variant, row.provider) not in said]
    ours = [row for row in unsaid if is_last_changed_for(row, WHY)]
    for row in ours:
        row._change_reason = WHY
        row.delete()
    return bool(ours)


def _load_life_events() -> int:
    services = {service.slug: service for service in Service.objects.all()}
    written = 0
    for row in read("life_events"):
        values = {name: row[name] for name in ("name", "name_en", "about", "about_en", "position")}
        event, changed = upsert(LifeEvent, key={"code": row["code"]}, values=values, why=WHY)
        for position, slug in enumerate(row["services"], start=1):
            key = {"event": event, "service": services[slug]}
            changed |= upsert(LifeEventService, key=key, values={"position": position}, why=WHY, revive=False)[1]
        written += changed
    return written
