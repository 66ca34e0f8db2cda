"""Where a case stands in time, as pages of the desk and of the sender say it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.choices import Status
from feedback.models import Case

# What is awaited in these states; in the others it is the answer itself, which needs no word.
AWAITED: dict[str, Any] = {
    Status.FORWARDING: _("препращане до"),
    Status.DECIDED: _("уведомяване до"),
    Status.REOPENED: _("нов отговор до"),
}


@dataclass(frozen=True)
class WorkLine:
    """A case in the work list: what is awaited, by when, and how many days are left (fewer than none: late by).

    `unsent_since` is since when a letter to the competent body waits to go out; None where none does.
    """

    case: Case
    last_day: date | None
    days_left: int | None
    unsent_since: datetime | None = None
    days_unsent: int = 0

    @property
    def awaits_sender(self) -> bool:
        """Whether the term stands still until the sender answers."""
        return self.case.paused_at is not None

    @property
    def awaited(self) -> str:
        """What the last day is of, where it needs a word."""
        if self.last_day is None:
            return ""
        return str(_("отговор от подателя до") if self.awaits_sender else AWAITED.get(self.case.status, ""))

    @property
    def is_late(self) -> bool:
        """Whether the municipality is late; a sender who does not answer is not."""
        return self.days_left is not None and self.days_left < 0 and not self.awaits_sender

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


def line_of(row: Case, today: date, unsent_since: datetime | None = None) -> WorkLine:
    """The line of a case on the day `today`; one that is closed or forwarded awaits nothing."""
    days_left = (row.next_on - today).days if row.next_on is not None else None
    days_unsent = (today - timezone.localtime(unsent_since).date()).days if unsent_since else 0
    return WorkLine(row, row.next_on, days_left, unsent_since, days_unsent)


def is_late(case: Case, today: date) -> bool:
    """Whether the first answer came, or is still to come, after the last day in force; nothing is while it waits."""
    if case.due_on is None or case.paused_at is not None:
        return False
    ended_at = case.decided_at or case.forwarded_at or case.ended_at
    return (timezone.localtime(ended_at).date() if ended_at else today) > case.due_on
