"""One decision about the cases that were ticked in the work list."""

import re
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.actions.bulk import MOST_AT_ONCE
from feedback.forms.units import UnitField
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.numbers import NUMBER_IN_ADDRESS
from samokov_portal.office.rendering import KeptForm

# A ticked case: its number and the newest event that stood behind the list.
TICK = re.compile(rf"(?P<number>{NUMBER_IN_ADDRESS})~(?P<event>\d{{1,18}})")


class TickedForm(KeptForm):
    """One decision about the cases that come ticked with the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The filter of the same page has a unit too.
        super().__init__(*args, **{"auto_id": "bulk_%s", **kwargs})
        self.helper = plain_helper()

    def ticked(self) -> dict[str, int]:
        """The newest event seen of each case that was ticked, by its number; what is no tick of ours is ignored."""
        found = map(TICK.fullmatch, self.data.getlist("case")[:MOST_AT_ONCE])  # type: ignore[attr-defined]
        return {match["number"]: int(match["event"]) for match in found if match is not None}

    def clean(self) -> dict[str, Any]:
        if not self.ticked():
            raise forms.ValidationError(_("Не сте избрали преписки. Отбележете ги в списъка."))
        return super().clean() or {}


class BulkAssignForm(TickedForm):
    """To which unit the ticked cases go, and why."""

    unit = UnitField(
        label=_("Възложете избраните на"),
        empty_label=_("изберете звено"),
    )
    reason = forms.CharField(
        label=_("Причина"),
        max_length=500,
        help_text=_("Една за всички избрани. Записва се в историята на всяка преписка."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(UnitField, self.fields["unit"]).of_day(today)
