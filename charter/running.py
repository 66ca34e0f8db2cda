"""The promises of the running quarter, counted by the worker and kept, because each takes a query over the history.

At a million cases all of them take many seconds, and the Secretary's page must not. Since every figure is counted as of
a moment, a kept one is no less exact than a fresh one: the page says as of when, and asks for a new count on demand.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from charter.choices import Verdict
from charter.measurement import Period
from charter.models import Report, RunningFigures, Standard
from charter.report import Line, live_lines


def running_quarter(now: datetime) -> Period:
    """The quarter in which the aware moment `now` lies in Sofia."""
    return Period.quarter_of(timezone.localtime(now).date())


def count_running(now: datetime) -> RunningFigures:
    """Count every promise of the running quarter as of `now` and keep the result in place of the one before."""
    period = running_quarter(now)
    lines = [asdict(line) for line in live_lines(Standard.objects.in_force(), period, now)]
    # Through JSON at once, so that what is returned reads as what is stored.
    kept = json.loads(json.dumps(lines, cls=DjangoJSONEncoder))
    row, _created = RunningFigures.objects.update_or_create(period=period.code, defaults={"as_of": now, "lines": kept})
    return row


def kept_lines(row: RunningFigures) -> list[Line]:
    """The lines that were counted."""
    return [
        Line(
            **{
                **kept,
                "target": None if kept["target"] is None else Decimal(kept["target"]),
                "verdict": Verdict(kept["verdict"]),
            }
        )
        for kept in row.lines
    ]


@dataclass(frozen=True)
class Course:
    """A promise of the running quarter with what it was before: its trend, the running quarter last."""

    line: Line
    trend: list[dict[str, Any]]

    @property
    def change(self) -> Decimal | None:
        """By how many points the share is above the one before (below it: less than none); None without either."""
        shares = [step["share"] for step in self.trend[-2:]]
        if len(shares) < 2 or None in shares:
            return None
        return Decimal(str(shares[1])) - Decimal(str(shares[0]))

    @property
    def fall(self) -> Decimal | None:
        """The same the other way round."""
        return None if self.change is None else -self.change


def courses(row: RunningFigures) -> list[Course]:
    """Each promise of the kept figures with its trend by the newest published report; two queries."""
    newest = Report.objects.standing().of_quarters().newest_first().without_pdf().first()
    trends = {figure.code: figure.details.get("trend", []) for figure in newest.figures.all()} if newest else {}
    return [Course(line, _trend(trends.get(line.code, []), line, row.period)) for line in kept_lines(row)]


def _trend(before: list[dict[str, Any]], line: Line, period: str) -> list[dict[str, Any]]:
    """The quarters of a published trend, and the running one after them."""
    quarters = [step for step in before if step["period"] < period]
    now = {"period": period, "part": line.part, "whole": line.whole, "share": line.share, "verdict": line.verdict}
    return [*quarters, now]
