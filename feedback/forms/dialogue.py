"""The forms of what goes between the office and the sender: questions, the answer, its notice, and the end of it."""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.actions.sender import reopen_until
from feedback.choices import OUTCOMES, Kind, Status, outcome_in_words
from feedback.forms.changes import CaseActionForm, article
from feedback.forms.fields import LongText
from feedback.letters.answers import UNKNOWN
from feedback.models import AnswerTemplate, Case
from samokov_portal.legal.grounds import suspensions_of
from samokov_portal.office.kept_choices import KeptChoiceField, Options
from samokov_portal.office.templatetags.bulgarian import day
from samokov_portal.pagestore import remembered
from samokov_portal.staff.models import StaffUser


@remembered("feedback.AnswerTemplate")
def template_options(kind: str) -> Options:
    return tuple((str(template.pk), str(template)) for template in AnswerTemplate.objects.to_choose(kind))


class AskForm(CaseActionForm):
    action = "ask"
    title = gettext_lazy("Задайте въпрос на подателя")
    button = gettext_lazy("Изпратете въпроса")

    question = LongText(
        label=gettext_lazy("Какво трябва да уточни"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Подателят ще го прочете."),
    )
    ground = forms.ChoiceField(label=gettext_lazy("Спира ли срокът"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [(ground.code, _("спира (%s)") % article(ground)) for ground in suspensions_of(self.case.term_code)]
        if not allowed:
            # The law knows no ground for this kind: nothing to choose.
            del self.fields["ground"]
            return
        grounds: Any = self.fields["ground"]
        grounds.choices = [("", _("не спира")), *allowed]

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        return not case.is_anonymous

    @property
    def follows(self) -> str:
        if "ground" in self.fields:
            return _("Преписката чака подателя. Ако срокът спира, след отговора започва отначало.")
        return _("Преписката чака подателя, но срокът тече: за такъв вид законът не допуска да спира.")


class RecordReplyForm(CaseActionForm):
    action = "record_reply"
    title = gettext_lazy("Запишете отговора на подателя")
    button = gettext_lazy("Запишете отговора")

    text = LongText(
        label=gettext_lazy("Какво отговори подателят"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def follows(self) -> str:
        if self.case.paused_at:
            return _("За отговор на място, по телефона или с писмо. Срокът, който е спрял, тръгва от днес.")
        return _("За отговор на място, по телефона или с писмо. Работата по преписката продължава.")


class LapseForm(CaseActionForm):
    action = "lapse"
    title = gettext_lazy("Продължете без отговор")
    button = gettext_lazy("Отбележете, че няма отговор")

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        question = case.questions.open().first()
        return question is not None and (question.answer_due_on is None or question.answer_due_on < today)

    @property
    def follows(self) -> str:
        if self.case.paused_at:
            return _(
                "Времето за отговор изтече. Срокът тръгва от днес, а преписката може да приключи без производство."
            )
        return _("Работата продължава с това, което се знае.")


class AnswerForm(CaseActionForm):
    action = "answer"
    fills = True
    title = gettext_lazy("Дайте решение или отговор")
    button = gettext_lazy("Запишете решението")

    # Chosen and filled in by the server, with another button: see `views.casework.case_fill`.
    template = KeptChoiceField(
        label=gettext_lazy("Започнете от образец"),
        queryset=AnswerTemplate.objects.none,
        kept=tuple,
        required=False,
        empty_label=gettext_lazy("без образец"),
        help_text=gettext_lazy(
            "Изберете и натиснете „Вмъкнете образеца“: добавя се след написаното и нищо не се записва. "
            "Допълнете местата, отбелязани с [допълнете]."
        ),
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Изход"), widget=forms.RadioSelect)
    answer = LongText(
        label=gettext_lazy("Решение или отговор с мотивите"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Подателят ще го прочете с кода си."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes: Any = self.fields["outcome"]
        allowed = OUTCOMES[self.case.kind]
        outcomes.choices = [(outcome.value, outcome_in_words(self.case.kind, outcome)) for outcome in allowed]
        if len(allowed) == 1:
            outcomes.initial = allowed[0].value
        templates: Any = self.fields["template"]
        templates.kept = partial(template_options, self.case.kind)
        templates.queryset = partial(AnswerTemplate.objects.to_choose, self.case.kind)

    def clean(self) -> dict[str, Any]:
        """From what an answer began is nothing of the answer; one that was left incomplete is not given."""
        cleaned = super().clean()
        cleaned.pop("template", None)
        if UNKNOWN in cleaned.get("answer", ""):
            self.add_error("answer", _("Допълнете местата, отбелязани с %(mark)s.") % {"mark": UNKNOWN})
        return cleaned

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        return case.kind == Kind.PRAISE or not case.is_anonymous

    @property
    def follows(self) -> str:
        if self.case.status == Status.REOPENED:
            return _("Новият отговор се добавя към първия, който остава, както е даден. После не се променя.")
        return _("След записа решението не се променя и подателят го вижда веднага с кода си.")


class NotifyForm(CaseActionForm):
    action = "notify"
    title = gettext_lazy("Отбележете, че подателят е уведомен")
    button = gettext_lazy("Отбележете уведомяването")

    how = forms.CharField(
        label=gettext_lazy("Как е уведомен подателят"),
        max_length=200,
        help_text=gettext_lazy("Например: лично на гише, по телефона."),
    )

    @property
    def follows(self) -> str:
        text = _("За уведомяване на място, по телефона или по друг начин; когато писмото тръгне по имейл, става само.")
        if self.case.kind == Kind.PRAISE:
            return text
        return f"{text} " + _("Оттогава тече времето, в което подателят може да поиска ново разглеждане.")


class CloseForm(CaseActionForm):
    action = "close"
    title = gettext_lazy("Приключете преписката")
    button = gettext_lazy("Приключете преписката")

    @property
    def follows(self) -> str:
        if self.case.kind == Kind.PRAISE:
            return _("Преписката излиза от списъка за работа.")
        text = _("Преписката излиза от списъка. До %(until)s подателят все още може да поиска ново разглеждане.")
        return text % {"until": day(reopen_until(self.case))}


class WithdrawalForm(CaseActionForm):
    action = "record_withdrawal"
    title = gettext_lazy("Запишете оттегляне")
    button = gettext_lazy("Запишете оттеглянето")
    follows = gettext_lazy("Преписката приключва без решение по волята на подателя. Това не може да се отмени.")

    how = forms.CharField(
        label=gettext_lazy("Как подателят я оттегли"),
        max_length=200,
        help_text=gettext_lazy("Например: с писмо вх. № 12 от 23.11.2026 г."),
    )
