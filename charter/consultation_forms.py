"""Forms of a consultation: what people send, the draft itself, and what its comments are answered."""

from datetime import date
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from charter.choices import Response
from charter.models import Consultation
from charter.models.consultations import LONGEST_COMMENT
from samokov_portal.history import newest_change
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.spam import SpamGuard

# Empty rows beside the passages that are there; more come after saving.
MORE_PASSAGES, MOST_PASSAGES = 3, 60


def seen_field() -> forms.IntegerField:
    """The newest change that stood on the page when it was opened; nothing where none stood."""
    return forms.IntegerField(required=False, widget=forms.HiddenInput)


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CommentForm(SpamGuard):
    """What somebody says of a draft."""

    passage: Any = forms.ModelChoiceField(
        label=_("За коя част е"), queryset=None, required=False, empty_label=_("за целия проект")
    )
    words = forms.CharField(
        label=_("Вашият коментар"),
        max_length=LONGEST_COMMENT,
        widget=area(6),
        help_text=_("Публикува се, както е написан. Не пишете лични данни – нито свои, нито чужди."),
    )
    name = forms.CharField(
        label=_("Име"),
        max_length=150,
        required=False,
        help_text=_("Публикува се до коментара. Оставете празно, ако не желаете."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passages: Any = self.fields["passage"]
        passages.queryset = consultation.passages.all()
        self.helper = plain_helper()
        self.helper.layout = Layout("token", "passage", "words", "name")

    def values(self) -> dict[str, Any]:
        """The fields of the comment."""
        return {name: self.cleaned_data[name] for name in ("passage", "words", "name")}


class DraftForm(forms.ModelForm):
    """A draft with its passages in rows; a row that says nothing is left out."""

    class Meta:
        model = Consultation
        fields = ("title", "why", "opens_on", "closes_on")
        widgets = {"why": area(5)}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["seen"] = seen_field()
        self.fields["seen"].initial = newest_change(self.instance) if self.instance.pk else None
        stored = list(self.instance.passages.all()) if self.instance.pk else []
        self.rows = min(len(stored) + MORE_PASSAGES, MOST_PASSAGES)
        if self.is_bound:
            self.rows = max(self.rows, self._sent_rows())
        for index in range(self.rows):
            row = stored[index] if index < len(stored) else None
            for name, field in self._passage_fields().items():
                field.initial = getattr(row, name, "")
                self.fields[f"passage-{index}-{name}"] = field
        self.helper = plain_helper()
        parts = [
            Fieldset(
                _("Част %(number)s") % {"number": index + 1},
                *(f"passage-{index}-{name}" for name in self._passage_fields()),
            )
            for index in range(self.rows)
        ]
        self.helper.layout = Layout("seen", "title", "why", "opens_on", "closes_on", *parts)

    def _sent_rows(self) -> int:
        numbers = [name.split("-")[1] for name in self.data if name.startswith("passage-") and name.count("-") == 2]
        sent = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 4]
        return min(max(sent, default=-1) + 1, MOST_PASSAGES)

    def _passage_fields(self) -> dict[str, forms.CharField]:
        return {
            "heading": forms.CharField(label=_("За какво е"), max_length=200, required=False),
            "current": forms.CharField(
                label=_("Сега"), max_length=4000, required=False, widget=area(3),
                help_text=_("Празно, ако е ново."),
            ),
            "proposed": forms.CharField(
                label=_("Предложение"), max_length=4000, required=False, widget=area(3),
                help_text=_("Празно, ако отпада."),
            ),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens_on, closes_on = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", _("Последният ден е преди първия."))
        elif closes_on and closes_on < self.today:
            self.add_error("closes_on", _("Този ден е минал."))
        for index, passage in self._filled(cleaned):
            if not passage["heading"]:
                self.add_error(f"passage-{index}-heading", _("Напишете за какво е тази част."))
            if passage["current"] == passage["proposed"]:
                self.add_error(f"passage-{index}-proposed", _("Предложението е същото като сегашния текст."))
        return cleaned

    def _filled(self, cleaned: dict[str, Any]) -> list[tuple[int, dict[str, str]]]:
        names = list(self._passage_fields())
        rows = [
            (index, {name: cleaned.get(f"passage-{index}-{name}") or "" for name in names})
            for index in range(self.rows)
        ]
        return [(index, row) for index, row in rows if any(row.values())]

    def passages(self) -> list[dict[str, str]]:
        """The passages that say something, in order."""
        return [row for _index, row in self._filled(self.cleaned_data)]


class AnswerForm(forms.Form):
    """What becomes of a comment, and why."""

    seen = seen_field()
    response = forms.ChoiceField(label=_("Решение"), choices=[("", _("изберете")), *Response.choices])
    answer = forms.CharField(label=_("Отговор"), max_length=4000, widget=area(4), help_text=_("Публикува се."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class HideForm(forms.Form):
    """Why a comment is hidden."""

    reason = forms.CharField(
        label=_("Защо се скрива"),
        max_length=500,
        help_text=_("Публикува се вместо коментара. Например: съдържа лични данни на друг човек."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
