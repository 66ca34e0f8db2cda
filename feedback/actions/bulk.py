"""One decision about many cases: each is carried out by itself, with its own event and its own row of history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from feedback.actions.desk import assign_case
from feedback.actions.merging import merge_case
from feedback.actions.moves import said
from feedback.actions.refusals import ChangedMeanwhile, Refused
from feedback.models import Case
from samokov_portal.staff.models import StaffUser
from services.models import Unit

# As many as stand on one page of the list.
MOST_AT_ONCE = 50


@dataclass
class Outcome:
    """Which cases were changed, and which were not and why; by their numbers."""

    done: list[str] = field(default_factory=list)
    refused: dict[str, Refused] = field(default_factory=dict)


def assign_cases(*, seen: Mapping[str, int], unit: Unit, reason: str, by: StaffUser, now: datetime) -> Outcome:
    """Give each case that `by` may see to `unit`, for one reason; what refuses one case does not hold up the others.

    `seen` is the newest event that the person had before them, by the number of the case. Whom a case is directed
    against stays as it is. Raises NeedsReason.
    """
    reason = said(reason)

    def assign(key: int, event: int) -> None:
        against = Case.objects.select_for_update(of=("self",)).get(pk=key).complained_of
        assign_case(case_id=key, unit=unit, reason=reason, complained_of=against, seen=event, by=by, now=now)

    return _each(seen, by, assign)


def merge_cases(*, seen: Mapping[str, int], main: Case, reason: str, by: StaffUser, now: datetime) -> Outcome:
    """Tie each case that `by` may see to `main`, for one reason; what refuses one case does not hold up the others.

    `main` itself may be among them; when it changed since the person saw it, none is tied to it. Raises NeedsReason.
    """
    reason = said(reason)
    others = {number: event for number, event in seen.items() if number != main.number}
    is_stale = main.number in seen and main.last_event_id() != seen[main.number]

    def merge(key: int, event: int) -> None:
        if is_stale:
            raise ChangedMeanwhile
        merge_case(case_id=key, main=main, reason=reason, seen=event, by=by, now=now)

    return _each(others, by, merge)


def _each(seen: Mapping[str, int], by: StaffUser, perform: Callable[[int, int], None]) -> Outcome:
    """Perform on each case that `by` may see, by its key and its newest event seen; one transaction each."""
    outcome = Outcome()
    cases = Case.objects.seen_by(by).filter(number__in=seen).order_by("pk")
    for key, number in cases.values_list("pk", "number"):
        try:
            with transaction.atomic():
                perform(key, seen[number])
        except Refused as refusal:
            outcome.refused[number] = refusal
        else:
            outcome.done.append(number)
    return outcome
