"""Questions that every register is asked, by those who come and those who count."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q

from samokov_portal.office.choices import Channel


class ReceivedQuerySet(models.QuerySet[Any]):
    """Rows that came to the office: with `received_at`, `channel`, `waited_minutes` and `is_sample`."""

    def real(self) -> Self:
        """Rows that somebody really sent or logged, also while trying the demonstration."""
        return self.filter(is_sample=False)

    def samples(self) -> Self:
        """Rows made up for the demonstration."""
        return self.filter(is_sample=True)

    def received_between(self, start: datetime, end: datetime) -> Self:
        """Rows received in the half-open span [start, end) of aware moments."""
        return self.filter(received_at__gte=start, received_at__lt=end)

    def waiting(self, limit: int) -> dict[str, int]:
        """How many people at the desk were called within `limit` minutes.

        Keys: `part`; `whole`, where the waiting was recorded; `not_recorded`, at the counter without a record.
        """
        at_counter = Q(channel=Channel.COUNTER)
        return self.aggregate(
            part=Count("pk", filter=at_counter & Q(waited_minutes__lte=limit)),
            whole=Count("pk", filter=at_counter & Q(waited_minutes__isnull=False)),
            not_recorded=Count("pk", filter=at_counter & Q(waited_minutes=None)),
        )
