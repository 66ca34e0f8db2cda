"""Which pages are read from the replica: those that tell what is public, the same to everybody.

What somebody has just filed is not among them: who follows a case may have it from a clerk, from another browser or
from a program, and no mark comes with it.
"""

import re

PUBLIC = re.compile(
    r"/(?:en/)?(?:|about/|accessibility/|privacy/|terms/|seals/|feedback/|search/suggest/|feeds/.+"
    r"|charter/.*|services/(?:[^/]+/)?|life-events/.*|reports/.*)"
    r"|/api/v1/.+|/sitemap\.xml"
)
# They are anonymous and say that no cookie comes with them; no public page tells of them.
UNMARKED = re.compile(r"/(?:en/)?services/[^/]+/opinion/")


def is_public(path: str) -> bool:
    return PUBLIC.fullmatch(path) is not None


def leaves_mark(path: str) -> bool:
    """Whether whoever sends something there is to see it on the public pages at once."""
    return UNMARKED.fullmatch(path) is None
