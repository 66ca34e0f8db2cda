"""The file of the catalogue that an editor brings in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.forms import plain_helper

MOST_BYTES = 5 * 1024 * 1024


class ImportForm(forms.Form):
    """One file, no larger than what is read."""

    file = forms.FileField(
        label=_("Файл"),
        help_text=_("CSV, XLSX или JSON, до 5 MB и 2000 услуги."),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Файлът е по-голям от 5 MB."))
        return file
