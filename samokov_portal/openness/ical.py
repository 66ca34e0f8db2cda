"""Last days as a calendar (RFC 5545), and the address by which a calendar program fetches them.

The entries bear numbers and dates alone: what a case is about and who sent it stays behind the login.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hmac import compare_digest

from django.utils.crypto import salted_hmac

from samokov_portal.staff.models import StaffUser

LONGEST_LINE = 75


@dataclass(frozen=True)
class Day:
    """A last day: what tells it from another for ever, of what it is, and where that is found."""

    name: str
    on: date
    title: str
    address: str


def calendar(title: str, days: Iterable[Day], now: datetime) -> str:
    """The calendar `title` with a whole-day entry for each of `days`, as of the aware moment `now`."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//samokov.bg//harta//BG",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(title)}",
    ]
    for one in days:
        lines += entry(one, now)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines)


def entry(one: Day, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.name)}@samokov.bg",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(one.title)}",
        f"URL:{one.address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """`text` as a value: what would end it or divide it is written with a backslash."""
    for letter in ("\\", ";", ","):
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\r", "").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line as it is sent: at most 75 octets each, what follows begins with a space; no letter is cut in two."""
    pieces = list(_pieces(line))
    return "\r\n ".join(pieces) + "\r\n"


def _pieces(line: str) -> Iterator[str]:
    piece, length = "", 0
    for letter in line:
        size = len(letter.encode())
        if length + size > LONGEST_LINE:
            yield piece
            piece, length = "", 1  # the space counts
        piece, length = piece + letter, length + size
    yield piece


def calendar_key(user: StaffUser) -> str:
    """What opens the calendar of `user` without a login; another password makes another one."""
    digest = salted_hmac("openness.calendar", user.get_session_auth_hash(), algorithm="sha256").hexdigest()
    return f"{user.pk}-{digest[:40]}"


def user_of(key: str) -> StaffUser | None:
    """Whose calendar `key` opens; nobody's for what is no key, was changed, or is of somebody who left."""
    pk, _dash, _digest = key.partition("-")
    user = StaffUser.objects.filter(pk=int(pk), is_active=True).first() if pk.isdecimal() and len(pk) < 10 else None
    return user if user is not None and compare_digest(calendar_key(user).encode(), key.encode()) else None
