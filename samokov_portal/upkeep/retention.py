"""Which matters have been kept long enough, and whose are a person's; above both apps, because it asks both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef

from charter.actions.consultations import erase_comment
from charter.actions.refusals import WrongStage
from charter.models import Comment
from feedback.actions.erasing import erase_case
from feedback.actions.refusals import Refused
from feedback.models import Attachment, Case, SurveyResponse
from samokov_portal.audit.erasure import erase_removed
from samokov_portal.audit.models import Tombstone
from samokov_portal.audit.personal import MATTERS
from samokov_portal.upkeep.mentions import forget_mentions, telling
from services.actions import AlreadyErased, StillInWork, erase_application
from services.models import Application

APPLICATION = "application"
# What somebody has given name and contact with; a comment has no contact by which its author could be found.
OfPerson = Case | Application
Matter = OfPerson | Comment
PARTS_OF_CASE = ("events", "questions", "letters", "attachments", "ratings", "reopenings")
PARTS_OF_APPLICATION = ("events", "visits", "letters")


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


def forget_words(now: datetime, years: Mapping[str, int], *, is_dry: bool) -> int:
    """Empty the free words of the anonymous survey that are as old as cases are kept; returns how many had words.

    Nobody knows whose they are, so nobody can ask for them to be erased; their scores stay.
    """
    old = SurveyResponse.objects.filter(at__lt=now - relativedelta(years=max(years.values()))).exclude(words="")
    # Without history, as the database lets it be done: a row of the survey names nobody, and has none.
    return old.count() if is_dry else old.update(words="")


def forget_file_names(*, is_dry: bool) -> int:
    """Empty what the history says of files that were removed before their form was sent; returns how many had a name.

    The files are long gone, but they were called something, and no case will ever bring their term.
    """
    past = Attachment.history.model
    sent = past.objects.filter(case__isnull=False, id=OuterRef("id"))
    gone = past.objects.filter(~Exists(sent), history_type="-", history_erased=None)
    keys = list(gone.order_by("id").values_list("id", flat=True))
    if not is_dry:
        erase_removed(Attachment, keys)
    return len(keys)


def matters_of(name: str, contact: str) -> list[OfPerson]:
    """The cases and applications of whoever has exactly this name and contact, whose data are still there."""
    erased = set(Tombstone.objects.values_list("number", flat=True))
    found = [*Case.objects.of_person(name, contact), *Application.objects.of_person(name, contact)]
    return [matter for matter in found if matter.number not in erased]


def erase(matter: Matter, *, why: str, now: datetime) -> Tombstone | None:
    """Erase the personal data of a matter, and what else names the person; None where somebody still works on it or
    they are gone."""
    words = telling_words(matter)
    try:
        with transaction.atomic():
            # First: once the bytes of files are gone nothing may fail any more.
            forget_mentions(words)
            return _erase(matter, why=why, now=now)
    except (Refused, StillInWork, AlreadyErased, WrongStage):
        return None


def _erase(matter: Matter, *, why: str, now: datetime) -> Tombstone:
    if isinstance(matter, Case):
        return erase_case(case_id=matter.pk, why=why, now=now)
    if isinstance(matter, Comment):
        return erase_comment(comment_id=matter.pk, why=why, now=now)
    return erase_application(application_id=matter.pk, why=why, now=now)


def telling_words(matter: Matter) -> frozenset[str]:
    """The words by which the person of a matter would be sought."""
    if isinstance(matter, Case):
        return telling(matter.name, matter.email, matter.phone, matter.address)
    if isinstance(matter, Comment):
        return telling(matter.name)
    return telling(matter.applicant_name, matter.applicant_contact)


def matter_of(what: str, number: str) -> Matter | None:
    """The matter that a tombstone would name so, if it is there. Raises KeyError where `what` is none."""
    models: dict[str, Any] = {model._meta.label: model for model in (Case, Application, Comment)}
    found: Matter | None = models[what].objects.filter(**{MATTERS[what]: number}).first()
    return found


def is_in_work(matter: Matter) -> bool:
    """Whether somebody still works on it, or a letter of it has not left: then the law keeps it."""
    if isinstance(matter, Case):
        return matter.is_open or matter.letters.unsent().exists()
    if isinstance(matter, Comment):
        return matter.consultation.answered_at is None
    return matter.completed_at is None or matter.letters.unsent().exists()


def as_told(matter: OfPerson) -> dict[str, Any]:
    """What the portal keeps of a person in one matter, as it is given to them."""
    told = {
        field.verbose_name: field.value_to_string(matter)
        for field in matter._meta.concrete_fields
        if not field.name.endswith("digest") and field.value_to_string(matter) not in ("", "None")
    }
    parts = {}
    for name in PARTS_OF_CASE if isinstance(matter, Case) else PARTS_OF_APPLICATION:
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
