"""Where a page of a watched heap begins."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _


class PlaceForm(forms.Form):
    """The last record of the page before, as its day and key; what makes no sense begins at the beginning."""

    after = forms.RegexField(r"\A(\d{4}-\d\d-\d\d)?~\d{1,18}\Z", required=False)

    def clean_after(self) -> tuple[date | None, int] | None:
        """The day (None where the list is not by days) and the key; None at the beginning."""
        if not self.cleaned_data["after"]:
            return None
        day, _tilde, key = self.cleaned_data["after"].partition("~")
        try:
            return (date.fromisoformat(day) if day else None, int(key))
        except ValueError as error:
            raise forms.ValidationError(_("Няма такъв ден.")) from error
