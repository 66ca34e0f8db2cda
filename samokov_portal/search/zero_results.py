"""Searches with zero results, for the editor: words without anybody's data, and not for long.

The model is still `VainSearch`, because its table, its right and its address in the administration pages are called so.
"""

import re
from datetime import date, timedelta

from django.db import connection

from samokov_portal.search.models import VainSearch
from samokov_portal.search.words import words
from samokov_portal.unwaited import UNWAITED

# A telephone, an e-mail, a number of a case or of an identity card say whose it is; a long sentence may tell a story.
MOST_WORDS = 5
LONGEST = 60
LONGEST_NUMBER = 4
KEPT_DAYS = 180
NOTE = f"""
    INSERT INTO search_vainsearch (text, times, last_on)
    SELECT %(text)s, 1, %(today)s
    -- Those who seek the same have one row, where they would wait for each other's way to the disk as well.
    FROM {UNWAITED}
    ON CONFLICT (text) DO UPDATE SET times = search_vainsearch.times + 1, last_on = EXCLUDED.last_on
"""


def note_zero_results(query: str, today: date) -> bool:
    """Count one more search that found nothing; False where `query` may be about a person and is not kept."""
    said = words(query)
    text = " ".join(said)
    is_personal = "@" in query or re.search(rf"\d{{{LONGEST_NUMBER + 1},}}", re.sub(r"[\s/.-]", "", query))
    if not said or len(said) > MOST_WORDS or len(text) > LONGEST or is_personal:
        return False
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"text": text, "today": today, "alone": not connection.in_atomic_block})
    return True


def forget_zero_results(today: date) -> int:
    """Remove what nobody has sought for half a year; returns how many were removed."""
    removed, _by_model = VainSearch.objects.filter(last_on__lt=today - timedelta(days=KEPT_DAYS)).delete()
    return removed
