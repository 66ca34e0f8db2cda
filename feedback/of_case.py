"""What belongs to a case, as each of its pages reads it; every question takes one query.

What is read so knows its case already: to name it asks nothing.
"""

from typing import Any

from feedback.models import Case, CaseEvent, Letter
from samokov_portal.questions import question


def events_of(case: Case) -> list[CaseEvent]:
    """What happened, in order of time."""
    return _belonging(case, _events(case.pk))


def events_with_people(case: Case) -> list[CaseEvent]:
    """The same with who did it, for the desk."""
    return _belonging(case, _events_with_people(case.pk))


def letters_of(case: Case) -> list[Letter]:
    """Letters of the case with the body that each goes to, as they were written."""
    return _belonging(case, _letters(case.pk))


def last_version(case: Case) -> int | None:
    """The key of the newest row of the case's history; by it a page says which version it showed.

    Without a query where the case was read `with_newest_version`: then it is the version of what was read.
    """
    known: int | None = case.__dict__.get("newest_version")
    return next(iter(_last_version(case.pk)), None) if known is None else known


def _belonging(case: Case, rows: list[Any]) -> list[Any]:
    for row in rows:
        row.case = case
    return rows


@question
def _events(case: int) -> Any:
    return CaseEvent.objects.filter(case=case).in_order()


@question
def _events_with_people(case: int) -> Any:
    return CaseEvent.objects.filter(case=case).select_related("by").in_order()


@question
def _letters(case: int) -> Any:
    return Letter.objects.filter(case=case).select_related("body").in_order()


@question
def _last_version(case: int) -> Any:
    newest_first = Case.history.filter(id=case).order_by("-history_id")
    return newest_first.values_list("history_id", flat=True)[:1]
