"""What changed in a case, field by field: what stood there, what stands there now, who changed it, when and why.

Read from the history that the database keeps of every change, so nothing can be missing here.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from feedback.models import Case, CaseEvent, Question, Reopening
from samokov_portal.legal.terms import TERMS
from samokov_portal.office.templatetags.bulgarian import day, moment

# How the portal finds a row again tells a person nothing.
UNTOLD = frozenset(
    {"id", "case", "form_digest", "content_digest", "repeat_digest", "access_digest", "is_sample", "next_on"}
)
WORDS = re.compile(r"\s+|\S+")
# Short values stand beside each other as they are; in longer ones the eye needs help.
LONG = 40


@dataclass(frozen=True)
class Change:
    """One field that somebody changed. `by` is None where the portal or the sender did."""

    field: str
    label: str
    was: str
    now: str
    by: Any
    at: datetime
    why: str

    @property
    def sides(self) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
        """Both values in pieces, each with whether it is on this side only."""
        if max(len(self.was), len(self.now)) <= LONG or not self.was or not self.now:
            return [(False, self.was)], [(False, self.now)]
        return compared(self.was, self.now)


def compared(was: str, now: str) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Two texts in pieces of words, each with whether it is in this text only."""
    before, after = WORDS.findall(was), WORDS.findall(now)
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for tag, start, stop, begin, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if start < stop:
            left.append((tag != "equal", "".join(before[start:stop])))
        if begin < end:
            right.append((tag != "equal", "".join(after[begin:end])))
    return left, right


@dataclass(frozen=True)
class Meanwhile:
    """What others did to a case since somebody opened its page: the fields, and the events in order of time."""

    changes: list[Change]
    events: list[CaseEvent]


def since(case: Case, *, version: int | None, event: int | None) -> Meanwhile:
    """What happened after the page that showed this `version` and this newest `event` of the case.

    A page that said no version of this case tells of no fields: nobody knows what it showed.
    """
    known = version is not None and case.history.filter(history_id=version).exists()
    changes = list(changes_of(case, Case, {"id": case.pk}, after=version)) if known else []
    happened = case.events.select_related("by").filter(pk__gt=event or 0).order_by("pk")
    return Meanwhile(changes, list(happened))


def all_changes(case: Case) -> list[Change]:
    """Every change of a field of the case, of its questions and of the other looks at it, the newest first."""
    found = [
        *changes_of(case, Case, {"id": case.pk}),
        *changes_of(case, Question, {"case_id": case.pk}),
        *changes_of(case, Reopening, {"case_id": case.pk}),
    ]
    # Turned round afterwards, so that of what was changed at one moment, too, the last comes first.
    return sorted(found, key=lambda change: change.at)[::-1]


def changes_of(
    case: Case, model: type[models.Model], which: dict[str, Any], *, after: int | None = None
) -> Iterator[Change]:
    """The changes in the history of the rows of `model` that `which` chooses, in order of time, row by row.

    One query, and one for each other table that a changed field points to. `after` leaves out what led to that version.
    """
    past = model.history.select_related("history_user").filter(**which)  # type: ignore[attr-defined]
    rows = list(past.filter(history_id__gte=after or 0).order_by("id", "history_id"))
    fields = [field for field in model._meta.concrete_fields if field.name not in UNTOLD]
    steps = [(old, new) for old, new in pairwise(rows) if old.id == new.id]
    changed = [
        (field, old, new)
        for old, new in steps
        for field in fields
        if getattr(old, field.attname) != getattr(new, field.attname)
    ]
    names = _names(changed)
    about = "" if model is Case else f"{str(model._meta.verbose_name).capitalize()}: "
    for field, old, new in changed:
        was, now = (_in_words(field, getattr(row, field.attname), names) for row in (old, new))
        label = f"{about}{field.verbose_name}"
        key = f"{model._meta.model_name}.{field.name}"
        yield Change(key, label, was, now, new.history_user, new.history_date, new.history_change_reason or "")


def _names(changed: Iterable[tuple[Any, Any, Any]]) -> dict[Any, dict[Any, str]]:
    """What the rows of other tables are called to which the changed fields point; one query for each table."""
    wanted: dict[Any, set[Any]] = {}
    for field, old, new in changed:
        if field.is_relation:
            keys = {getattr(row, field.attname) for row in (old, new)} - {None}
            wanted.setdefault(field.related_model, set()).update(keys)
    return {
        model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys)}
        for model, keys in wanted.items()
    }


def _in_words(field: Any, value: Any, names: dict[Any, dict[Any, str]]) -> str:
    """A stored value as a person reads it; empty of nothing."""
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names[field.related_model].get(value, str(value))
    if field.name == "term_code":
        term = TERMS.get(value)
        if term is None:
            # A term that the portal knows no longer.
            return str(value)
        return term.source if term.verified else _("%s – за проверка") % term.source
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("да") if value else _("не")
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else str(value)
