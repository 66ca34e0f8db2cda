"""The work list: cases and applications by the day that is awaited, for whoever may see them."""

from feedback.worklist.asking import APPLICATION, MOST_COUNTED, PAGE, Asked, Page
from feedback.worklist.lines import (
    ApplicationLine,
    CaseLine,
    WorkLine,
    kind_in_words,
    line_of,
    lines_of,
    status_in_words,
    with_last_events,
)

__all__ = [
    "APPLICATION",
    "MOST_COUNTED",
    "PAGE",
    "ApplicationLine",
    "Asked",
    "CaseLine",
    "Page",
    "WorkLine",
    "kind_in_words",
    "line_of",
    "lines_of",
    "status_in_words",
    "with_last_events",
]
