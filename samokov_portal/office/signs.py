"""What the signs that a figure is being helped along have in common in every register: how near a term's end was."""

from typing import Any

from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import TruncDate
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThanOrEqual

# A term of a fortnight has a last tenth of one day; to stop it on one of the last three is just before the end, too.
LAST_DAYS = 3
CAME_ON = TruncDate("received_at")
# By this a sign is found without reading the rows that bear none: the condition of an index in each register.
ENTERED_LATER = Q(GreaterThan(TruncDate("registered_at"), CAME_ON))


class Days(Func):
    """How many days lie between two days; a whole number."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()

    def __init__(self, last: Any, first: Any) -> None:
        super().__init__(last, first)


def in_the_last_tenth(day: Any, began_on: Any, last_day: Any) -> Any:
    """Whether at least nine tenths of the days from `began_on` to `last_day` were over on `day`."""
    return GreaterThanOrEqual(10 * Days(day, began_on), 9 * Days(last_day, began_on))


def left_in_last_tenth(left_on: Any) -> Q:
    """Whether a row that was left on the day `left_on` was so in time, in the last tenth of its term."""
    due_on = F("due_on")
    in_time = Q(GreaterThan(due_on, CAME_ON)) & Q(LessThanOrEqual(left_on, due_on))
    return in_time & Q(in_the_last_tenth(left_on, CAME_ON, due_on))


def just_before_the_end(day: Any, began_on: Any, last_day: Any) -> Q:
    """Whether `day` lies in the last tenth of a term, or is one of its last days."""
    return Q(in_the_last_tenth(day, began_on, last_day)) | Q(LessThanOrEqual(Days(last_day, day), LAST_DAYS))
