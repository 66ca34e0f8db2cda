"""Tying cases about the same to a main one, one or many at once, and separating one of them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.forms.bulk import TickedForm
from feedback.forms.changes import CaseActionForm
from feedback.forms.fields import LongText
from feedback.models import Case
from samokov_portal.office.numbers import read_number
from samokov_portal.staff.models import StaffUser

REASON = gettext_lazy("Записва се в историята на преписката. Подателят не я вижда.")


def found_main(text: str, by: StaffUser) -> Case:
    """The case with the number `text` that `by` may see. Raises ValidationError when there is none."""
    case = Case.objects.seen_by(by).filter(number=read_number(text)).first()
    if case is None:
        raise forms.ValidationError(_("Няма преписка с такъв номер. Проверете го."))
    found: Case = case
    return found


class MergeForm(CaseActionForm):
    action = "merge"
    title = gettext_lazy("Слейте с друга преписка по същия въпрос")
    button = gettext_lazy("Слейте")
    follows = gettext_lazy(
        "Номерът, подателят и срокът остават и се отчитат поотделно. Отговорът по главната преписка става отговор и на "
        "тази, с отделно писмо до нейния подател. Преписката минава към звеното на главната."
    )

    main = forms.CharField(label=gettext_lazy("Номер на главната преписка"), max_length=40)
    reason = LongText(
        label=gettext_lazy("Защо"), max_length=500, help_text=REASON, widget=forms.Textarea(attrs={"rows": 2})
    )

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        return case.is_mergeable

    def clean_main(self) -> Case:
        return found_main(self.cleaned_data["main"], self.by)


class SeparateForm(CaseActionForm):
    action = "separate"
    title = gettext_lazy("Отделете от главната преписка")
    button = gettext_lazy("Отделете")
    follows = gettext_lazy("Преписката се решава отново самостоятелно, в своя срок.")

    reason = LongText(
        label=gettext_lazy("Защо"), max_length=500, help_text=REASON, widget=forms.Textarea(attrs={"rows": 2})
    )

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        return case.awaits_main


class BulkMergeForm(TickedForm):
    """Which of the ticked cases, or which other, is the main one, and why the others are tied to it."""

    main = forms.CharField(
        label=gettext_lazy("Главна преписка"),
        max_length=40,
        help_text=gettext_lazy("Номерът на една от избраните или на друга, която вече се разглежда."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        max_length=500,
        help_text=gettext_lazy("Една за всички избрани. Записва се в историята на всяка преписка."),
    )

    def __init__(self, *args: Any, by: StaffUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if not self.is_bound:
            # The main case is proposed: what is left to say is why.
            self.fields["reason" if self.initial.get("main") else "main"].widget.attrs["autofocus"] = True

    def clean_main(self) -> Case:
        return found_main(self.cleaned_data["main"], self.by)

    def clean(self) -> dict[str, Any]:
        """Besides the main one there must be one to tie."""
        cleaned, ticked = super().clean(), self.ticked()
        main = cleaned.get("main")
        if ticked and main is not None and set(ticked) == {main.number}:
            raise forms.ValidationError(_("Изберете и поне една преписка, която да се слее с главната."))
        return cleaned
