"""Which day is the day of receipt."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

SOFIA = ZoneInfo("Europe/Sofia")


@dataclass(frozen=True)
class ReceiptRule:
    """By which text the day of receipt is found."""

    source: str
    verified: bool


# A day lasts until its twenty-fourth hour, working or not. Because the day of receipt is itself never counted, what
# comes after closing time or on a day off loses nothing: a term in working days begins with the next working day.
RECEIPT = ReceiptRule("ГПК, чл. 60", verified=True)


def day_of_receipt(at: datetime) -> date:
    """The day in Europe/Sofia on which something came at the aware moment `at`, at whatever hour."""
    return at.astimezone(SOFIA).date()
