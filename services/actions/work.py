"""What officials do with an application, by the table in services.life."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import override

from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.templatetags.bulgarian import money
from samokov_portal.staff.models import StaffUser
from services.actions.moves import begin, carry_out, said
from services.actions.refusals import AlreadyTold, StillTime, TermIsOver, WrongAmount
from services.choices import ApplicationOutcome, GivenBy, PaidBy
from services.clock import DEFECTS, count, mend_by
from services.life import MOVES
from services.models import Application, ApplicationEvent

LARGEST_FEE = Decimal("999999.99")


@transaction.atomic
def check_application(*, application_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Application:
    """Record that nothing is missing; the work on it begins."""
    application = begin("check", application_id, by=by, seen=seen)
    carry_out("check", application, at=now, by=by, why="проверено", changes={})
    return application


@transaction.atomic
def tell_defects(
    *, application_id: int, defects: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """Tell the applicant what is missing; the term stands still until it is mended (АПК, чл. 30).

    Raises NeedsReason, TermIsOver.
    """
    application = begin("defects", application_id, by=by, seen=seen)
    defects, told_on = said(defects), day_of_receipt(now)
    if application.due_on <= told_on:
        raise TermIsOver
    until = mend_by(told_on, calendar_known())
    changes = {"paused_at": now, "mend_due_on": until}
    facts = {"ground": DEFECTS.code, "until": until}
    why = "съобщени са недостатъци"
    carry_out("defects", application, at=now, by=by, why=why, changes=changes, note=defects, facts=facts)
    return application


@transaction.atomic
def record_mending(
    *, application_id: int, how: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """Record that the applicant mended the defects; the term goes on. Also after the three days, while nobody ended it.

    Raises NeedsReason.
    """
    application = begin("mend", application_id, by=by, seen=seen)
    how = said(how)
    changes, facts = resumed("mend", application, by=by, now=now)
    carry_out("mend", application, at=now, by=by, why=how, changes=changes, note=how, facts=facts)
    return application


def resumed(
    name: str, application: Application, *, by: StaffUser, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changes of an application whose term stood still, and what the event must say, when it does not any more.

    Nothing of one whose term ran. Counted to its end also where the application ends: without it, what ended while it
    lawfully waited would be taken for late.
    """
    if application.paused_at is None:
        return {}, {}
    event = ApplicationEvent(application=application, kind=MOVES[name].event, at=now, ground=DEFECTS.code)
    due_on = count(application, [*application.events.in_order(), event], calendar_known()).due_on
    changes: dict[str, Any] = {"paused_at": None, "mend_due_on": None}
    if due_on != application.due_on:
        changes |= {"due_on": due_on, "due_moved_at": now}
    return changes, {"ground": DEFECTS.code, "due_on": due_on}


@transaction.atomic
def tell_due_date(*, application_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Application:
    """Record that the applicant was told the last day. Raises AlreadyTold."""
    application = begin("tell", application_id, by=by, seen=seen)
    if application.due_told_at is not None:
        raise AlreadyTold
    carry_out("tell", application, at=now, by=by, why="срокът е съобщен", changes={"due_told_at": now})
    return application


@transaction.atomic
def set_fee(
    *, application_id: int, fee: Decimal, reason: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """Say what is due in euro, by which tariff; nothing is due where it is 0. Raises NeedsReason, WrongAmount."""
    application = begin("set_fee", application_id, by=by, seen=seen)
    reason = said(reason)
    if not 0 <= fee <= LARGEST_FEE:
        raise WrongAmount(fee)
    note = f"{euros(fee)}. {reason}"
    carry_out("set_fee", application, at=now, by=by, why=reason, changes={"fee": fee}, note=note)
    return application


@transaction.atomic
def record_payment(
    *,
    application_id: int,
    paid: Decimal,
    paid_by: str,
    document: str,
    by: StaffUser,
    now: datetime,
    seen: int | None = None,
) -> Application:
    """Record how much was paid in all, in euro, and how; said again it corrects what was said before.

    Raises WrongAmount.
    """
    application = begin("pay", application_id, by=by, seen=seen)
    if not 0 < paid <= LARGEST_FEE:
        raise WrongAmount(paid)
    means = PaidBy(paid_by)
    words = [f"{euros(paid)} {in_bulgarian(means.label)}", document.strip()]
    changes = {"paid": paid, "paid_at": now, "paid_by": means}
    carry_out(
        "pay", application, at=now, by=by, why="платена такса", changes=changes, note=", ".join(filter(None, words))
    )
    return application


@transaction.atomic
def finish_application(
    *, application_id: int, note: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """Record that the document is issued and waits for the applicant."""
    application = begin("finish", application_id, by=by, seen=seen)
    _end("finish", application, ApplicationOutcome.READY, note.strip(), by=by, now=now)
    return application


@transaction.atomic
def refuse_application(
    *, application_id: int, reasons: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """Refuse the service, with the reasons (АПК, чл. 59). Raises NeedsReason."""
    application = begin("refuse", application_id, by=by, seen=seen)
    _end("refuse", application, ApplicationOutcome.REFUSED, said(reasons), by=by, now=now)
    return application


@transaction.atomic
def leave_application(
    *, application_id: int, reason: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """End an application whose defects were not mended in time (АПК, чл. 30). Raises NeedsReason, StillTime."""
    application = begin("leave", application_id, by=by, seen=seen)
    reason = said(reason)
    if application.mend_due_on is not None and day_of_receipt(now) <= application.mend_due_on:
        raise StillTime
    _end("leave", application, ApplicationOutcome.NO_PROCEEDINGS, reason, by=by, now=now)
    return application


@transaction.atomic
def withdraw_application(
    *, application_id: int, how: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """Record that the applicant does not want it any more, and how they said so. Raises NeedsReason."""
    application = begin("withdraw", application_id, by=by, seen=seen)
    _end("withdraw", application, ApplicationOutcome.WITHDRAWN, said(how), by=by, now=now)
    return application


def _end(
    name: str, application: Application, outcome: ApplicationOutcome, note: str, *, by: StaffUser, now: datetime
) -> None:
    changes, facts = resumed(name, application, by=by, now=now)
    changes |= {"completed_at": now, "outcome": outcome, "outcome_note": note}
    why = in_bulgarian(outcome.label)
    carry_out(name, application, at=now, by=by, why=why, changes=changes, note=note, facts=facts)


@transaction.atomic
def hand_over_application(
    *, application_id: int, how: str, note: str = "", by: StaffUser, now: datetime, seen: int | None = None
) -> Application:
    """Record that the person has the document: taken at the counter, or sent as they wished."""
    application = begin("hand_over", application_id, by=by, seen=seen)
    words = ". ".join(filter(None, [in_bulgarian(GivenBy(how).label), note.strip()]))
    carry_out("hand_over", application, at=now, by=by, why="връчено", changes={"handed_over_at": now}, note=words)
    return application


def euros(amount: Decimal) -> str:
    """An amount as the register writes it."""
    with override("bg"):
        return money(amount, "€")


def in_bulgarian(label: Any) -> str:
    """A label for the register and for letters, which are in Bulgarian whatever page an official works on."""
    with override("bg"):
        return str(label)


# What carries out which move of the table.
ACTIONS: dict[str, Callable[..., Application]] = {
    "check": check_application,
    "defects": tell_defects,
    "mend": record_mending,
    "tell": tell_due_date,
    "set_fee": set_fee,
    "pay": record_payment,
    "finish": finish_application,
    "refuse": refuse_application,
    "leave": leave_application,
    "withdraw": withdraw_application,
    "hand_over": hand_over_application,
}
