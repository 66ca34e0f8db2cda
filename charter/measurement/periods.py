"""The periods of which figures are counted: days, half-open, in Europe/Sofia."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from django.utils import timezone

PERIOD_CODE = re.compile(r"(?P<year>20[0-9]{2})(?:-(?P<part>Q[1-4]|H[12]|0[1-9]|1[0-2]))?")


class BadPeriod(ValueError):
    """The code of the period is not one of 2026, 2026-H1, 2026-Q3, 2026-07."""


@dataclass(frozen=True)
class Period:
    """A half-open span of days [start, end) in Europe/Sofia; `code` is empty for a free one."""

    start: date
    end: date
    code: str = ""

    @classmethod
    def parse(cls, code: str) -> "Period":
        """The year, half-year, quarter or month that `code` names. Raises BadPeriod."""
        match = PERIOD_CODE.fullmatch(code)
        if match is None:
            raise BadPeriod(code)
        year, part = int(match["year"]), match["part"] or ""
        if part.startswith("Q"):
            month, months = 3 * int(part[1]) - 2, 3
        elif part.startswith("H"):
            month, months = 6 * int(part[1]) - 5, 6
        else:
            month, months = (int(part), 1) if part else (1, 12)
        start = date(year, month, 1)
        return cls(start, start + relativedelta(months=months), code)

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        """The quarter in which `day` lies."""
        number = (day.month - 1) // 3 + 1
        start = date(day.year, 3 * number - 2, 1)
        return cls(start, start + relativedelta(months=3), f"{day.year}-Q{number}")

    @classmethod
    def year_of(cls, day: date) -> "Period":
        """The year in which `day` lies."""
        return cls(date(day.year, 1, 1), date(day.year + 1, 1, 1), str(day.year))

    @property
    def is_year(self) -> bool:
        """Whether it is a whole calendar year."""
        return self.code == str(self.start.year)

    def previous_quarter(self) -> "Period":
        """The quarter that ended when this period began, or that was running the day before."""
        return self.quarter_of(self.start - relativedelta(days=1))

    @property
    def last_day(self) -> date:
        return self.end - relativedelta(days=1)

    @property
    def days(self) -> tuple[date, date]:
        return self.start, self.end

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The same period as aware moments [start, end), midnights of Europe/Sofia."""
        return midnight(self.start), midnight(self.end)


def midnight(day: date) -> datetime:
    """The moment at which `day` begins in Europe/Sofia."""
    return timezone.make_aware(datetime.combine(day, time.min))
