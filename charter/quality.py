"""What in the figures is odd enough to be explained before anybody publishes them.

The rules follow what the publishers of service standards check elsewhere: no volume, the same volume again and again,
sudden jumps, and figures that say little because most of the records are outside them. A share over 100 % cannot be
stored at all.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from charter.choices import FindingKind
from charter.report import Line
from samokov_portal.office.choices import Fact

# A share of fewer records than this jumps by chance.
ENOUGH = 30
SHARE_JUMP_POINTS = 15
VOLUME_JUMP_TIMES = 3
# So many periods in a row with the same volume are hardly chance.
SAME_VOLUME_PERIODS = 3
# So many records, and so many of a hundred, entered days after what they tell of.
ENTERED_LATE_AT_LEAST = 5
ENTERED_LATE_PERCENT = 10

# Its one day falls into one quarter of the year; in the others nothing is to be counted.
ONCE_A_YEAR = frozenset({"annual-report"})
# Who is left out for these is counted in a later period, or was never promised anything: nothing to explain.
PLAIN_REASONS = frozenset({Fact.IN_TERM, Fact.DUE_SOON})

Found = tuple[str, FindingKind, dict[str, Any]]


def findings(lines: Iterable[Line], earlier: Iterable[Line]) -> Iterator[Found]:
    """What has to be explained in `lines`, given the published lines of the period before: code, kind and facts."""
    before = {line.code: line for line in earlier}
    for line in lines:
        if line.whole is None:
            continue
        yield from _alone(line)
        if line.code in before and before[line.code].whole is not None:
            yield from _against(line, before[line.code])


def _alone(line: Line) -> Iterator[Found]:
    assert line.whole is not None
    if line.whole == 0:
        if line.code not in ONCE_A_YEAR:
            yield line.code, FindingKind.NO_VOLUME, {}
        return
    outside = sum(count for reason, count in line.excluded.items() if reason not in PLAIN_REASONS)
    if outside > line.whole:
        yield line.code, FindingKind.MUCH_LEFT_OUT, {"outside": outside, "whole": line.whole}
    late = line.details.get("entered_late", 0)
    if late >= ENTERED_LATE_AT_LEAST and late * 100 > ENTERED_LATE_PERCENT * line.whole:
        yield line.code, FindingKind.ENTERED_LATE, {"late": late, "whole": line.whole}
    volumes = [step["whole"] for step in line.details.get("trend", [])][-SAME_VOLUME_PERIODS:]
    if len(volumes) == SAME_VOLUME_PERIODS and len(set(volumes)) == 1:
        yield line.code, FindingKind.SAME_VOLUME, {"whole": line.whole, "periods": SAME_VOLUME_PERIODS}


def _against(line: Line, earlier: Line) -> Iterator[Found]:
    assert line.whole is not None
    assert earlier.whole is not None
    low, high = sorted([line.whole, earlier.whole])
    if high >= ENOUGH and high > VOLUME_JUMP_TIMES * low:
        yield line.code, FindingKind.VOLUME_JUMP, {"before": earlier.whole, "now": line.whole}
    if low < ENOUGH or line.percent is None or earlier.percent is None:
        return
    if abs(line.percent - earlier.percent) > SHARE_JUMP_POINTS:
        shares = {"before": float(earlier.share or 0), "now": float(line.share or 0)}
        yield line.code, FindingKind.SHARE_JUMP, shares
