"""How each promise is counted: one function a measure, each for a period and as of a moment.

Every record of the period is in the whole, or is left out for a reason that is counted too. A promise with a term is
counted in the period in which the term ends (the extended term, where it was lawfully extended): counted by receipt,
the quick ones of the last weeks would enter and the slow ones would not, and every fresh figure would flatter.
Nothing to count is „no data“, never 100 %.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from charter.choices import Exclusion, Verdict
from feedback.choices import NOTIFIED_KINDS, Kind
from feedback.models import Case
from samokov_portal.office.choices import Channel
from services.models import Application

PERIOD_CODE = re.compile(r"(?P<year>20\d\d)(?:-(?P<part>Q[1-4]|H[12]|0[1-9]|1[0-2]))?")
# A person should be called within this many minutes (НАО, чл. 20, by press reports on ПМС 14/2020, not verified).
# `load_charter` refuses a standard that promises another number.
WAITING_LIMIT_MINUTES = 20


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


@dataclass(frozen=True)
class Share:
    """What was counted: `part` of `whole`, and how many were left out for each reason (keys of Exclusion)."""

    part: int
    whole: int
    excluded: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no share")

    @property
    def percent(self) -> Decimal | None:
        """Per cent, unrounded; None when there is nothing to count."""
        return Decimal(100) * self.part / self.whole if self.whole else None

    def verdict(self, target: Decimal | None) -> Verdict:
        """Whether a promise with `target` per cent is kept; compared exactly, before any rounding."""
        if not self.whole:
            return Verdict.NO_DATA
        if target is None:
            return Verdict.NO_TARGET
        return Verdict.KEPT if 100 * self.part >= target * self.whole else Verdict.BROKEN


Measure = Callable[[Period, datetime], Share]


def share(counts: dict[str, int]) -> Share:
    """A queryset's counts as a share; every key but `part` and `whole` says why something was left out."""
    counts = {**counts}
    part, whole = counts.pop("part"), counts.pop("whole")
    return Share(part, whole, {Exclusion(reason).value: count for reason, count in counts.items()})


def together(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    """Counts of two kinds of records by the same definition, added."""
    return {key: count + second[key] for key, count in first.items()}


def written_enquiry_answered(period: Period, as_of: datetime) -> Share:
    """Enquiries in writing (portal, post, e-mail) answered by the stored last day."""
    written = [Channel.WEB, Channel.POST, Channel.EMAIL]
    enquiries = Case.objects.known_at(as_of).of_kind(Kind.ENQUIRY).filter(channel__in=written)
    return share(enquiries.due_between(*period.days).decision_punctuality(as_of))


def signal_decided(period: Period, as_of: datetime) -> Share:
    """Signals decided by the last day (АПК, чл. 121), the extended one where it was lawfully extended."""
    return share(decisions(Kind.SIGNAL, period, as_of))


def proposal_decided(period: Period, as_of: datetime) -> Share:
    """Proposals decided by the last day (АПК, чл. 118, ал. 1)."""
    return share(decisions(Kind.PROPOSAL, period, as_of))


def information_decided(period: Period, as_of: datetime) -> Share:
    """Requests for information decided by the last day (ЗДОИ, чл. 28)."""
    return share(decisions(Kind.INFORMATION, period, as_of))


def decisions(kind: Kind, period: Period, as_of: datetime) -> dict[str, int]:
    """The counts of cases of `kind` whose term ends in `period` that were decided in time, as known at `as_of`."""
    return Case.objects.known_at(as_of).of_kind(kind).due_between(*period.days).decision_punctuality(as_of)


def forwarded(period: Period, as_of: datetime) -> Share:
    """Of the cases forwarded in the period, those forwarded within seven days of receipt (АПК, чл. 112)."""
    return share(Case.objects.known_at(as_of).forwarded_between(*period.span).forwarding_punctuality(as_of))


def notified(period: Period, as_of: datetime) -> Share:
    """Decisions on signals and proposals made known within seven days (АПК, чл. 118, ал. 1; чл. 123, ал. 1)."""
    cases = Case.objects.known_at(as_of).filter(kind__in=NOTIFIED_KINDS)
    return share(cases.notice_due_between(*period.days).notice_punctuality(as_of))


def registered_same_day(period: Period, as_of: datetime) -> Share:
    """Cases registered on the day they came (АПК, чл. 111, ал. 2)."""
    return share(Case.objects.known_at(as_of).received_between(*period.span).registered_same_day())


def service_given(period: Period, as_of: datetime) -> Share:
    """Services given within their term, the municipality's own or that of АПК, чл. 57."""
    return share(Application.objects.known_at(as_of).due_between(*period.days).punctuality(as_of))


def waiting_time(period: Period, as_of: datetime) -> Share:
    """People at the desk called within twenty minutes, by the time that the clerk recorded."""
    cases, applications = (
        model.objects.known_at(as_of).received_between(*period.span).waiting(WAITING_LIMIT_MINUTES)
        for model in (Case, Application)
    )
    return share(together(cases, applications))


MEASURES: dict[str, Measure] = {
    "enquiry-answer": written_enquiry_answered,
    "signal-decision": signal_decided,
    "proposal-decision": proposal_decided,
    "information-decision": information_decided,
    "forward": forwarded,
    "notify": notified,
    "registered-same-day": registered_same_day,
    "service-term": service_given,
    "waiting-time": waiting_time,
}
