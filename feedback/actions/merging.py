"""Cases about the same: tied to a main one, separated again, and handed on when the main one ends without an answer.

Nothing is lost by it: each case keeps its number, its sender, its term and its access code, and is counted by its own
days. The main one's answer is given to each of them by itself (`desk.answer_case`).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from feedback.actions.moves import begin, carry_out, said, tell, with_tied
from feedback.actions.refusals import NeedsName, NotPossible, PersonComplainedOf, WrongMain
from feedback.choices import MERGED_KINDS, EventKind, Status
from feedback.life import WAITING_TOO
from feedback.models import Case
from samokov_portal.staff.models import StaffUser


@transaction.atomic
def merge_case(*, case_id: int, main: Case, reason: str, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Tie the case, and what is tied to it, to `main` or, where that is tied itself, to the one it is tied to.

    It goes to the unit of the main one. Raises NeedsReason, WrongMain, NeedsName (nobody to answer: an anonymous case
    has no answer to give or to get), PersonComplainedOf (also of the main one, or of one that comes along).
    """
    first = Case.objects.filter(pk=main.pk).values_list("duplicate_of_id", flat=True).get() or main.pk
    # A tied one after the one that it is tied to, as an answer locks them, else in the order of their keys, whoever
    # ties which to which: so that two clerks do not wait for each other.
    order = (F("duplicate_of").asc(nulls_first=True), "pk")
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=[case_id, first]).order_by(*order)
    locked = {one.pk: one for one in rows}
    case = begin("merge", case_id, by=by, seen=seen)
    reason = said(reason)
    main = locked[first]
    _refuse_main(case, main, by)
    for one in with_tied(case, by)[1:]:
        _tie(one, main, reason, by=by, now=now)
    _tie(case, main, reason, by=by, now=now)
    return case


def _refuse_main(case: Case, main: Case, by: StaffUser) -> None:
    if main.complained_of_id == by.pk:
        raise PersonComplainedOf
    if case.pk == main.pk or case.kind != main.kind or case.kind not in MERGED_KINDS:
        raise WrongMain
    # Tied meanwhile by somebody else, or not waiting for its first answer.
    if main.duplicate_of_id is not None or main.status not in WAITING_TOO:
        raise WrongMain
    if case.is_anonymous or main.is_anonymous:
        raise NeedsName


def _tie(case: Case, main: Case, why: str, *, by: StaffUser | None, now: datetime) -> None:
    """Tie a locked case to a locked main one, which is told of it: who answers it must see whom the answer reaches."""
    changes: dict[str, Any] = {"duplicate_of": main}
    if main.unit_id is not None:
        changes |= {"unit": main.unit, "status": Status.ASSIGNED}
    carry_out("merge", case, EventKind.MERGED, at=now, by=by, why=f"слята с {main}. {why}", changes=changes)
    tell(main, EventKind.JOINED, at=now, by=by)


@transaction.atomic
def separate_case(*, case_id: int, reason: str, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Let the case be answered by itself again, as long as the main one is not answered. Raises NeedsReason."""
    case = begin("separate", case_id, by=by, seen=seen)
    reason = said(reason)
    if not case.awaits_main:
        raise NotPossible("separate", case.status)
    why = f"отделена от {case.duplicate_of}. {reason}"
    carry_out("separate", case, EventKind.SEPARATED, at=now, by=by, why=why, changes={"duplicate_of": None})
    return case


def hand_on(main: Case, *, by: StaffUser | None, now: datetime) -> None:
    """Let those be answered that are tied to a locked main case which ends, or becomes of a kind that is decided apart.

    The one that came first becomes the main one; the others are tied to it.
    """
    tied = list(Case.objects.select_for_update(of=("self",)).tied_to(main))
    if not tied:
        return
    heir, *others = sorted(tied, key=lambda one: (one.received_at, one.pk))
    why = f"{main} вече не е главна"
    changes = {"duplicate_of": None}
    carry_out("separate", heir, EventKind.SEPARATED, at=now, by=by, why=why, changes=changes)
    for one in others:
        _tie(one, heir, why, by=by, now=now)
