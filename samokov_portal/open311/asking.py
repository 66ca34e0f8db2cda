"""What a program may ask about many cases, and how far the question may reach."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.choices import Kind
from samokov_portal.office.numbers import read_number
from samokov_portal.open311.documents import Refused
from samokov_portal.open311.models import Filing
from samokov_portal.open311.querysets import FilingQuerySet
from samokov_portal.open311.telling import CLOSED, OPEN

MOST = 1000
FARTHEST = timedelta(days=90)
YEARS = range(2000, 2200)
LAST_PAGE = 1000


@dataclass(frozen=True)
class Cut:
    """The part of a list that is given."""

    size: int
    page: int

    def of(self, rows: FilingQuerySet) -> list[Any]:
        start = self.size * (self.page - 1)
        return list(rows[start : start + self.size])


def asked_for(asked: QueryDict, now: datetime) -> list[Any]:
    """The filings that the question is about, at most a thousand, the newest first. Raises Refused.

    Numbers override everything else, as the specification has it; one query.
    """
    cut = Cut(number_of(asked, "page_size", MOST, MOST), number_of(asked, "page", 1, LAST_PAGE))
    rows = Filing.objects.told()
    if asked.get("service_request_id"):
        numbers = [read_number(typed) for typed in several(asked, "service_request_id")[:MOST]]
        return cut.of(rows.filter(case__number__in=numbers))
    rows = rows.received_within(*span(asked, now))
    kinds, states = several(asked, "service_code"), several(asked, "status")
    if kinds:
        rows = rows.of_kinds(known_kinds(kinds))
    if not {OPEN, CLOSED}.issuperset(states):
        raise Refused(400, _("status: може да бъде open или closed."))
    if len(set(states)) == 1:
        rows = rows.of_state(is_open=states[0] == OPEN)
    return cut.of(rows)


def known_kinds(codes: list[str]) -> list[str]:
    """Raises Refused for a service that is not there."""
    for code in codes:
        known_kind(code)
    return codes


def known_kind(code: str) -> Kind:
    """The kind of case behind a service's code. Raises Refused."""
    try:
        return Kind(code)
    except ValueError:
        raise Refused(404, _("service_code: няма такава услуга.")) from None


def span(asked: QueryDict, now: datetime) -> tuple[datetime, datetime]:
    """From when to when: as asked, else the last 90 days before the one end that is given, or before now."""
    start, end = moment_of(asked, "start_date"), moment_of(asked, "end_date")
    if start is None:
        end = end or now
        return end - FARTHEST, end
    end = end or start + FARTHEST
    if not timedelta(0) <= end - start <= FARTHEST:
        raise Refused(400, _("start_date и end_date: най-много 90 дни, и началото преди края."))
    return start, end


def moment_of(asked: QueryDict, name: str) -> datetime | None:
    """A moment with its time zone; None where nothing is said. Raises Refused."""
    # A plus that a program forgot to escape arrives as a space.
    text = asked.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not timezone.is_aware(moment) or moment.year not in YEARS:
        reason = _("%(name)s: напишете дата и час с часова зона, например 2026-01-01T00:00:00Z.")
        raise Refused(400, reason % {"name": name})
    return moment


def several(asked: QueryDict, name: str) -> list[str]:
    """The values of a parameter, with commas between them or given more than once."""
    return [part.strip() for text in asked.getlist(name) for part in text.split(",") if part.strip()]


def number_of(asked: QueryDict, name: str, usual: int, most: int) -> int:
    """A count from 1 to `most`. Raises Refused."""
    text = asked.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise Refused(400, _("%(name)s: напишете число от 1 до %(most)s.") % {"name": name, "most": most})
    return int(text)
