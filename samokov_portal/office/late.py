"""What is entered later than it came: when it counts as late, and how far back whoever enters it may date it."""

from datetime import date, datetime, timedelta

from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.workdays import last_workday_before
from samokov_portal.office.choices import Channel

# A person stands there or is on the line, so it is entered at once; letters of a day are entered until its end.
AT_ONCE = frozenset({Channel.COUNTER, Channel.PHONE})
LATE_AFTER = timedelta(hours=1)
LONGEST_REASON = 200


class LateWithoutReason(Exception):
    """What is entered late says why."""


class DatedTooFarBack(Exception):
    """What came before the previous working day is entered by the Secretary only; `earliest` is that day."""

    def __init__(self, earliest: date) -> None:
        super().__init__(earliest)
        self.earliest = earliest


def is_late(channel: str, received_at: datetime, registered_at: datetime) -> bool:
    """Whether what came by `channel` at the one moment and was entered at the other is marked as entered late."""
    if day_of_receipt(received_at) != day_of_receipt(registered_at):
        return True
    return channel in AT_ONCE and registered_at - received_at > LATE_AFTER


def late_reason(
    reason: str,
    *,
    channel: str,
    received_at: datetime,
    registered_at: datetime,
    calendar: Calendar,
    may_backdate: bool,
) -> str:
    """The reason to keep: empty for what is entered in time. Raises DatedTooFarBack, LateWithoutReason."""
    if not is_late(channel, received_at, registered_at):
        return ""
    earliest = last_workday_before(day_of_receipt(registered_at), calendar)
    if day_of_receipt(received_at) < earliest and not may_backdate:
        raise DatedTooFarBack(earliest)
    if not reason.strip():
        raise LateWithoutReason
    return reason.strip()
