"""What is searched, and what is typed in when an applicant comes."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.choices import Channel
from samokov_portal.office.forms import MomentField, OnceForm, ReceiptForm, plain_helper
from services.actions import NotOffered, offer_of
from services.choices import Purpose, Speed
from services.models import Application, Service, ServiceGroup, Unit, Visit

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


class ApplicationForm(ReceiptForm):
    """An application for a service that a clerk logs."""

    service = forms.ModelChoiceField(
        label=_("Услуга"), queryset=Service.objects.order_by("name"), empty_label=_("Изберете услуга")
    )
    speed = forms.ChoiceField(
        label=_("Поръчка"),
        choices=Speed.choices,
        initial=Speed.ORDINARY,
        required=False,
        help_text=_("По-бърза може да е само услуга, за която общината е обявила такъв срок."),
    )
    applicant_name = forms.CharField(label=_("Име на заявителя"), max_length=150)
    applicant_contact = forms.CharField(
        label=_("Телефон или имейл"), max_length=150, required=False, help_text=_("За да му кажем, че е готово.")
    )
    counter = forms.CharField(
        label=_("На кое гише"),
        max_length=LONGEST_COUNTER,
        required=False,
        help_text=_("Както е на табелата. Само за подадено на гише. Порталът го помни, докато не излезете."),
    )
    due_told = forms.BooleanField(
        label=_("Казах на заявителя крайния срок"),
        required=False,
        help_text=_("Задължително, когато срокът е над 7 дни. Може и по-късно, от страницата на заявлението."),
    )
    field_order = [
        "token",
        "service",
        "speed",
        "applicant_name",
        "applicant_contact",
        "channel",
        "received_at",
        "late_reason",
        "waited_minutes",
        "counter",
        "due_told",
    ]

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["service"].widget.attrs["autofocus"] = not self.is_bound
        # The browser must not offer the clerk's own data for somebody else.
        for name in ("applicant_name", "applicant_contact", "counter"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.helper = plain_helper()

    def clean_speed(self) -> str:
        return self.cleaned_data["speed"] or Speed.ORDINARY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "service" in cleaned and "speed" in cleaned:
            try:
                offer_of(cleaned["service"], cleaned["speed"])
            except NotOffered:
                self.add_error("speed", _("Общината не е обявила такъв срок за тази услуга. Изберете обикновена."))
        # Filled in from the application before, so it is no mistake of the clerk's.
        if cleaned.get("channel") != Channel.COUNTER:
            cleaned["counter"] = ""
        return cleaned


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
