"""Questions about letters, files, and what was asked and answered between the office and the sender."""

from datetime import UTC, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from feedback.choices import FileState, LetterKind, LetterState, Means


class QuestionQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they were asked."""
        return self.order_by("asked_at", "pk")

    def open(self) -> Self:
        """Questions that still wait for an answer."""
        return self.filter(replied_at=None, lapsed_at=None)


class ReopeningQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they were asked for."""
        return self.order_by("asked_at", "pk")


class ExtensionRequestQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Requests that nobody has answered yet."""
        return self.filter(answered_at=None)

    def in_order(self) -> Self:
        """As they were made, with who made and answered them."""
        return self.select_related("asked_by", "answered_by").order_by("asked_at", "pk")


class BodyQuerySet(models.QuerySet[Any]):
    def to_choose(self) -> Self:
        """The bodies to which a case may be forwarded today, by name."""
        return self.filter(is_active=True).order_by("name")


class AnswerTemplateQuerySet(models.QuerySet[Any]):
    def to_choose(self, kind: str) -> Self:
        """The texts from which an answer to a case of this kind may begin today, by title."""
        return self.filter(Q(kind="") | Q(kind=kind), is_active=True).order_by("title")


# What a letter may be about.
ABOUT = ("case", "application")


# Letters that have not gone out, whatever the reason.
UNSENT = ~Q(state=LetterState.SENT)
# E-mails that the portal still sends by itself.
MAILED = Q(means=Means.EMAIL, state=LetterState.QUEUED)
# Since when an unsent letter may need hands: an e-mail since it was written, everything else always.
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
NEEDS_HANDS_SINCE = Case(When(MAILED, then=F("created_at")), default=Value(ALWAYS, models.DateTimeField()))


class LetterQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they were written."""
        return self.order_by("created_at", "pk")

    def to_mail(self, now: datetime) -> Self:
        """E-mails whose turn has come at the aware moment `now`, the longest waiting first."""
        return self.filter(state=LetterState.QUEUED, means=Means.EMAIL, try_at__lte=now).order_by("try_at", "pk")

    def unsent(self) -> Self:
        """Letters that have not gone out, whatever the reason."""
        return self.filter(UNSENT)

    def needing_hands(self, patience_ends: datetime) -> Self:
        """Unsent letters but for the e-mails that were written after the aware moment `patience_ends`."""
        return self.unsent().alias(needs_hands_since=NEEDS_HANDS_SINCE).filter(needs_hands_since__lte=patience_ends)

    def to_bodies(self) -> Self:
        """The forwarded cases themselves."""
        return self.filter(kind=LetterKind.FORWARDING)


class AttachmentQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they were added."""
        return self.order_by("added_at", "pk")

    def waiting(self, form_digest: str) -> Self:
        """Files of a form that has not been sent yet."""
        return self.filter(case=None, form_digest=form_digest)

    def of_form(self, form_digest: str) -> Self:
        """Files that came with this form, sent or not."""
        return self.filter(form_digest=form_digest)

    def left_behind(self, before: datetime) -> Self:
        """Files of forms that were not sent within the time for it."""
        return self.filter(case=None, added_at__lt=before)

    def held(self) -> Self:
        """Files that wait for the scanner."""
        return self.filter(state=FileState.QUARANTINED)
