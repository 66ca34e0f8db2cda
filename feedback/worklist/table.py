"""The work list as a table to take out: the same columns as on the screen, and the same words."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from feedback.worklist.lines import WorkLine
from samokov_portal.office.tables import Cell


def headings() -> list[str]:
    """What stands above the columns, in the language of the page."""
    return [
        _("Номер"),
        _("Вид"),
        _("Относно"),
        _("Звено"),
        _("Състояние"),
        _("Какво се чака"),
        _("Следващ срок"),
        _("Остават дни"),
    ]


def rows_of(lines: Iterable[WorkLine]) -> Iterator[list[Cell]]:
    """The cells of each line; days that are left are negative where the day is past."""
    language = get_language()
    for line in lines:
        words = line.words_in(language)
        yield [
            line.row.number,
            words.kind,
            line.subject,
            line.row.unit.short_name if line.row.unit else _("още без звено"),
            words.status + unsent_in_words(line),
            words.awaited,
            line.last_day,
            line.days_left,
        ]


def unsent_in_words(line: Any) -> str:
    """What the screen says beneath the status of a case whose letter to a competent body has not left."""
    if line.unsent_since is None:
        return ""
    if not line.days_unsent:
        return f" ({_('писмото още не е тръгнало')})"
    words = ngettext("писмото не е тръгнало от %(days)s ден", "писмото не е тръгнало от %(days)s дни", line.days_unsent)
    return f" ({words % {'days': line.days_unsent}})"
