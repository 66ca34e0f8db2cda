"""How the work list is narrowed."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from feedback.choices import OPEN_STATUSES, Kind
from feedback.forms.matter import services_by_name, standards
from feedback.worklist import APPLICATION, Asked
from samokov_portal.office.choices import Channel, Tab
from samokov_portal.office.kept_choices import KeptChoiceField, kept_options
from samokov_portal.office.queue import Place
from samokov_portal.office.rendering import KeptForm, shares_fields
from samokov_portal.staff.models import StaffUser
from services.models import Settlement, Unit

# Beside the part of the list and the page: what makes it shorter.
NARROWING = ("number", "text", "kind", "status", "unit", "channel", "settlement", "service", "standard")

# Those that are folded away until they are used.
FOLDED = ("status", "channel", "settlement", "service", "standard")


@shares_fields
class WorkListFilter(KeptForm):
    """Filters of the work list; what makes no sense is ignored."""

    tab = forms.ChoiceField(required=False, choices=Tab.choices, widget=forms.HiddenInput)
    number = forms.CharField(label=_("Номер"), required=False, max_length=30)
    text = forms.CharField(label=_("Думи от съдържанието"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Вид"),
        required=False,
        choices=[("", _("всички")), *Kind.choices, (APPLICATION, _("заявление за услуга"))],
    )
    # Those on which there is work: what has ended is found by its number.
    status = forms.ChoiceField(
        label=_("Състояние"),
        required=False,
        choices=[("", _("всички отворени")), *((status.value, status.label) for status in OPEN_STATUSES)],
    )
    unit = KeptChoiceField(
        label=_("Звено"),
        required=False,
        queryset=Unit.objects.in_order,
        kept=kept_options(Unit.objects.in_order, "services.Unit", by="code"),
        to_field_name="code",
        empty_label=_("всички"),
    )
    channel = forms.ChoiceField(
        label=_("Начин на подаване"), required=False, choices=[("", _("всички")), *Channel.choices]
    )
    settlement = KeptChoiceField(
        label=_("Населено място"),
        required=False,
        queryset=Settlement.objects.in_order,
        kept=kept_options(Settlement.objects.in_order, "services.Settlement", by="ekatte"),
        to_field_name="ekatte",
        empty_label=_("всички"),
    )
    service: Any = KeptChoiceField(
        label=_("Услуга"),
        required=False,
        queryset=services_by_name,
        kept=kept_options(services_by_name, "services.Service", by="slug"),
        to_field_name="slug",
        empty_label=_("всички"),
    )
    standard: Any = KeptChoiceField(
        label=_("Посочен стандарт"),
        required=False,
        queryset=standards,
        kept=kept_options(standards, "charter.Standard", "charter.CharterVersion", by="code"),
        to_field_name="code",
        empty_label=_("всички"),
    )
    after = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_after(self) -> Place | None:
        """The place of the last row on the page before; None when the list begins."""
        if not self.cleaned_data["after"]:
            return None
        try:
            return Place.read(self.cleaned_data["after"])
        except ValueError as error:
            raise forms.ValidationError(_("Няма такъв ден.")) from error

    @cached_property
    def filled_in(self) -> dict[str, Any]:
        """What was asked and makes sense; known once the form was looked through."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether anything but the part of the list was chosen."""
        return any(name in self.filled_in for name in NARROWING)

    @cached_property
    def has_more(self) -> bool:
        """Whether one of the filters was chosen that are folded away."""
        return any(name in self.filled_in for name in FOLDED)

    @cached_property
    def query(self) -> str:
        """The filters that make sense, as they stand in an address; without the part of the list and the page."""
        return urlencode({name: self.data[name] for name in NARROWING if name in self.filled_in})

    def query_of(self, tab: Tab) -> str:
        """The address of the part `tab` of the list with these filters."""
        return "&".join(filter(None, (f"tab={tab.value}", self.query)))

    def asked_by(self, user: StaffUser, today: date) -> Asked:
        """The question that was filled in, by `user` on the day `today`."""
        self.is_valid()
        return Asked(user, today, self.filled_in)


@shares_fields
class SaveFilterForm(KeptForm):
    """A name for a question to the work list."""

    name = forms.CharField(label=_("Име на филтъра"), max_length=60)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        """The question without what makes no sense, whatever was sent."""
        asked = WorkListFilter(QueryDict(self.cleaned_data["query"]))
        asked.is_valid()
        return asked.query_of(Tab(asked.cleaned_data.get("tab") or Tab.OPEN))
