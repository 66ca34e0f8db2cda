"""Announcing a draft, commenting on it, and answering the comments in one table."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from charter.actions.refusals import ChangedMeanwhile, NeedsReason, NotAnswered, NothingProposed, NotOpen, WrongStage
from charter.choices import ConsultationStage
from charter.models import Comment, Consultation, DraftPassage
from samokov_portal.audit.erasure import erase_rows, leave_tombstone, personal_of
from samokov_portal.audit.models import Tombstone
from samokov_portal.history import newest_change, save_with_history
from samokov_portal.office.once import store_once
from samokov_portal.staff.models import StaffUser


@transaction.atomic
def save_draft(
    *,
    consultation: Consultation,
    passages: list[dict[str, Any]],
    by: StaffUser,
    now: datetime,
    seen: int | None = None,
) -> Consultation:
    """Store a draft with its passages (heading, current, proposed), which replace those before.

    `seen` is the change that the person had before them (None: they saw none). Raises WrongStage, ChangedMeanwhile.
    """
    if consultation.pk is not None:
        stored = _locked(consultation.pk)
        if stored.announced_at is not None:
            raise WrongStage
        _refuse_unseen(stored, seen)
    save_with_history(consultation, by=by, why="проект за обсъждане")
    for old in consultation.passages.all():
        old.delete()
    for position, passage in enumerate(passages, start=1):
        row = DraftPassage(consultation=consultation, position=position, **passage)
        save_with_history(row, by=by, why="проект за обсъждане")
    return consultation


@transaction.atomic
def announce(*, consultation_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Consultation:
    """Show the draft to everybody; from now on it does not change.

    `seen` as for `save_draft`. Raises WrongStage, ChangedMeanwhile, NothingProposed, NotOpen.
    """
    row = _locked(consultation_id)
    if row.announced_at is not None:
        raise WrongStage
    _refuse_unseen(row, seen)
    if not row.passages.exists():
        raise NothingProposed
    if row.closes_on < timezone.localtime(now).date():
        raise NotOpen
    row.announced_at = now
    save_with_history(row, by=by, why="обявено", fields=["announced_at"])
    return row


def comment_on(*, consultation_id: int, nonce: str, values: dict[str, Any], now: datetime) -> tuple[Comment, bool]:
    """Store what somebody said (`passage` or None, `words`, `name`), once for each form; whether it is new.

    Raises NotOpen; FormAlreadyUsed when the same form said something else before.
    """

    @transaction.atomic
    def store(digests: dict[str, str]) -> Comment:
        row = _locked(consultation_id)
        if row.stage(timezone.localtime(now).date()) != ConsultationStage.OPEN:
            raise NotOpen
        last = row.comments.aggregate(last=Max("number"))["last"] or 0
        comment = Comment(consultation=row, number=last + 1, at=now, **values, **digests)
        save_with_history(comment, by=None, why="подаден коментар")
        return comment

    return store_once(Comment, nonce=nonce, values={"consultation": consultation_id, **values}, store=store)


@transaction.atomic
def answer_comment(
    *, comment_id: int, response: str, answer: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Comment:
    """Say what becomes of a comment and why; until the table is published the answer may be mended.

    `seen` is the change that the person had before them (None: they saw none). Raises WrongStage, ChangedMeanwhile,
    NeedsReason.
    """
    comment = _comment(comment_id)
    _refuse_unseen(comment, seen)
    if not answer.strip() or not response:
        raise NeedsReason
    comment.response, comment.answer = response, answer.strip()
    comment.answered_by, comment.answered_at = by, now
    fields = ["response", "answer", "answered_by", "answered_at"]
    save_with_history(comment, by=by, why="отговорен коментар", fields=fields)
    return comment


@transaction.atomic
def hide_comment(*, comment_id: int, reason: str, by: StaffUser, now: datetime) -> Comment:
    """Hide the words and the name of a comment that breaks the law or tells of somebody; number and reason stay.

    Raises NeedsReason, WrongStage (hidden before).
    """
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment_id)
    if comment.hidden_at is not None:
        raise WrongStage
    if not reason.strip():
        raise NeedsReason
    comment.hidden_at, comment.hidden_reason = now, reason.strip()
    save_with_history(comment, by=by, why=reason.strip(), fields=["hidden_at", "hidden_reason"])
    return comment


@transaction.atomic
def publish_answers(*, consultation_id: int, by: StaffUser, now: datetime) -> Consultation:
    """Publish the table of comments and answers. Raises WrongStage (still open, or published), NotAnswered."""
    row = _locked(consultation_id)
    if row.stage(timezone.localtime(now).date()) != ConsultationStage.CLOSED:
        raise WrongStage
    if row.comments.unanswered().exists():
        raise NotAnswered
    row.answered_at = now
    save_with_history(row, by=by, why="публикувани отговори", fields=["answered_at"])
    return row


def _refuse_unseen(row: Any, seen: int | None) -> None:
    if seen is not None and seen != newest_change(row):
        raise ChangedMeanwhile


@transaction.atomic
def erase_comment(*, comment_id: int, why: str, now: datetime) -> Tombstone:
    """Empty what a comment says and by whom, in history too; its number, its day and what became of it stay.

    As the owner of the tables. Raises WrongStage until the answers are published: until then it can be hidden.
    """
    comment = Comment.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=comment_id)
    is_erased = Tombstone.objects.filter(what=Comment._meta.label, number=str(comment.pk)).exists()
    if comment.consultation.answered_at is None or is_erased:
        raise WrongStage
    was_there = personal_of(comment)
    erase_rows([comment], why=why)
    return leave_tombstone(
        comment,
        number=str(comment.pk),
        kind="comment",
        outcome=comment.response,
        received_at=comment.at,
        ended_at=comment.consultation.answered_at,
        why=why,
        was_there=was_there,
        now=now,
    )


def _locked(consultation_id: int) -> Consultation:
    return Consultation.objects.select_for_update(of=("self",)).get(pk=consultation_id)


def _comment(comment_id: int) -> Comment:
    comment = Comment.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=comment_id)
    if comment.consultation.answered_at is not None:
        raise WrongStage
    return comment
