"""The work list: cases and applications by the day that is awaited, for whoever may see them."""

from feedback.worklist.asking import APPLICATION, MOST_COUNTED, PAGE, Asked, Page, up_to_most
from feedback.worklist.lines import (
    ApplicationLine,
    CaseLine,
    Words,
    WorkLine,
    line_of,
    lines_of,
)

__all__ = [
    "APPLICATION",
    "MOST_COUNTED",
    "PAGE",
    "ApplicationLine",
    "Asked",
    "CaseLine",
    "Page",
    "Words",
    "WorkLine",
    "line_of",
    "lines_of",
    "up_to_most",
]
