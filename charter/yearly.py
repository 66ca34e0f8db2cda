"""The day by which the report of the last year is due (НАО, чл. 24; the day is a setting)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from charter.models import Report
from samokov_portal.office.models import RegisterCounter
from samokov_portal.questions import question

# So long before the day those who prepare reports begin to be reminded.
REMINDED = timedelta(days=60)


@dataclass(frozen=True)
class AwaitedReport:
    """The report of a year that is not published yet; `days_left` are calendar days, negative after the last one."""

    year: int
    due_on: date
    days_left: int

    @property
    def days_late(self) -> int:
        """Calendar days since the last day; 0 until then."""
        return max(0, -self.days_left)


def awaited_report(today: date) -> AwaitedReport | None:
    """The report of the year before `today`, from sixty days before its day until it is published.

    None for a year without a single case. Two queries at the most, none before the time to remind.
    """
    month, day = map(int, settings.ANNUAL_REPORT_DAY.split("-"))
    year, due_on = today.year - 1, date(today.year, month, day)
    if today < due_on - REMINDED or not _registered_in(year) or _published_of(str(year)):
        return None
    return AwaitedReport(year, due_on, (due_on - today).days)


@question
def _registered_in(year: int) -> Any:
    return RegisterCounter.objects.filter(year=year).values_list("pk")[:1]


@question
def _published_of(year: str) -> Any:
    return Report.objects.published().of_period(year).values_list("pk")[:1]
