"""What is typed and sent to confirm who somebody is."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """A code of an app, or a recovery code: digits, however they are spaced."""

    code = forms.CharField(
        label=_("Код"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "class": "short"}
        ),
        error_messages={"required": _("Напишете кода.")},
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())

    def refuse(self) -> None:
        self.add_error(
            "code", _("Този код не е верен, изтекъл е или вече е използван. Изчакайте следващия и опитайте.")
        )
