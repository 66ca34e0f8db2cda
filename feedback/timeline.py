"""Everything about a case in one order of time, for the desk: events, letters, files, notes, and who looked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from feedback.choices import LetterState
from feedback.models import Attachment, Case, CaseEvent, InternalNote, Letter
from samokov_portal.audit.models import Look
from samokov_portal.staff.models import StaffUser

LOOKS_PERMISSION = "audit.view_look"


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `kind` is event, letter, file, note or look; `by` is a member of staff, if any."""

    at: datetime
    kind: str
    title: str
    by: Any = None
    text: str = ""


def timeline(
    case: Case,
    user: StaffUser,
    *,
    events: Iterable[CaseEvent],
    letters: Iterable[Letter],
    files: Iterable[Attachment],
    notes: Iterable[InternalNote],
) -> list[Entry]:
    """All of it, the oldest first; looks only for whoever may see them, one query then."""
    found = [
        *(Entry(event.at, "event", event.get_kind_display(), event.by, event.note) for event in events),
        *(entry for letter in letters for entry in _of_letter(letter)),
        *(Entry(file.added_at, "file", _("Файл: %(name)s") % {"name": file.name}, file.added_by) for file in files),
        *(Entry(note.at, "note", _("Вътрешна бележка"), note.by, note.text) for note in notes),
        *(_looks(case) if user.has_perm(LOOKS_PERMISSION) else ()),
    ]
    # What happened at one moment stays in the order above: first the event, then the letter about it.
    return sorted(found, key=lambda entry: entry.at)


def _of_letter(letter: Letter) -> Iterator[Entry]:
    about = {"about": letter.get_kind_display(), "means": letter.get_means_display()}
    yield Entry(letter.created_at, "letter", _("Подготвено писмо „%(about)s“, %(means)s") % about)
    if letter.state == LetterState.SENT and letter.sent_at is not None:
        yield Entry(letter.sent_at, "letter", _("Тръгна писмо „%(about)s“, %(means)s") % about)


def _looks(case: Case) -> Iterator[Entry]:
    """Who looked on which day and how often; each day once, at the moment of the last look."""
    rows = (
        Look.objects.filter(subject=case.number)
        .annotate(day=TruncDate("at"))
        .values("day", "by")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("day", "by")
    )
    people = StaffUser.objects.in_bulk({row["by"] for row in rows})
    for row in rows:
        title = _("Гледана")
        if row["times"] > 1:
            title = _("Гледана %(times)s пъти този ден, последно сега") % {"times": row["times"]}
        yield Entry(row["last"], "look", title, people[row["by"]])
