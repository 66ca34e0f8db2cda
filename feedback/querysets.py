"""Questions about many cases."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case as Choice
from django.db.models import Count, F, Q, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from feedback.choices import OPEN_STATUSES, Status
from samokov_portal.office.querysets import ReceivedQuerySet

if TYPE_CHECKING:
    from samokov_portal.staff.models import StaffUser


def next_day() -> Choice:
    """The day that a case awaits next, as an expression; the work list and its index share it."""
    return Choice(When(status=Status.DECIDED, then=F("notify_due_on")), default=F("due_on"))


class CaseQuerySet(ReceivedQuerySet):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def known_at(self, as_of: datetime) -> Self:
        """Cases registered by the aware moment `as_of`, each with `due_then`, its last day as it stood then."""
        extended = When(extended_at__lte=as_of, then=F("due_on"))
        return self.filter(registered_at__lte=as_of).annotate(due_then=Choice(extended, default=F("first_due_on")))

    def due_between(self, start: date, end: date) -> Self:
        """Of the cases of `known_at`: those whose last day of then lies in the half-open span [start, end) of days."""
        return self.filter(due_then__gte=start, due_then__lt=end)

    def notice_due_between(self, start: date, end: date) -> Self:
        """Decided cases whose last day for telling the sender lies in [start, end)."""
        return self.filter(notify_due_on__gte=start, notify_due_on__lt=end)

    def forwarded_between(self, start: datetime, end: datetime) -> Self:
        """Cases forwarded in the half-open span [start, end) of aware moments."""
        return self.filter(forwarded_at__gte=start, forwarded_at__lt=end)

    def open(self) -> Self:
        """Cases on which somebody still has something to do."""
        return self.filter(status__in=OPEN_STATUSES)

    def seen_by(self, user: "StaffUser") -> Self:
        """The cases that `user` may open: all of them by permission, else those of the user's own unit."""
        if user.has_perm("feedback.view_all_cases"):
            return self
        if not user.has_perm("feedback.view_case"):
            return self.none()
        return self.filter(unit__unitmember__user=user)

    def by_next_day(self) -> Self:
        """Soonest `next_day` first: the last day for the decision or, once decided, for telling the sender.

        What awaits no day, such as praise, comes at the end.
        """
        return self.annotate(next_day=next_day()).order_by(F("next_day").asc(nulls_last=True), "pk")

    def after(self, day: date | None, key: int) -> Self:
        """Of `by_next_day`: what follows the case with this day and key, the next page without counting rows."""
        if day is None:
            return self.filter(next_day=None, pk__gt=key)
        return self.filter(Q(next_day__gt=day) | Q(next_day=day, pk__gt=key) | Q(next_day=None))

    def with_frame(self) -> Self:
        """With what a list of cases names."""
        return self.select_related("unit", "settlement", "service")

    def decision_punctuality(self, as_of: datetime) -> dict[str, int]:
        """Of the cases of `known_at`: how many were decided by their last day, as known at the aware moment `as_of`.

        Keys: `part` decided by the last day; `whole` decided by `as_of`, or not and past the last day; `in_term` not
        decided and not yet due; `forwarded` to the competent body within the term, so not ours to decide. Whatever was
        forwarded only after its last day was late before it left, and stays in the whole.
        The last day is the extended one where the term was lawfully extended. Not for praise, which has no term.
        """
        today = timezone.localtime(as_of).date()
        decided = Q(decided_at__lte=as_of)
        forwarded = Q(forwarded_at__lte=as_of, forwarded_on__lte=F("due_then"))
        in_time = decided & Q(decided_on__lte=F("due_then"))
        return self.annotate(decided_on=TruncDate("decided_at"), forwarded_on=TruncDate("forwarded_at")).aggregate(
            part=Count("pk", filter=in_time),
            whole=Count("pk", filter=decided | Q(due_then__lt=today) & ~forwarded),
            in_term=Count("pk", filter=~decided & Q(due_then__gte=today) & ~forwarded),
            forwarded=Count("pk", filter=forwarded),
        )

    def forwarding_punctuality(self, as_of: datetime) -> dict[str, int]:
        """How many of the cases forwarded by `as_of` were forwarded by the last day for it. Keys: `part`, `whole`."""
        return (
            self.filter(forwarded_at__lte=as_of)
            .annotate(forwarded_on=TruncDate("forwarded_at"))
            .aggregate(part=Count("pk", filter=Q(forwarded_on__lte=F("forward_due_on"))), whole=Count("pk"))
        )

    def notice_punctuality(self, as_of: datetime) -> dict[str, int]:
        """How many of the decisions given by `as_of` were made known by the last day for it.

        Keys: `part`; `whole`, notified by `as_of` or past the last day; `in_term`, neither.
        """
        today = timezone.localtime(as_of).date()
        notified = Q(notified_at__lte=as_of)
        in_time = notified & Q(notified_on__lte=F("notify_due_on"))
        return (
            self.filter(decided_at__lte=as_of)
            .annotate(notified_on=TruncDate("notified_at"))
            .aggregate(
                part=Count("pk", filter=in_time),
                whole=Count("pk", filter=notified | Q(notify_due_on__lt=today)),
                in_term=Count("pk", filter=~notified & Q(notify_due_on__gte=today)),
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


class TrackingFailureQuerySet(models.QuerySet[Any]):
    def recent(self, origin: str, since: datetime) -> Self:
        """Wrong attempts from `origin` (a digest of the address) at or after the aware moment `since`."""
        return self.filter(origin=origin, at__gte=since)
