"""What was counted, and what follows from it: the share, its interval, the spread, the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, sqrt

from charter.choices import Verdict

# Of the two-sided 95 % interval.
NORMAL_QUANTILE = 1.959963984540054


@dataclass(frozen=True)
class Spread:
    """How long things took: the middle, the ninth of ten, the worst; in minutes or days as the measure counts."""

    median: int
    ninetieth: int
    worst: int

    @classmethod
    def of(cls, values: Mapping[int, int]) -> "Spread | None":
        """Of `values` (each with how often it occurs); None of nothing.

        A percentile is the smallest value that at least so many per cent of the records do not exceed.
        """
        if not values:
            return None
        return cls(percentile(values, 50), percentile(values, 90), max(values))


def percentile(values: Mapping[int, int], per_cent: int) -> int:
    """The smallest of `values` (each with how often it occurs) that `per_cent` of the records do not exceed."""
    rank = ceil(Decimal(per_cent) * sum(values.values()) / 100)
    seen = 0
    for value in sorted(values):
        seen += values[value]
        if seen >= rank:
            return value
    raise ValueError("there is no percentile of nothing")


@dataclass(frozen=True)
class Share:
    """What was counted: `part` of `whole`, and how many were left out for each reason (a Fact).

    `unanswered` of the whole are past their term without an answer; `extended` are those of the whole whose term was
    lawfully extended, as (part, whole); `merged` of the whole were handled together with another, each counted by its
    own days. `response` is for a survey: how many answered with a code, and how many codes were given.
    """

    part: int
    whole: int
    excluded: Mapping[str, int] = field(default_factory=dict)
    unanswered: int = field(default=0, compare=False)
    extended: tuple[int, int] = field(default=(0, 0), compare=False)
    spread: Spread | None = field(default=None, compare=False)
    response: tuple[int, int] | None = field(default=None, compare=False)
    merged: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no share")

    @property
    def percent(self) -> Decimal | None:
        """Per cent, unrounded; None when there is nothing to count."""
        return Decimal(100) * self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Wilson's 95 % interval in per cent to one decimal; None when there is nothing to count."""
        return wilson(self.part, self.whole) if self.whole else None

    def verdict(self, target: Decimal | None) -> Verdict:
        """Whether a promise with `target` per cent is kept; compared exactly, before any rounding."""
        if not self.whole:
            return Verdict.NO_DATA
        if target is None:
            return Verdict.NO_TARGET
        return Verdict.KEPT if 100 * self.part >= target * self.whole else Verdict.BROKEN


def wilson(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """The 95 % score interval of a share (E. B. Wilson, 1927) in per cent to one decimal. Not for nothing."""
    share, square = part / whole, NORMAL_QUANTILE**2
    middle = share + square / (2 * whole)
    reach = NORMAL_QUANTILE * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    ends = ((middle - reach) / (1 + square / whole), (middle + reach) / (1 + square / whole))
    low, high = (Decimal(f"{100 * min(1, max(0, end)):.1f}") for end in ends)
    return low, high
