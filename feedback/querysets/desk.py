"""Questions about what the people at the desk ordered for themselves."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from samokov_portal.staff.models import StaffUser


class OrderedQuerySet(models.QuerySet[Any]):
    def of(self, user: "StaffUser") -> Self:
        """Those that `user` ordered: nobody else may have them."""
        return self.filter(ordered_by=user)

    def ordered_since(self, moment: datetime) -> Self:
        """Ordered at or after the aware `moment`."""
        return self.filter(ordered_at__gte=moment)

    def ordered_before(self, moment: datetime) -> Self:
        """Ordered before the aware `moment`."""
        return self.filter(ordered_at__lt=moment)

    def newest_first(self) -> Self:
        return self.order_by("-ordered_at", "-pk")
