"""What is typed and sent to confirm who somebody is."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """A code of an app, or a recovery code: digits, however they are spaced."""

    ASKED = "code"
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


LONGEST_CREDENTIAL = 20_000
LONGEST_NAME = 60


class KeyForm(forms.Form):
    """What a security key answered, as the script of the page sends it: JSON of a few hundred bytes."""

    ASKED = "credential"
    credential = forms.CharField(
        label=_("Ключ за сигурност"),
        max_length=LONGEST_CREDENTIAL,
        widget=forms.HiddenInput,
        error_messages={"required": _("Ключът не беше попитан. За това браузърът Ви трябва да изпълнява JavaScript.")},
    )

    def clean_credential(self) -> dict[str, Any]:
        try:
            answer = json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise forms.ValidationError(_("Отговорът на ключа не може да бъде прочетен."))
        return answer

    def refuse(self) -> None:
        self.add_error(
            "credential", _("Този ключ не е Ваш за портала или отговорът му е закъснял. Опитайте още веднъж.")
        )


class NamedKeyForm(KeyForm):
    """A new key, and how its owner calls it."""

    name = forms.CharField(
        label=_("Как да го наречем"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Например „Ключ на връзката“ или „Телефон“, за да го познаете."),
    )

    def refuse(self) -> None:
        self.add_error("credential", _("Ключът не е добавен: вече е записан или отговорът е закъснял. Опитайте пак."))


class NameForm(forms.Form):
    """How a key is called."""

    name = forms.CharField(
        label=_("Как да го наречем"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Напишете как да наречем ключа.")},
    )
