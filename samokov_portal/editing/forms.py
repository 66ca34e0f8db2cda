"""What the page of every draft asks: why, when, and what of many forms is to be mended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.forms import MomentField, plain_helper


class WhyForm(forms.Form):
    """Why something published changes, and what stood on the page when it was opened."""

    why = forms.CharField(label=_("Защо се променя"), max_length=500, help_text=_("Остава в историята."))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ScheduleForm(forms.Form):
    """When the worker shall publish the draft."""

    publish_at = MomentField(label=_("Да се публикува на"), help_text=_("Ден и час, например 01.12.2026 09:00."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class Rows(forms.BaseFormSet):
    """Parts of a whole in their order; one that is empty, or ticked to go, is left out."""

    @property
    def filled(self) -> list[Any]:
        """The rows that say something and stay."""
        said = [form for form in self.forms if form.has_changed() or form.initial]
        return [form for form in said if form.cleaned_data and not form.cleaned_data.get("DELETE")]

    def values(self) -> list[dict[str, Any]]:
        """What the rows say."""
        return [form.values() for form in self.filled]


@dataclass(frozen=True)
class Mistake:
    """An error of one of the forms of a page, with the field that it is about."""

    field: Any
    label: Any
    text: str


def mistakes_of(parts: Iterable[Any], sets: Iterable[Any], beside: Any) -> Iterator[Mistake]:
    """What is to be mended in `parts` and in the rows of `sets`, in the order of the page; nothing before it was sent.

    What is wrong with a set as a whole is said `beside` a field.
    """
    rows = list(sets)
    for form in (*parts, *(form for part in rows for form in part.forms)):
        if form.is_bound:
            yield from (Mistake(field, field.label, text) for field in form for text in field.errors)
    for part in rows:
        if part.is_bound:
            yield from (Mistake(beside, "", text) for text in part.non_form_errors())
