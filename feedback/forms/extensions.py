"""Asking for a longer term, and saying no to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import LongText
from samokov_portal.office.forms import plain_helper


class AskExtensionForm(forms.Form):
    """What the superior body has to know to decide."""

    due_on = forms.DateField(label=_("До кога е нужно"), help_text=_("Трябва да е работен ден."))
    reason = LongText(
        label=_("Защо"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Чете го този, който решава. Подателят не го вижда."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "ask_extension"})
        self.helper = plain_helper()


class RefuseExtensionForm(forms.Form):
    """Why the term stays."""

    answer = LongText(label=_("Защо не се удължава"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "refuse_extension"})
        self.helper = plain_helper()
