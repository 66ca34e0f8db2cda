"""Which matters have been kept long enough, and whose are a person's; above both apps, because it asks both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from feedback.actions.erasing import erase_case
from feedback.actions.refusals import Refused
from feedback.models import Case
from samokov_portal.audit.models import Tombstone
from services.actions import AlreadyErased, StillInWork, erase_application
from services.models import Application

APPLICATION = "application"
Matter = Case | Application


@dataclass(frozen=True)
class Due:
    """A matter whose term of retention is over."""

    kind: str
    matter: Matter


def due(now: datetime, years: Mapping[str, int]) -> Iterator[Due]:
    """What ended longer ago than the term of its kind (calendar years, counted back from the aware moment `now`)."""
    for kind, term in years.items():
        moment = now - relativedelta(years=term)
        if kind == APPLICATION:
            found: Any = Application.objects.ended_before(moment)
        else:
            found = Case.objects.filter(kind=kind).ended_before(moment)
        for matter in found.order_by("pk").iterator():
            yield Due(kind, matter)


def matters_of(name: str, contact: str) -> list[Matter]:
    """The cases and applications of whoever has exactly this name and contact, whose data are still there."""
    erased = set(Tombstone.objects.values_list("number", flat=True))
    found = [*Case.objects.of_person(name, contact), *Application.objects.of_person(name, contact)]
    return [matter for matter in found if matter.number not in erased]


def erase(matter: Matter, *, why: str, now: datetime) -> Tombstone | None:
    """Erase the personal data of a matter; None where somebody still works on it or they are gone."""
    try:
        if isinstance(matter, Case):
            return erase_case(case_id=matter.pk, why=why, now=now)
        return erase_application(application_id=matter.pk, why=why, now=now)
    except (Refused, StillInWork, AlreadyErased):
        return None


def is_in_work(matter: Matter) -> bool:
    """Whether somebody still works on it, or a letter of it has not left: then the law keeps it."""
    if isinstance(matter, Case):
        return matter.is_open or matter.letters.unsent().exists()
    return matter.completed_at is None or matter.letters.unsent().exists()


def as_told(matter: Matter) -> dict[str, Any]:
    """What the portal keeps of a person in one matter, as it is given to them."""
    told = {
        field.verbose_name: field.value_to_string(matter)
        for field in matter._meta.concrete_fields
        if not field.name.endswith("digest") and field.value_to_string(matter) not in ("", "None")
    }
    of_a_case = ("events", "questions", "letters", "attachments", "ratings", "reopenings")
    parts = {}
    for name in of_a_case if isinstance(matter, Case) else ("events", "visits", "letters"):
        parts[name] = [
            {
                field.verbose_name: field.value_to_string(row)
                for field in row._meta.concrete_fields
                if not field.name.startswith("history_") and field.value_to_string(row) not in ("", "None")
            }
            for row in getattr(matter, name).order_by("pk")
        ]
    return {str(name): value for name, value in told.items()} | {
        name: [{str(column): value for column, value in row.items()} for row in rows] for name, rows in parts.items()
    }
