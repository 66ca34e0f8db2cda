"""Cases that the Secretary watches: promises about to be broken, and signs that a figure is being helped along.

A sign is no proof. Each is a pattern of dates in the register; what it is counted by is told on the page
(`feedback.oversight`), and none of them is about a person.
"""

from datetime import date, datetime
from typing import Any, Self

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import LessThanOrEqual

from feedback.choices import OPEN_STATUSES, EventKind, Status
from samokov_portal.office.querysets import QueueQuerySet
from samokov_portal.office.signs import ENTERED_LATER, Days, just_before_the_end, left_in_last_tenth

# Another look asked for within so many days of the notice counts as soon.
SOON_DAYS = 14
# When the first answer was given, or the case left without one.
LEFT_AT = Coalesce("decided_at", "ended_at", "forwarded_at")
# By this the cases without the sign are not read: the condition of an index.
LEFT_IN_LAST_TENTH = left_in_last_tenth(TruncDate(LEFT_AT))


class WatchedQuerySet(QueueQuerySet):
    """What the Secretary asks of cases; the half-open span [start, end) of aware moments says when it happened."""

    def awaiting_us(self, first: date | None, last: date) -> Self:
        """Open cases whose next promise ends from `first` (None: however long ago) to `last`, both included.

        Not those whose term stands still until the sender answers: nothing of ours is broken by that.
        """
        open_ones = self.filter(status__in=OPEN_STATUSES, paused_at=None)
        rows = open_ones.alias(awaited_day=self.awaited_day).filter(awaited_day__lte=last)
        return rows if first is None else rows.filter(awaited_day__gte=first)

    def with_undelivered_forwarding(self) -> Self:
        """Cases of which a letter to the competent body has not gone out, whatever the reason."""
        letters = apps.get_model("feedback", "Letter").objects.to_bodies().unsent()
        return self.filter(pk__in=letters.values("case"))

    def awaiting_extension(self) -> Self:
        """Undecided cases for which a longer term was asked and nobody has answered yet."""
        waiting = apps.get_model("feedback", "ExtensionRequest").objects.waiting()
        return self.filter(pk__in=waiting.values("case"), status__in=[Status.REGISTERED, Status.ASSIGNED])

    def left_in_the_last_tenth(self, start: datetime, end: datetime) -> Self:
        """Decided, forwarded or ended by the office in the last tenth of the days from receipt to the last day."""
        left = self.alias(left_at=LEFT_AT).filter(left_at__gte=start, left_at__lt=end)
        return left.filter(LEFT_IN_LAST_TENTH).exclude(status=Status.WITHDRAWN)

    def reopened_soon(self, start: datetime, end: datetime) -> Self:
        """Re-opened in the span at most `SOON_DAYS` days after the sender was told of the answer before."""
        looks = apps.get_model("feedback", "Reopening").objects
        before = looks.filter(case=OuterRef("case"), notified_at__lte=OuterRef("asked_at")).order_by("-notified_at")
        told_on = TruncDate(Coalesce(Subquery(before.values("notified_at")[:1]), F("case__notified_at")))
        asked = looks.filter(asked_at__gte=start, asked_at__lt=end).annotate(told_on=told_on)
        return self.filter(
            pk__in=asked.filter(LessThanOrEqual(Days(TruncDate("asked_at"), F("told_on")), SOON_DAYS)).values("case")
        )

    def requalified_longer(self, start: datetime, end: datetime) -> Self:
        """Made another kind in the span, and thereby due on a later day than before, or on none."""
        events = _with_last_day_before(_events(start, end).filter(kind=EventKind.REQUALIFIED))
        freed = Q(due_on=None, term_code="", due_before__isnull=False)
        return self.filter(pk__in=events.filter(Q(due_on__gt=F("due_before")) | freed).values("case"))

    def entered_later(self, start: datetime, end: datetime) -> Self:
        """Registered in the span as received on an earlier day."""
        return self.filter(ENTERED_LATER, registered_at__gte=start, registered_at__lt=end)

    def suspended_at_the_end(self, start: datetime, end: datetime) -> Self:
        """Asked a question in the span that stopped the term in its last tenth or on one of its last days."""
        asked = _with_last_day_before(_events(start, end).filter(kind=EventKind.ASKED).exclude(ground=""))
        late = just_before_the_end(TruncDate("at"), TruncDate("case__received_at"), F("due_before"))
        return self.filter(pk__in=asked.filter(late).values("case"))


def _events(start: datetime, end: datetime) -> Any:
    return apps.get_model("feedback", "CaseEvent").objects.filter(at__gte=start, at__lt=end)


def _with_last_day_before(events: Any) -> Any:
    """`events` with the last day for the answer that was in force just before each of them, as `due_before`."""
    earlier = apps.get_model("feedback", "CaseEvent").objects.filter(case=OuterRef("case"), pk__lt=OuterRef("pk"))
    moved = earlier.exclude(due_on=None).order_by("-pk").values("due_on")[:1]
    return events.annotate(due_before=Coalesce(Subquery(moved), F("case__first_due_on")))
