"""Figures against hand-written SQL that answers the same question, in turns."""

import statistics
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from charter.measurement import MEASURES, Period
from charter.models import Standard
from charter.report import live_lines
from samokov_portal.benchmark.lines import Ground, Result
from samokov_portal.history import one_snapshot

QUARTER = "2026-Q3"
ROUNDS = 5
NOW_TIMES, PAST_TIMES, EVERY_TIMES = 1.5, 4, 1.2
# Of signals whose term ends in the quarter: kept, counted, unanswered, extended, left out, and the days they took.
BY_HAND = """
WITH facts AS (
    SELECT CASE
        WHEN decided_at <= %(now)s AND due_on >= %(today)s THEN 'in_term'
        WHEN decided_at <= %(now)s
            THEN CASE WHEN (decided_at AT TIME ZONE 'Europe/Sofia')::date <= due_on THEN 'kept' ELSE 'late' END
        WHEN forwarded_at <= %(now)s AND (forwarded_at AT TIME ZONE 'Europe/Sofia')::date <= due_on THEN 'forwarded'
        WHEN ended_at <= %(now)s AND (ended_at AT TIME ZONE 'Europe/Sofia')::date <= due_on
            THEN CASE WHEN end_reason <> '' THEN 'no_proceedings' ELSE 'withdrawn' END
        WHEN due_on < %(today)s AND paused_at IS NULL THEN 'unanswered'
        ELSE 'in_term'
    END AS state,
    extended_at <= %(now)s AS extended,
    (decided_at AT TIME ZONE 'Europe/Sofia')::date - (received_at AT TIME ZONE 'Europe/Sofia')::date AS days
    FROM feedback_case
    WHERE kind = 'signal' AND due_on >= %(start)s AND due_on < %(end)s
)
SELECT
    count(*) FILTER (WHERE state = 'kept'),
    count(*) FILTER (WHERE state IN ('kept', 'late', 'unanswered')),
    count(*) FILTER (WHERE state = 'unanswered'),
    count(*) FILTER (WHERE extended AND state = 'kept'),
    count(*) FILTER (WHERE extended AND state IN ('kept', 'late', 'unanswered')),
    count(*) FILTER (WHERE state = 'in_term'),
    count(*) FILTER (WHERE state = 'forwarded'),
    count(*) FILTER (WHERE state = 'no_proceedings'),
    count(*) FILTER (WHERE state = 'withdrawn'),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE state IN ('kept', 'late')),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY days) FILTER (WHERE state IN ('kept', 'late')),
    max(days) FILTER (WHERE state IN ('kept', 'late'))
FROM facts
"""


class OtherFigure(RuntimeError):
    """The statement by hand found something else than the measure, so it does not answer the same question."""


def standard_now(ground: Ground) -> Result:
    """One standard of one quarter as of now."""
    now = _now()
    measured = MEASURES["signal-decision"](Period.parse(QUARTER), now)
    by_hand = _by_hand(now)
    if by_hand[:2] != (measured.part, measured.whole):
        raise OtherFigure(f"{by_hand[:2]} by hand, {measured.part} of {measured.whole} measured")
    return _compared("a standard of a quarter, now", now, NOW_TIMES)


def standard_past(ground: Ground) -> Result:
    """One standard of one quarter as the store knew it ten days after its end."""
    end = Period.parse(QUARTER).span[1]
    return _compared("a standard of a quarter, past", end + timedelta(days=10), PAST_TIMES)


def every_standard(ground: Ground) -> Result:
    """The page of all standards for a quarter, against each of its statements by itself."""
    now, period = _now(), Period.parse(QUARTER)
    standards = list(Standard.objects.in_force())
    with CaptureQueriesContext(connection) as captured:
        live_lines(standards, period, now)
    statements = [one["sql"] for one in captured.captured_queries if one["sql"].startswith(("SELECT", "WITH"))]
    ours, floor = _in_turns(lambda: live_lines(standards, period, now), lambda: _read(statements))
    return _result("every standard of a quarter", ours, floor, "its statements", EVERY_TIMES, len(statements))


def _compared(line: str, as_of: datetime, times: float) -> Result:
    measure, period = MEASURES["signal-decision"], Period.parse(QUARTER)
    with CaptureQueriesContext(connection) as captured:
        _measured(measure, period, as_of)
    ours, floor = _in_turns(lambda: _measured(measure, period, as_of), lambda: _by_hand(as_of))
    return _result(line, ours, floor, "hand-written SQL on today's rows", times, len(captured))


def _measured(measure: Any, period: Period, as_of: datetime) -> None:
    """As a page counts it."""
    with one_snapshot():
        measure(period, as_of)


def _result(line: str, ours: list[float], floor: list[float], floor_is: str, times: float, queries: int) -> Result:
    took, least = statistics.median(ours), statistics.median(floor)
    more = {"queries": queries, "longest": round(max(ours), 1)}
    return Result(line, "ms", took, least, floor_is, f"<= {times} times", took <= times * least, more)


def _in_turns(ours: Callable[[], Any], floor: Callable[[], Any]) -> tuple[list[float], list[float]]:
    """Milliseconds of each, in turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for times, work in zip(taken, (ours, floor), strict=True):
            began = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - began))
    return taken


def _by_hand(as_of: datetime) -> tuple[Any, ...]:
    period = Period.parse(QUARTER)
    today = timezone.localtime(as_of).date()
    with connection.cursor() as cursor:
        values = {"now": as_of, "today": today, "start": period.days[0], "end": period.days[1]}
        cursor.execute(BY_HAND, values)
        return tuple(cursor.fetchone())


def _read(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 - a measurement is an edge
