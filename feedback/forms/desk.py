"""The forms of what officials do with a case; which of them fit when is said by feedback.life and by the actions."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.actions.desk import ends_for, extensions_for, longest_due_on
from feedback.actions.sender import reopen_until
from feedback.choices import OUTCOMES, EndReason, Extension, Kind, LetterKind, Means, Status, outcome_in_words
from feedback.forms.fields import LongText
from feedback.forms.units import UnitField
from feedback.letters import means_for
from feedback.letters.answers import UNKNOWN
from feedback.life import MOVES
from feedback.models import AnswerTemplate, Body, Case
from samokov_portal.legal.grounds import EndGround, ExtensionGround, SuspensionGround, suspensions_of
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.kept_choices import KeptChoiceField, kept_options
from samokov_portal.office.templatetags.bulgarian import day
from samokov_portal.staff.models import StaffUser

LONGEST_NAMES = Case._meta.get_field("forwarded_to").max_length or 0


class CaseActionForm(forms.Form):
    """The form of one change of a case; the fields only, buttons stand in the template."""

    action: str
    # Whether the answer may begin from a text of the editor.
    fills = False
    # What opens the form, what its button says, and what follows from it.
    title: Any
    button: Any
    follows: Any

    # The last event that the person had seen; when there is a later one, nothing is changed before they see it too.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The version of the case that they had before them, from which what changed meanwhile is told field by field.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        case: Case,
        by: StaffUser,
        today: date,
        seen: int | None,
        version: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{**kwargs, "prefix": self.action})
        self.case = case
        self.by = by
        self.today = today
        self.fields["seen"].initial = seen
        self.fields["version"].initial = version
        self.helper = plain_helper()

    @classmethod
    def fits(cls, case: Case, by: StaffUser, today: date) -> bool:
        """Whether to offer the change: the table of moves lets `by` make it now, and it is not sure to be refused."""
        move = MOVES[cls.action]
        if case.awaits_main and not move.tied:
            return False
        may = case.status in move.begins and any(by.has_perm(permission) for permission in move.permissions)
        return may and cls.facts_allow(case, by, today)

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        return True

    def is_stale(self) -> bool:
        """Whether the case has changed since the page with this form was opened."""
        sent = self["seen"].data if self.is_bound else None
        return bool(sent) and str(sent) != str(self.fields["seen"].initial or "")

    def clean(self) -> dict[str, Any]:
        """What the action takes: it knows nothing of versions."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.pop("version", None)
        return cleaned

    def what_the_sender_is_told(self) -> str:
        """One sentence, by the table of moves and by how this sender is reached."""
        tells, means = MOVES[self.action].tells, means_for(self.case)
        if tells is None:
            return _("Подателят не получава писмо, но вижда промяната, когато провери преписката с кода си.")
        if means is None:
            return _("Подателят не е дал данни за връзка: писмо няма, но с кода си вижда промяната.")
        texts = {
            Means.EMAIL: _("Подателят получава писмо по имейл („%(about)s“)."),
            Means.PAPER: _("За подателя се приготвя писмо на хартия („%(about)s“) – изпраща го деловодството."),
            Means.PHONE: _("Подателят се уведомява по телефона („%(about)s“) – обажда се деловодството."),
        }
        return texts[means[0]] % {"about": LetterKind(tells).label}


def staff_to_choose() -> Any:
    """Whom a case may be against, by name."""
    return StaffUser.objects.filter(is_active=True).order_by("last_name", "first_name", "username")


def article(ground: EndGround | ExtensionGround | SuspensionGround) -> str:
    """The article of a ground, marked where it is still to be compared with the law."""
    return ground.source if ground.verified else _("%s – за проверка") % ground.source


