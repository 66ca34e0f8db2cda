"""Questions about who looked."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from samokov_portal.audit.models import Look


class LookQuerySet(models.QuerySet["Look"]):
    def between(self, start: datetime | None, end: datetime | None) -> Self:
        """Looks in the half-open span [start, end) of aware moments; an end that is None is open."""
        found = self if start is None else self.filter(at__gte=start)
        return found if end is None else found.filter(at__lt=end)

    def of_person(self, person: Any) -> Self:
        return self.filter(by=person)

    def newest_first(self) -> Self:
        return self.select_related("by").order_by("-pk")

    def before(self, key: int) -> Self:
        """Those stored before the one with this key."""
        return self.filter(pk__lt=key)
