"""What the survey asks, and the code with which it is answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.choices import AskedKnown, Attitude, Clarity, Overall, Speed
from feedback.forms.fields import LongText, text_input
from feedback.models.survey import LONGEST_WORDS, QUESTIONS
from samokov_portal.office.forms import OnceForm, leave_unmarked, plain_helper


def score(label: Any, choices: Any) -> forms.TypedChoiceField:
    """A question answered on a scale, the best first; it may be left empty."""
    return forms.TypedChoiceField(
        label=label,
        choices=list(reversed(choices.choices)),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class SurveyCodeForm(forms.Form):
    """The code of the survey; it is never in an address."""

    code = forms.CharField(
        label=_("Код за анкетата"),
        max_length=40,
        help_text=_("Шестнайсет букви и цифри от писмото или разписката. Тирета и главни букви нямат значение."),
        widget=text_input(autocomplete="off", autocapitalize="characters", spellcheck="false"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class SurveyForm(forms.Form):
    """The five questions; each may be left empty, but not all of them."""

    overall = score(_("Доволни ли сте от обслужването като цяло?"), Overall)
    speed = score(_("Колко бързо Ви обслужихме?"), Speed)
    clarity = score(_("Ясно ли беше какво трябва да направите и какво следва?"), Clarity)
    attitude = score(_("Какво беше отношението на служителите?"), Attitude)
    asked_known_document = forms.ChoiceField(
        label=_("Искаха ли Ви документ, който общината вече има?"),
        choices=AskedKnown.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    words = LongText(
        label=_("Какво да подобрим?"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("До 1000 знака. Не пишете имена и телефони: анкетата е анонимна."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        leave_unmarked(self, *QUESTIONS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and all(cleaned.get(name) in (None, "") for name in QUESTIONS):
            raise forms.ValidationError(_("Отговорете поне на един от петте въпроса."))
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What is stored, without what only belongs to the form."""
        return {name: self.cleaned_data[name] for name in (*QUESTIONS, "words")}


class CodedSurveyForm(SurveyForm):
    """The questions, for whoever has given a code."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)


class KioskSurveyForm(OnceForm, SurveyForm):
    """The questions at the counter: no code, and one response to each form."""
