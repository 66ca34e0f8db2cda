"""How the work list is narrowed."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.choices import OPEN_STATUSES, Kind
from services.models import Unit


class WorkListFilter(forms.Form):
    """Filters of the work list; what makes no sense is ignored."""

    # Those on which there is work: what has ended is found by its number.
    status = forms.ChoiceField(
        label=_("Състояние"),
        required=False,
        choices=[("", _("всички отворени")), *((status.value, status.label) for status in OPEN_STATUSES)],
    )
    kind = forms.ChoiceField(label=_("Вид"), required=False, choices=[("", _("всички")), *Kind.choices])
    unit = forms.ModelChoiceField(
        label=_("Звено"),
        required=False,
        queryset=Unit.objects.in_order(),
        to_field_name="code",
        empty_label=_("всички"),
    )
    number = forms.CharField(label=_("Номер"), required=False, max_length=30)
    after = forms.RegexField(r"(\d{4}-\d\d-\d\d)?~\d{1,18}", required=False, widget=forms.HiddenInput)

    def clean_after(self) -> tuple[date | None, int] | None:
        """The last day and the key of the last case on the page before; None when the list begins."""
        if not self.cleaned_data["after"]:
            return None
        due_on, _tilde, key = self.cleaned_data["after"].partition("~")
        try:
            return (date.fromisoformat(due_on) if due_on else None, int(key))
        except ValueError as error:
            raise forms.ValidationError(_("Няма такъв ден.")) from error
