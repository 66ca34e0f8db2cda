"""Which promises are counted from a record, and what it says of each: for pages of the apps below this one.

They load the tag by its name, so nothing below imports the charter.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from charter.measurement import OF_AN_APPLICATION, Period
from charter.models import Standard
from charter.records import STATES
from samokov_portal.office.choices import COUNTED, Channel
from services.models import Application

register = template.Library()

# From which facts of an application each of them is counted.
COUNTED_FROM: dict[str, Any] = {
    "service-term": _("крайният срок, спирането му за недостатъци, резултатът и кога е даден"),
    "due-date-notice": _("кога е съобщен крайният срок"),
    "single-counter": _("записаните идвания на гише до приключването"),
    "waiting-time": _("записаните минути чакане на гише"),
}
# These are of whoever came to a counter.
AT_A_COUNTER = ("single-counter", "waiting-time")


@dataclass(frozen=True)
class Fed:
    """A promise that an application feeds: from which facts, and what they say of it so far.

    `says` is None while there is nothing to count yet; `counted_on` is the day by which it falls into a period.
    """

    standard: Standard
    facts: Any
    says: Any
    is_counted: bool
    counted_on: date | None

    @property
    def period(self) -> str:
        """The quarter in whose figure it is, or is left out of it; empty while there is none."""
        return Period.quarter_of(self.counted_on).code if self.counted_on else ""


@register.simple_tag
def standards_of(application: Application, now: datetime) -> list[Fed]:
    """The promises in force that are counted from `application`; one query for them and one for each.

    What is read is what the figures read: the facts of the measure, of this one row, as the store knows it at `now`.
    """
    measured = Standard.objects.in_force().filter(measure__in=OF_AN_APPLICATION)
    at_counter = application.channel == Channel.COUNTER
    return [_fed(row, application, now) for row in measured if at_counter or row.measure not in AT_A_COUNTER]


def _fed(standard: Standard, application: Application, now: datetime) -> Fed:
    known = Application.objects.known_at(now).filter(id=application.pk)
    found = OF_AN_APPLICATION[standard.measure](known, now).values_list("state", "counted_on").first()
    state, counted_on = found or ("", None)
    return Fed(standard, COUNTED_FROM[standard.measure], STATES.get(state), state in COUNTED, counted_on)
