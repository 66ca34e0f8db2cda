"""What is searched, and what is typed in when an applicant comes."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.forms import MomentField, OnceForm, plain_helper
from services.choices import Purpose
from services.models import Application, ServiceGroup, Unit, Visit

LONGEST_COUNTER = Visit._meta.get_field("counter").max_length


class CatalogueFilter(forms.Form):
    """Search and filters of the catalogue; what makes no sense is ignored."""

    q = forms.CharField(label=_("Търсене в услугите"), required=False, max_length=100)
    group = forms.ModelChoiceField(
        label=_("Група"),
        required=False,
        queryset=ServiceGroup.objects.in_order(),
        to_field_name="code",
        empty_label=_("всички групи"),
    )
    unit = forms.ModelChoiceField(
        label=_("Звено"),
        required=False,
        queryset=Unit.objects.in_order(),
        to_field_name="code",
        empty_label=_("всички звена"),
    )


class OpinionForm(forms.Form):
    """Whether the page of a service was useful."""

    useful = forms.ChoiceField(choices=[("yes", _("Да")), ("no", _("Не"))])


class ApplicationFilter(forms.Form):
    """Finds one application at the desk; nothing is found by what is no number."""

    number = forms.CharField(label=_("Номер на заявление"), required=False, max_length=30)


class VisitForm(OnceForm):
    """That an applicant came to a counter again; the first time is recorded with the application."""

    purpose = forms.ChoiceField(
        label=_("Защо дойде човекът"),
        choices=[("", _("Изберете")), *((one.value, one.label) for one in Purpose if one != Purpose.APPLY)],
    )
    counter = forms.CharField(
        label=_("На кое гише"), max_length=LONGEST_COUNTER, required=False, help_text=_("Както е на табелата.")
    )
    at = MomentField(
        label=_("Кога дойде"), required=False, help_text=_("Например 23.11.2026 14:05. Оставете празно, ако е сега.")
    )

    def __init__(self, *args: Any, application: Application, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application, self.now = application, now
        self.fields["counter"].widget.attrs["autocomplete"] = "off"
        self.helper = plain_helper()

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and at > self.now:
            raise forms.ValidationError(_("Този момент още не е настъпил. Оставете празно, ако е сега."))
        if at is not None and at < self.application.received_at:
            raise forms.ValidationError(_("Тогава заявлението още не беше постъпило. Проверете деня и часа."))
        return at

    def values(self) -> dict[str, Any]:
        """What is stored, without the token of the form."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return {**typed, "application": self.application}
