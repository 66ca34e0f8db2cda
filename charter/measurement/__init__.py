"""Counting whether promises are kept: periods, the table of measures, shares and what follows from them."""

from charter.measurement.measures import (
    MEASURES,
    OF_AN_APPLICATION,
    ORAL_LIMIT_MINUTES,
    WAITING_LIMIT_MINUTES,
    Measure,
)
from charter.measurement.periods import BadPeriod, Period, midnight
from charter.measurement.shares import Share, Spread, wilson
from charter.measurement.telling import told

__all__ = [
    "MEASURES",
    "OF_AN_APPLICATION",
    "ORAL_LIMIT_MINUTES",
    "WAITING_LIMIT_MINUTES",
    "BadPeriod",
    "Measure",
    "Period",
    "Share",
    "Spread",
    "midnight",
    "told",
    "wilson",
]
