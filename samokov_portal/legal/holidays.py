"""Which days are official holidays (Кодекс на труда, чл. 154) and which were moved by decree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from holidays import country_holidays

SATURDAY = 5
# No row of days off is longer, decreed ones included, so a last day is carried on by fewer days than this.
LONGEST_BREAK_DAYS = 31


@dataclass(frozen=True)
class Override:
    """A day that a decree made working or non-working (КТ чл. 154, ал. 3), with its source."""

    is_working: bool
    source: str


@cache
def official_holidays(year: int) -> Mapping[date, str]:
    """The non-working holidays of `year` with their Bulgarian names, observed days of moved ones included.

    Source: the library `holidays`, which follows КТ чл. 154, ал. 1 and 2 (a holiday other than Easter that falls on
    a Saturday or Sunday is observed on the next working day) and knows some days given by decree.
    """
    return dict(country_holidays("BG", years=year, language="bg"))


@dataclass(frozen=True)
class Calendar:
    """The working calendar: weekends and official holidays, corrected by the days that decrees moved."""

    overrides: Mapping[date, Override] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`."""
        override = self.overrides.get(day)
        if override is not None:
            return override.is_working
        return day.weekday() < SATURDAY and day not in official_holidays(day.year)

    def decree_of_work(self, day: date) -> str:
        """The decree by which offices work on `day`; empty for a day that is a working one anyway."""
        override = self.overrides.get(day)
        return override.source if override is not None and override.is_working else ""

    def holiday_name(self, day: date) -> str:
        """The holiday or the decree that makes `day` non-working; empty for a plain weekend or a working day."""
        override = self.overrides.get(day)
        if override is not None:
            return "" if override.is_working else override.source
        return official_holidays(day.year).get(day, "")
