"""What the sender does with their case, holding its number and access code; by the table in feedback.life."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from feedback.actions.desk import withdraw
from feedback.actions.moves import begin, carry_out, said
from feedback.actions.questions import end_question
from feedback.actions.refusals import AlreadyDone, TooOften, WindowClosed
from feedback.attachments import attach_waiting
from feedback.choices import EventKind, Status
from feedback.clock import promised_term
from feedback.life import SENDER, moves_from
from feedback.models import Attachment, Case, Rating, Reopening
from samokov_portal.history import save_with_history
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import deadline
from samokov_portal.office.calendar import calendar_known

# So many times a day may be added to one case; whoever has more to say puts it into one text.
ADDITIONS_A_DAY = 20


@transaction.atomic
def reply(*, case_id: int, text: str, now: datetime, form_digest: str = "") -> Case:
    """Answer the question that the municipality asked; files of the form go with it. Raises NeedsReason."""
    case = begin("reply", case_id, by=None)
    attach_waiting(case, form_digest)
    return end_question("reply", case, EventKind.REPLIED, reply=said(text), by=None, now=now)


@transaction.atomic
def add_information(*, case_id: int, text: str, now: datetime, form_digest: str = "") -> Case:
    """Add to what was sent; files of the form go with it. Raises NeedsReason, TooOften, AlreadyDone (the same)."""
    case = begin("add", case_id, by=None)
    text = said(text)
    if _is_added(case, text) and not Attachment.objects.waiting(form_digest).exists():
        raise AlreadyDone
    if case.events.filter(kind=EventKind.ADDED, at__gt=now - timedelta(days=1)).count() >= ADDITIONS_A_DAY:
        raise TooOften
    attach_waiting(case, form_digest)
    carry_out("add", case, EventKind.ADDED, at=now, by=None, why="подателят добави сведения", changes={}, note=text)
    return case


@transaction.atomic
def withdraw_case(*, case_id: int, reason: str, now: datetime) -> Case:
    """Withdraw the case; the sender need not say why."""
    case = begin("withdraw", case_id, by=None)
    withdraw("withdraw", case, how=reason.strip(), by=None, now=now)
    return case


def answers_given(case: Case) -> int:
    """How many answers the case has had: the first, and one for each other look that was answered."""
    return (case.decided_at is not None) + case.present("reopenings").exclude(decided_at=None).count()


@transaction.atomic
def rate_answer(*, case_id: int, score: int, comment: str, now: datetime) -> Case:
    """Rate the newest answer, once. Raises AlreadyDone."""
    case = begin("rate", case_id, by=None)
    number = answers_given(case)
    if case.ratings.filter(round=number).exists():
        raise AlreadyDone
    rating = Rating(case=case, round=number, score=score, comment=comment.strip(), at=now)
    save_with_history(rating, by=None, why="оценка на подателя")
    note = f"{rating.get_score_display()} ({score} от 5). {rating.comment}".strip()
    carry_out("rate", case, EventKind.RATED, at=now, by=None, why="подателят оцени отговора", changes={}, note=note)
    return case


def reopen_until(case: Case) -> date | None:
    """The last day on which the sender may ask for another look; None before they were told of the answer, and where no
    term would run.

    A whole day in Sofia, so that what the page says and what the server takes are the same.
    """
    told = case.present("reopenings").filter(notified_at__isnull=False).order_by("-notified_at").first() or case
    if told.notified_at is None or promised_term(case.kind) is None:
        return None
    return day_of_receipt(told.notified_at) + timedelta(days=settings.REOPEN_DAYS)


@transaction.atomic
def reopen_case(*, case_id: int, reason: str, now: datetime) -> Case:
    """Ask for another look after an answer that did not help; the term of the kind runs anew from today.

    The first answer stays as it was given and counted. Raises NeedsReason, WindowClosed.
    """
    case = begin("reopen", case_id, by=None)
    reason = said(reason)
    until = reopen_until(case)
    asked_on = day_of_receipt(now)
    term = promised_term(case.kind, asked_on)
    if until is None or asked_on > until or term is None:
        raise WindowClosed
    due_on = deadline(term, asked_on, calendar_known()).due_on
    reopening = Reopening(
        case=case, asked_at=now, reason=reason, term_code=term.code, term_version=term.version, due_on=due_on
    )
    save_with_history(reopening, by=None, why="искане на подателя")
    changes = {"closed_at": None}
    carry_out("reopen", case, EventKind.REOPENED, at=now, by=None, why=reason, changes=changes, note=reason)
    return case


def offered(case: Case, *, now: datetime) -> list[str]:
    """The names of the moves that the sender may make now: those of the table that would not be refused."""
    names = moves_from(case.status, SENDER)
    if "rate" in names and case.present("ratings").filter(round=answers_given(case)).exists():
        names.remove("rate")
    if "reopen" in names:
        until = reopen_until(case)
        if until is None or day_of_receipt(now) > until:
            names.remove("reopen")
    return names


# Whether the newest thing of its kind is what the sender sends now.
REPEATED: dict[str, Callable[[Case, dict[str, Any]], bool]] = {
    "reply": lambda case, sent: (
        case.questions.filter(replied_at__isnull=False).order_by("-replied_at").values_list("reply", flat=True).first()
        == sent["text"]
    ),
    "add": lambda case, sent: _is_added(case, sent["text"]),
    "withdraw": lambda case, sent: case.status == Status.WITHDRAWN,
    "rate": lambda case, sent: (
        case.ratings.filter(round=answers_given(case)).values_list("score", "comment").first()
        == (sent["score"], sent["comment"])
    ),
    "reopen": lambda case, sent: case.reopenings.filter(notified_at=None, reason=sent["reason"]).exists(),
}


def is_repeated(action: str, case: Case, sent: dict[str, Any]) -> bool:
    """Whether a refused move was made before with the very same contents: a second press, a retry, the way back."""
    return REPEATED[action](case, sent)


def _is_added(case: Case, text: str) -> bool:
    """Whether `text` is what the sender added last."""
    last = case.events.order_by("-at", "-pk").values_list("kind", "note").first()
    return last == (EventKind.ADDED, text)
