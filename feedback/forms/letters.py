"""What is typed in when a letter leaves by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.forms import plain_helper

# As many as a page of the list has.
MOST_TICKED = 50
# What is longer is no key of a row.
LONGEST_KEY = 18


class LetterForm(forms.Form):
    """The form of one thing done with a letter; the button stands in the template."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class HandedForm(LetterForm):
    address = forms.CharField(
        label=_("Къде или на кого е предадено"),
        max_length=254,
        required=False,
        help_text=_("Попълнете, ако не е на посочения адрес. Например: лично на гише."),
    )


class RetryForm(LetterForm):
    address = forms.EmailField(label=_("Имейл"), max_length=254, help_text=_("Поправете го, ако е сгрешен."))


class ConfirmForm(LetterForm):
    confirmation = forms.CharField(
        label=_("Входящ номер при органа или как потвърди"),
        max_length=200,
        help_text=_("Например: вх. № 94-00-123 от 23.11.2026 г."),
    )


class TickedLettersForm(forms.Form):
    """The letters that were ticked in their list."""

    def ticked(self) -> list[int]:
        """Their keys in the order of the list, MOST_TICKED at the most; what is no key is ignored."""
        sent = self.data.getlist("letter")  # type: ignore[attr-defined]
        keys = {int(key) for key in sent if key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY}
        return sorted(keys)[:MOST_TICKED]


class LettersFilter(forms.Form):
    """Which letters are shown, and where the page begins; what makes no sense is ignored."""

    KINDS = (
        ("", _("всички")),
        ("paper", _("на хартия")),
        ("phone", _("по телефона")),
        ("failed", _("недоставени по имейл")),
        ("slow", _("чакат пощенския сървър")),
        ("unconfirmed", _("непотвърдени от органа")),
    )

    what = forms.ChoiceField(label=_("Какво чака"), required=False, choices=KINDS)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