class AssignForm(CaseActionForm):
    action = "assign"
    title = gettext_lazy("Възложете на звено")
    button = gettext_lazy("Възложете")
    follows = gettext_lazy("Звеното поема преписката и отговаря за срока. Срокът не се променя.")

    unit = UnitField(label=gettext_lazy("Звено"))
    complained_of = KeptChoiceField(
        label=gettext_lazy("Служител, срещу когото е"),
        queryset=staff_to_choose(),
        kept=kept_options(staff_to_choose, "staff.StaffUser"),
        required=False,
        empty_label=gettext_lazy("не е срещу служител"),
        help_text=gettext_lazy(
            "Няма да вижда преписката и не може да решава по нея (АПК, чл. 113 – за проверка). Подателят не вижда това."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(UnitField, self.fields["unit"]).of_day(self.today)
        self.fields["unit"].initial = self.case.unit_id
        self.fields["complained_of"].initial = self.case.complained_of_id

    def clean_complained_of(self) -> StaffUser | None:
        """Whoever sends nothing of this field changes nothing of it: protection is lifted by choosing so only."""
        if self.add_prefix("complained_of") not in self.data:
            return self.case.complained_of
        found: StaffUser | None = self.cleaned_data["complained_of"]
        return found


class RequalifyForm(CaseActionForm):
    action = "requalify"
    title = gettext_lazy("Определете друг вид")
    button = gettext_lazy("Определете вида")
    follows = gettext_lazy(
        "Гледа се съдържанието, а не как го е нарекъл подателят. Срокът се брои от получаването по правилото за новия "
        "вид; номерът остава. Дните, в които срокът е стоял, не се губят."
    )

    kind = forms.ChoiceField(label=gettext_lazy("Какво е по съдържание"))
    reason = LongText(
        label=gettext_lazy("Защо"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Подателят ще го прочете."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", "---------"), *(pair for pair in Kind.choices if pair[0] != self.case.kind)]


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


class ForwardForm(CaseActionForm):
    action = "forward"
    title = gettext_lazy("Препратете на друг орган")
    button = gettext_lazy("Препратете")

    bodies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Компетентен орган"),
        queryset=Body.objects.to_choose(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Може повече от един: всеки получава своето писмо."),
    )
    reason = LongText(
        label=gettext_lazy("Защо се препраща"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Подателят и органът ще го прочетат."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies: Any = self.fields["bodies"]
        bodies.label_from_instance = body_in_words

    def clean_bodies(self) -> Any:
        bodies = self.cleaned_data["bodies"]
        if len("; ".join(body.name for body in bodies)) > LONGEST_NAMES:
            raise forms.ValidationError(_("Толкова органи наведнъж не може. Изберете по-малко."))
        return bodies

    @property
    def follows(self) -> str:
        text = _(
            "Срокът за препращане е до %(due)s (АПК, чл. 112 – за проверка). Преписката се брои за препратена, когато "
            "тръгне и последното писмо до избраните органи."
        )
        return text % {"due": day(self.case.forward_due_on)}

    def what_the_sender_is_told(self) -> str:
        if means_for(self.case) is None:
            return super().what_the_sender_is_told()
        return _("Подателят получава писмо, когато препращането наистина тръгне, не преди това.")


def body_in_words(body: Body) -> str:
    """The name of a body, with how the case will reach it where that is not by e-mail."""
    if body.email:
        return body.name
    if body.address:
        return _("%(name)s – на хартия") % {"name": body.name}
    return _("%(name)s – на хартия, адресът не е въведен") % {"name": body.name}


class ExtendForm(CaseActionForm):
    action = "extend"
    title = gettext_lazy("Удължете срока")
    button = gettext_lazy("Удължете срока")
    follows = gettext_lazy("Новият срок важи от днес; първоначалният остава записан и се вижда.")

    ground = forms.ChoiceField(label=gettext_lazy("Основание"), widget=forms.RadioSelect)
    due_on = forms.DateField(label=gettext_lazy("Нов краен срок"), help_text=gettext_lazy("Трябва да е работен ден."))
    reason = LongText(
        label=gettext_lazy("Причини"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Подателят ще ги прочете."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = extensions_for(self.case, self.by)
        self.latest = {ground.code: longest_due_on(self.case, ground) for ground in allowed}
        grounds: Any = self.fields["ground"]
        grounds.choices = [(ground.code, self._in_words(ground)) for ground in allowed]
        if len(allowed) == 1:
            grounds.initial = allowed[0].code

    def _in_words(self, ground: ExtensionGround) -> str:
        text = _("%(ground)s (%(article)s): най-късно до %(latest)s")
        latest = day(self.latest[ground.code])
        return text % {"ground": Extension(ground.code).label, "article": article(ground), "latest": latest}

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        if case.is_anonymous or case.due_on is None or case.due_on < today:
            return False
        return any(longest_due_on(case, ground) > case.due_on for ground in extensions_for(case, by))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        latest, due_on = self.latest.get(cleaned.get("ground", "")), cleaned.get("due_on")
        if latest is None or due_on is None or self.case.due_on is None:
            return cleaned
        if not self.case.due_on < due_on <= latest:
            message = _("Новият срок трябва да е след %(now)s и най-късно %(latest)s")
            days = {"now": day(self.case.due_on), "latest": day(latest)}
            self.add_error("due_on", forms.ValidationError(message, params=days))
        return cleaned


class EndForm(CaseActionForm):
    action = "end"
    title = gettext_lazy("Приключете без производство")
    button = gettext_lazy("Приключете без производство")
    follows = gettext_lazy("Преписката приключва без решение. Това не може да се отмени.")

    ground = forms.ChoiceField(label=gettext_lazy("Основание"), widget=forms.RadioSelect)
    reason = LongText(
        label=gettext_lazy("Пояснение"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Подателят ще го прочете."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = ends_for(self.case)
        grounds: Any = self.fields["ground"]
        grounds.choices = [(ground.code, f"{EndReason(ground.code).label} ({article(ground)})") for ground in allowed]
        if len(allowed) == 1:
            grounds.initial = allowed[0].code

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        return bool(ends_for(case))


class AnswerForm(CaseActionForm):
    action = "answer"
    fills = True
    title = gettext_lazy("Дайте решение или отговор")
    button = gettext_lazy("Запишете решението")

    # Chosen and filled in by the server, with another button: see `views.casework.case_fill`.
    template = forms.ModelChoiceField(
        label=gettext_lazy("Започнете от образец"),
        queryset=AnswerTemplate.objects.none(),
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
        templates.queryset = AnswerTemplate.objects.to_choose(self.case.kind)

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


# In the order in which they stand on the page; the most likely next one is put before them.
FORMS: tuple[type[CaseActionForm], ...] = (
    AnswerForm,
    RecordReplyForm,
    LapseForm,
    NotifyForm,
    CloseForm,
    AssignForm,
    AskForm,
    ForwardForm,
    ExtendForm,
    RequalifyForm,
    EndForm,
    WithdrawalForm,
)
