"""The working calendar, as the portal knew it at a moment."""

from datetime import date, datetime

from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.pagestore import remembered


def calendar_known(at: datetime | None = None) -> Calendar:
    """The working calendar as the portal knew it at the aware moment `at`; as it knows it now when None.

    One query at the most: decrees are seldom, so all of them are remembered.
    """
    return Calendar({day: override for learnt_at, day, override in _overrides() if at is None or learnt_at <= at})


@remembered("office.WorkingDayOverride")
def _overrides() -> tuple[tuple[datetime, date, Override], ...]:
    """When the portal learnt of each day and what of it; of several for one day the one learnt last comes last."""
    rows = WorkingDayOverride.objects.order_by("learnt_at", "pk")
    return tuple((row.learnt_at, row.day, Override(row.is_working, row.basis)) for row in rows)
