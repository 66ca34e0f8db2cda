"""Applications that the Secretary watches: the same patterns of dates as of cases (`feedback.querysets.signs`).

The kind of an application cannot be changed, so no sign looks for that.
"""

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate

from samokov_portal.office.querysets import QueueQuerySet
from samokov_portal.office.signs import ENTERED_LATER, just_before_the_end, left_in_last_tenth
from services.choices import ApplicationEventKind, ApplicationOutcome

# Not what the applicant withdrew. By this the rows without the sign are not read: the condition of an index.
LEFT_IN_LAST_TENTH = left_in_last_tenth(TruncDate("completed_at")) & ~Q(outcome=ApplicationOutcome.WITHDRAWN)


class WatchedQuerySet(QueueQuerySet):
    """The half-open span [start, end) of aware moments says when it happened."""

    def left_in_the_last_tenth(self, start: datetime, end: datetime) -> Self:
        """Completed by the office in the last tenth of the days from receipt to the last day."""
        return self.filter(LEFT_IN_LAST_TENTH, completed_at__gte=start, completed_at__lt=end)

    def entered_later(self, start: datetime, end: datetime) -> Self:
        """Registered in the span as received on an earlier day."""
        return self.filter(ENTERED_LATER, registered_at__gte=start, registered_at__lt=end)

    def suspended_at_the_end(self, start: datetime, end: datetime) -> Self:
        """Told in the span of defects that stopped the term in its last tenth or on one of its last days."""
        told = _events().filter(kind=ApplicationEventKind.DEFECTS, at__gte=start, at__lt=end)
        earlier = _events().filter(application=OuterRef("application"), pk__lt=OuterRef("pk")).exclude(due_on=None)
        moved = Subquery(earlier.order_by("-pk").values("due_on")[:1])
        told = told.annotate(due_before=Coalesce(moved, F("application__first_due_on")))
        late = just_before_the_end(TruncDate("at"), TruncDate("application__received_at"), F("due_before"))
        return self.filter(pk__in=told.filter(late).values("application"))


def _events() -> Any:
    return apps.get_model("services", "ApplicationEvent").objects
