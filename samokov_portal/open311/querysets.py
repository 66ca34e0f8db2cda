"""Questions about what was filed through Open311."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from feedback.choices import OPEN_STATUSES
from feedback.models import CaseEvent

if TYPE_CHECKING:
    from samokov_portal.open311.models import ApiKey

# All that is told of a case: no word of the sender is even read.
TOLD = ("number", "kind", "status", "received_at", "due_on", "closed_at", "ended_at", "forwarded_at", "notified_at")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def in_force(self) -> Self:
        """Keys that were not revoked."""
        return self.filter(is_active=True)


class FilingQuerySet(models.QuerySet[Any]):
    def told(self) -> Self:
        """With what is public of each case, and when something last happened to it; the newest first."""
        last = CaseEvent.objects.filter(case=OuterRef("case")).order_by("-at").values("at")[:1]
        rows = self.select_related("case").only("token", *(f"case__{name}" for name in TOLD))
        ended = ("case__closed_at", "case__ended_at", "case__forwarded_at", "case__notified_at")
        rows = rows.annotate(happened_at=Subquery(last), closed_at=Coalesce(*ended))
        return rows.order_by("-case__received_at", "-pk")

    def received_within(self, start: datetime, end: datetime) -> Self:
        """Filings whose case was received from the aware moment `start` to `end`, both included."""
        return self.filter(case__received_at__gte=start, case__received_at__lte=end)

    def of_kinds(self, kinds: Iterable[str]) -> Self:
        return self.filter(case__kind__in=kinds)

    def of_state(self, *, is_open: bool) -> Self:
        """Filings on whose case somebody still has something to do, or nobody has."""
        still_open = Q(case__status__in=OPEN_STATUSES)
        return self.filter(still_open if is_open else ~still_open)
