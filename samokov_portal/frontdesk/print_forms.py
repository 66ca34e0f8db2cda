"""What is chosen when many papers are printed at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.choices import PaperSize
from samokov_portal.office.forms import plain_helper


class LabelsForm(forms.Form):
    """Of which day the labels are, and on what they are printed."""

    day = forms.DateField(label=_("Регистрирани на"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    size = forms.ChoiceField(label=_("На какво"), choices=PaperSize.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
