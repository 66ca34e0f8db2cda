"""The units to which work is given: those that there are on the day."""

from datetime import date
from functools import partial
from typing import Any

from samokov_portal.office.kept_choices import KeptChoiceField, Options
from samokov_portal.pagestore import remembered
from services.models import Unit


@remembered("services.Unit")
def unit_options(on: date) -> Options:
    return tuple((str(unit.pk), str(unit)) for unit in Unit.objects.to_work_on(on))


class UnitField(KeptChoiceField):
    """A choice of one of the units of a day; of none, until the form says of which day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.none, kept=tuple, **kwargs)

    def of_day(self, on: date) -> None:
        self.kept = partial(unit_options, on)
        self.queryset = partial(Unit.objects.to_work_on, on)
