"""Questions about many cases."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case as Choice
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from feedback.choices import (
    OPEN_STATUSES,
    UNDECIDED_STATUSES,
    DecreedDay,
    EventKind,
    FileState,
    LetterKind,
    LetterState,
    Means,
    Status,
)
from samokov_portal.legal.holidays import LONGEST_BREAK_DAYS
from samokov_portal.legal.terms import RULES, Unit
from samokov_portal.office.querysets import ReceivedQuerySet

if TYPE_CHECKING:
    from samokov_portal.staff.models import StaffUser


class CaseQuerySet(ReceivedQuerySet):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def known_at(self, as_of: datetime) -> Self:
        """Cases registered by the aware moment `as_of`, each with its last days as they stood then.

        These are `due_then`, of the first answer, and `notice_then`, of telling the sender of it; `waited_then` says
        whether the clock stood still.
        """
        events = self.model._meta.get_field("events").related_model.objects.filter(case=OuterRef("pk"))
        moved = events.filter(due_on__isnull=False, at__lte=as_of).order_by("-at", "-pk")
        # Only a case whose last day moved later than that is looked up among its events.
        stands = When(Q(due_moved_at=None) | Q(due_moved_at__lte=as_of), then=F("due_on"))
        earlier = Coalesce(Subquery(moved.values("due_on")[:1]), F("first_due_on"))
        # The event of the first move after `as_of` says where the day lay until then.
        left = events.filter(ground=DecreedDay.NOTICE, kind=EventKind.MOVED, at__gt=as_of).order_by("at", "pk")
        notice_stands = When(Q(notice_moved_at=None) | Q(notice_moved_at__lte=as_of), then=F("notify_due_on"))
        return self.filter(registered_at__lte=as_of).annotate(
            due_then=Choice(stands, default=earlier),
            notice_then=Choice(notice_stands, default=Subquery(left.values("until")[:1])),
            waited_then=self._waited(as_of),
        )

    def _waited(self, as_of: datetime) -> Exists:
        """Whether the clock stood still at the aware moment `as_of`, waiting for the sender."""
        questions = self.model._meta.get_field("questions").related_model.objects
        return Exists(questions.standing_at(as_of).filter(case=OuterRef("pk")))

    def touched_by(self, first: date, last: date) -> Self:
        """Cases of which an awaited day may move when days from `first` to `last` become working or days off.

        A superset: a term in calendar days or months moves only by days off at its end, one in working days by any.
        """
        until = last + timedelta(days=LONGEST_BREAK_DAYS)
        in_working_days = [term.code for term in RULES if term.unit is Unit.WORKING_DAYS]
        awaited = Q(next_on__gte=first) & (Q(next_on__lte=until) | Q(term_code__in=in_working_days))
        to_forward = Q(status__in=UNDECIDED_STATUSES, forward_due_on__gte=first, forward_due_on__lte=until)
        return self.open().filter(awaited | to_forward)

    def due_between(self, start: date, end: date) -> Self:
        """Of the cases of `known_at`: those whose last day of then lies in the half-open span [start, end) of days."""
        return self.filter(due_then__gte=start, due_then__lt=end)

    def notice_due_between(self, start: date, end: date) -> Self:
        """Of the cases of `known_at`: those whose last day of then for telling the sender lies in [start, end)."""
        return self.filter(notice_then__gte=start, notice_then__lt=end)

    def forwarded_between(self, start: datetime, end: datetime) -> Self:
        """Cases forwarded in the half-open span [start, end) of aware moments."""
        return self.filter(forwarded_at__gte=start, forwarded_at__lt=end)

    def open(self) -> Self:
        """Cases on which somebody still has something to do."""
        return self.filter(status__in=OPEN_STATUSES)

    def undecided(self) -> Self:
        """Cases that still await their first decision."""
        return self.filter(status__in=UNDECIDED_STATUSES)

    def notified_before(self, moment: datetime) -> Self:
        """Cases whose sender was told of the answer before the aware `moment`, and which are not closed yet."""
        return self.filter(status=Status.NOTIFIED, notified_at__lt=moment)

    def lately_about(self, settlement: Any, *, since: datetime) -> Self:
        """Open cases about `settlement` received since the aware moment `since`, the newest first."""
        return self.open().filter(settlement=settlement, received_at__gte=since).order_by("-received_at", "-pk")

    def sent_before(self, repeat_digest: str, *, since: datetime) -> Self:
        """Cases registered with the same contents from the same browser at or after the aware moment `since`."""
        return self.filter(repeat_digest=repeat_digest, registered_at__gte=since).order_by("pk")

    def seen_by(self, user: "StaffUser") -> Self:
        """The cases that `user` may open: all of them by permission, else those of the user's own unit.

        Never one that is directed against `user` (АПК, чл. 113).
        """
        if not user.has_perm("feedback.view_case"):
            return self.none()
        others = self.exclude(complained_of=user)
        if user.has_perm("feedback.view_all_cases"):
            return others
        return others.filter(unit__unitmember__user=user)

    def by_next_day(self) -> Self:
        """Soonest `next_on` first; what awaits no day, such as praise, comes at the end."""
        return self.order_by(F("next_on").asc(nulls_last=True), "pk")

    def after(self, day: date | None, key: int) -> Self:
        """Of `by_next_day`: what follows the case with this day and key, the next page without counting rows."""
        if day is None:
            return self.filter(next_on=None, pk__gt=key)
        return self.filter(Q(next_on__gt=day) | Q(next_on=day, pk__gt=key) | Q(next_on=None))

    def with_frame(self) -> Self:
        """With what a list of cases names."""
        return self.select_related("unit", "settlement", "service")

    def decision_punctuality(self, as_of: datetime) -> dict[str, int]:
        """Of the cases of `known_at`: how many were decided by their last day, as known at the aware moment `as_of`.

        Keys: `part` decided by the last day; `whole` decided by `as_of`, or not and past the last day; `in_term` not
        decided and not yet due, or waiting by law for the sender; `forwarded` to the competent body, `no_proceedings`
        and `withdrawn` within the term, so not ours to decide. What left or ended only after its last day was late
        before, and stays in the whole. The last day is the extended one where the term was lawfully extended. A case
        that was re-opened is counted by its first answer. Not for praise, which has no term.
        """
        today = timezone.localtime(as_of).date()
        decided = Q(decided_at__lte=as_of)
        forwarded = Q(forwarded_at__lte=as_of, forwarded_on__lte=F("due_then"))
        ended = Q(ended_at__lte=as_of, ended_on__lte=F("due_then"))
        left = forwarded | ended
        due = Q(due_then__lt=today, waited_then=False)
        return self.annotate(
            decided_on=TruncDate("decided_at"),
            forwarded_on=TruncDate("forwarded_at"),
            ended_on=TruncDate("ended_at"),
        ).aggregate(
            part=Count("pk", filter=decided & Q(decided_on__lte=F("due_then"))),
            whole=Count("pk", filter=decided | due & ~left),
            in_term=Count("pk", filter=~decided & ~due & ~left),
            forwarded=Count("pk", filter=forwarded),
            no_proceedings=Count("pk", filter=ended & ~Q(end_reason="")),
            withdrawn=Count("pk", filter=ended & Q(end_reason="")),
        )

    def forwarding_punctuality(self, as_of: datetime) -> dict[str, int]:
        """How many of the cases forwarded by `as_of` were forwarded by the last day for it. Keys: `part`, `whole`."""
        return (
            self.filter(forwarded_at__lte=as_of)
            .annotate(forwarded_on=TruncDate("forwarded_at"))
            .aggregate(part=Count("pk", filter=Q(forwarded_on__lte=F("forward_due_on"))), whole=Count("pk"))
        )

    def notice_punctuality(self, as_of: datetime) -> dict[str, int]:
        """Of the cases of `known_at`: how many decisions given by `as_of` were made known by the last day for it.

        Keys: `part`; `whole`, notified by `as_of` or past the last day; `in_term`, neither.
        """
        today = timezone.localtime(as_of).date()
        notified = Q(notified_at__lte=as_of)
        in_time = notified & Q(notified_on__lte=F("notice_then"))
        return (
            self.filter(decided_at__lte=as_of)
            .annotate(notified_on=TruncDate("notified_at"))
            .aggregate(
                part=Count("pk", filter=in_time),
                whole=Count("pk", filter=notified | Q(notice_then__lt=today)),
                in_term=Count("pk", filter=~notified & Q(notice_then__gte=today)),
            )
        )

    def registered_same_day(self) -> dict[str, int]:
        """How many were registered on the day they came. Keys: `part`, `whole`."""
        return self.annotate(came_on=TruncDate("received_at"), registered_on=TruncDate("registered_at")).aggregate(
            part=Count("pk", filter=Q(registered_on=F("came_on"))), whole=Count("pk")
        )


class CaseEventQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they happened."""
        return self.order_by("at", "pk")

    def decreed(self, day: DecreedDay, *, since: datetime, until: datetime | None) -> Self:
        """Moves of `day` by a decree between two moments, both included; up to now when `until` is None."""
        moves = self.filter(kind=EventKind.MOVED, ground=day, at__gte=since)
        return moves if until is None else moves.filter(at__lte=until)


class QuestionQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they were asked."""
        return self.order_by("asked_at", "pk")

    def standing_at(self, moment: datetime) -> Self:
        """Questions for which the clock stood still at the aware `moment`."""
        answered = Q(replied_at__lte=moment) | Q(lapsed_at__lte=moment)
        return self.filter(asked_at__lte=moment).exclude(ground="").exclude(answered)

    def open(self) -> Self:
        """Questions that still wait for an answer."""
        return self.filter(replied_at=None, lapsed_at=None)


class ReopeningQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they were asked for."""
        return self.order_by("asked_at", "pk")


class BodyQuerySet(models.QuerySet[Any]):
    def to_choose(self) -> Self:
        """The bodies to which a case may be forwarded today, by name."""
        return self.filter(is_active=True).order_by("name")


class LetterQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """As they were written."""
        return self.order_by("created_at", "pk")

    def to_mail(self, now: datetime) -> Self:
        """E-mails whose turn has come at the aware moment `now`, the longest waiting first."""
        return self.filter(state=LetterState.QUEUED, means=Means.EMAIL, try_at__lte=now).order_by("try_at", "pk")

    def unsent(self) -> Self:
        """Letters that have not gone out, whatever the reason."""
        return self.exclude(state=LetterState.SENT)

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
