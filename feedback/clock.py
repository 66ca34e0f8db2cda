"""The promised date of a case and of a kind, with the count behind it."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import timezone

from feedback.choices import ANSWER_TERMS, Kind
from feedback.models import Case
from samokov_portal.legal.terms import TERMS, Deadline, Term, deadline
from samokov_portal.office.models import WorkingDayOverride


def term_by_code(code: str) -> Term:
    """The term with this code; how many working days an enquiry takes is a setting. Raises KeyError."""
    term = TERMS[code]
    if code != "enquiry-answer":
        return term
    return Term(term.code, settings.ENQUIRY_ANSWER_WORKDAYS, term.unit, term.source, term.valid_from, term.verified)


def promised_term(kind: str) -> Term | None:
    """The term by which a case of `kind` is answered; None for praise."""
    code = ANSWER_TERMS.get(kind)
    return None if code is None else term_by_code(code)


def explain(case: Case) -> Deadline | None:
    """How the date promised on receipt was counted, by the calendar as it was known then.

    None for praise, and when the rule has another version today, because the count would not be the one that was made.
    """
    term = promised_term(case.kind)
    if term is None or term.version != case.term_version:
        return None
    calendar = WorkingDayOverride.objects.known_by(case.registered_at).calendar()
    found = deadline(term, timezone.localtime(case.received_at).date(), calendar)
    return found if found.due_on == case.first_due_on else None


def comes_too_late(case: Case) -> bool:
    """Whether a complaint came after the 14 days for it (АПК, чл. 84, ал. 1), or a signal is about what happened more
    than two years before (чл. 111, ал. 4), as far as the date that the sender gave tells.

    It is registered all the same; the sender is told what may follow.
    """
    received_on = timezone.localtime(case.received_at).date()
    if case.happened_on is None:
        return False
    if case.kind == Kind.COMPLAINT:
        calendar = WorkingDayOverride.objects.known_by(case.registered_at).calendar()
        return deadline(TERMS["act-complaint"], case.happened_on, calendar).due_on < received_on
    return case.kind == Kind.SIGNAL and case.happened_on + relativedelta(years=2) < received_on
