"""A note for colleagues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import LongText
from feedback.models.notes import LONGEST_NOTE
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.rendering import KeptForm


class NoteForm(KeptForm):
    """What an official tells the others who work on the case."""

    text = LongText(
        label=_("Бележка за колегите"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Подателят никога не я вижда. Пишете само това, което е нужно за работата по преписката."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "note"})
        self.helper = plain_helper()
