"""A line of the work list: a case or an application, what is awaited of it and by when."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.choices import Kind, Status
from feedback.models import Case
from feedback.senders import subjects_without_senders
from samokov_portal.staff.models import StaffUser
from services.choices import ApplicationStatus
from services.models import Application

# What is awaited in these states; in the others it is the answer itself, which needs no word.
AWAITED: dict[str, Any] = {
    Status.FORWARDING: _("препращане до"),
    Status.DECIDED: _("уведомяване до"),
    Status.REOPENED: _("нов отговор до"),
}


class Words(NamedTuple):
    """What a line says in words: what it is, how it stands, and what its last day is of, where that needs a word."""

    kind: str
    status: str
    awaited: str


# Fifty lines say a few of them, so they are put together once; not by get_…_display(), which asks for the language.
@lru_cache(maxsize=1000)
def words_of_case(kind: str, status: str, awaits_main: bool, awaits_sender: bool, _language: str | None) -> Words:
    label = str(Status(status).label)
    return Words(
        str(Kind(kind).label),
        str(_("%(status)s, слята с друга")) % {"status": label} if awaits_main else label,
        str(_("отговор от подателя до") if awaits_sender else AWAITED.get(status, "")),
    )


@lru_cache(maxsize=100)
def words_of_application(status: str, awaits_sender: bool, _language: str | None) -> Words:
    """The document is awaited, which needs no word, or that the applicant mends what lacks."""
    awaited = str(_("заявителят има време до")) if awaits_sender else ""
    return Words(str(_("заявление за услуга")), str(ApplicationStatus(status).label), awaited)


# Fifty of them stand on a page, so both are tuples: a frozen dataclass takes four times as long to make.
class CaseLine(NamedTuple):
    """A case: what is awaited, by when, and how many days are left (fewer than none: late by).

    `unsent_since` is since when a letter to the competent body waits to go out; None where none does. `last_event` is
    the newest event, where something may be decided about the case from the list.
    """

    row: Case
    last_day: date | None
    days_left: int | None
    unsent_since: datetime | None = None
    days_unsent: int = 0
    last_event: int | None = None

    @property
    def subject(self) -> str:
        return self.row.subject

    @property
    def is_open(self) -> bool:
        return self.row.is_open

    @property
    def awaits_sender(self) -> bool:
        """Whether the term stands still until the sender answers."""
        return self.row.paused_at is not None

    @property
    def words(self) -> Words:
        return self.words_in(get_language())

    def words_in(self, language: str | None) -> Words:
        """The same for who has asked for the language of the page already; for no other one."""
        row = self.row
        words = words_of_case(row.kind, row.status, row.awaits_main, self.awaits_sender, language)
        return words if self.last_day else words._replace(awaited="")

    @property
    def is_late(self) -> bool:
        """Whether the municipality is late; a sender who does not answer is not."""
        return self.days_left is not None and self.days_left < 0 and not self.awaits_sender

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


class ApplicationLine(NamedTuple):
    """An application for a service, as a line beside those of cases. It does not say who applied."""

    row: Application
    last_day: date | None
    days_left: int | None
    unsent_since: None = None

    @property
    def subject(self) -> str:
        return str(self.row.service)

    @property
    def is_open(self) -> bool:
        return self.row.completed_at is None

    @property
    def awaits_sender(self) -> bool:
        """Whether the term stands still until the applicant mends the defects."""
        return self.row.paused_at is not None

    @property
    def words(self) -> Words:
        return self.words_in(get_language())

    def words_in(self, language: str | None) -> Words:
        """The same for who has asked for the language of the page already; for no other one."""
        return words_of_application(self.row.status, self.awaits_sender, language)

    @property
    def is_late(self) -> bool:
        """Whether the municipality is late; an applicant who mends nothing is not."""
        return self.days_left is not None and self.days_left < 0 and not self.awaits_sender

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


WorkLine = CaseLine | ApplicationLine


def line_of(row: Case, today: date, unsent_since: datetime | None = None) -> CaseLine:
    """The line of a case on the day `today`; one that is closed or forwarded awaits nothing.

    It names the newest event where the case was read `with_last_event`.
    """
    return CaseLine(
        row,
        row.next_on,
        (row.next_on - today).days if row.next_on is not None else None,
        unsent_since,
        (today - timezone.localtime(unsent_since).date()).days if unsent_since else 0,
        row.__dict__.get("last_event"),
    )


def line_of_application(row: Application, today: date) -> ApplicationLine:
    """The line of an application on the day `today`; one that is completed awaits nothing."""
    if row.completed_at is not None:
        return ApplicationLine(row, None, None)
    day = row.queue_place.day
    return ApplicationLine(row, day, (day - today).days)


def lines_of(rows: Iterable[Any], today: date, user: StaffUser) -> list[WorkLine]:
    """The lines of the cases and applications on a page, as `user` may see them; cases are read `with_unsent`. A query
    where the subjects are told without the senders. Raises AttributeError for a case that was read without."""
    rows = rows if user.has_perm("feedback.view_sender") else subjects_without_senders(rows)
    return [
        line_of(row, today, row.unsent_since) if isinstance(row, Case) else line_of_application(row, today)
        for row in rows
    ]
