"""Letters about cases as they are written into the outbox: to whom, how, and from which text."""

from datetime import datetime
from typing import Any

from feedback.choices import LetterKind, Means
from feedback.letters.fields import HOLDS_RECEIPT, fields_for
from feedback.letters.outbox import put, send_soon
from feedback.models import Body, Case, CaseEvent, Letter

__all__ = ["means_for", "send_soon", "write_forwarding", "write_letter"]


def means_for(case: Case) -> tuple[Means, str] | None:
    """How the sender is reached, and where: by e-mail, else on paper, else by phone; None when in no way."""
    if case.email:
        return Means.EMAIL, case.email
    if case.address:
        return Means.PAPER, case.address
    return (Means.PHONE, case.phone) if case.phone else None


def write_letter(kind: LetterKind, *, case: Case, event: CaseEvent, now: datetime, **extra: str) -> Letter | None:
    """Put a letter to the sender into the outbox, in the caller's transaction; None when there is nobody to reach."""
    means = means_for(case)
    if means is None:
        return None
    if kind == LetterKind.RECEIVED and means[0] != Means.EMAIL and case.channel in HOLDS_RECEIPT:
        return None
    how, address = means
    return _write(kind, case, event, now, extra, means=how, address=address, recipient=case.name or address)


def write_forwarding(*, case: Case, event: CaseEvent, body: Body, reason: str, now: datetime) -> Letter:
    """Put the case itself, for a competent body, into the outbox, in the caller's transaction."""
    contact = "\n".join(line for line in (case.address, case.email, case.phone) if line)
    extra = {"body": body.name, "reason": reason, "text": case.text, "contact": contact}
    means = Means.EMAIL if body.email else Means.PAPER
    place = {"means": means, "address": body.email or body.address, "recipient": body.name, "body": body}
    return _write(LetterKind.FORWARDING, case, event, now, extra, **place)


def _write(
    kind: LetterKind, case: Case, event: CaseEvent, now: datetime, extra: dict[str, str], **place: Any
) -> Letter:
    letter = Letter(case=case, event=event, kind=kind, created_at=now, **place)
    return put(letter, lambda: fields_for(kind, case, event, extra), now=now)
