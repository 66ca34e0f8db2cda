"""The forms of what officials do with a case themselves: whose it is, what it is, how long it takes, where it goes."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.actions.desk import ends_for, extensions_for, longest_due_on
from feedback.choices import EndReason, Extension, Kind
from feedback.forms.changes import CaseActionForm, article
from feedback.forms.fields import LongText
from feedback.forms.units import UnitField
from feedback.letters import means_for
from feedback.models import Body, Case
from samokov_portal.legal.grounds import ExtensionGround
from samokov_portal.office.kept_choices import KeptChoiceField, KeptMultipleField, Options, kept_options
from samokov_portal.office.templatetags.bulgarian import day
from samokov_portal.pagestore import remembered
from samokov_portal.staff.models import StaffUser

LONGEST_NAMES = Case._meta.get_field("forwarded_to").max_length or 0


def staff_to_choose() -> Any:
    """Whom a case may be against, by name."""
    return StaffUser.objects.filter(is_active=True).order_by("last_name", "first_name", "username")


@remembered("feedback.Body")
def body_options() -> Options:
    return tuple((str(body.pk), body_in_words(body)) for body in Body.objects.to_choose())


def body_in_words(body: Body) -> str:
    """The name of a body, with how the case will reach it where that is not by e-mail."""
    if body.email:
        return body.name
    if body.address:
        return _("%(name)s – на хартия") % {"name": body.name}
    return _("%(name)s – на хартия, адресът не е въведен") % {"name": body.name}


class AssignForm(CaseActionForm):
    action = "assign"
    title = gettext_lazy("Възложете на звено")
    button = gettext_lazy("Възложете")
    follows = gettext_lazy("Звеното поема преписката и отговаря за срока. Срокът не се променя.")

    unit = UnitField(label=gettext_lazy("Звено"))
    complained_of = KeptChoiceField(
        label=gettext_lazy("Служител, срещу когото е"),
        queryset=staff_to_choose,
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
        kinds.choices = [("", _("изберете")), *(pair for pair in Kind.choices if pair[0] != self.case.kind)]


class ForwardForm(CaseActionForm):
    action = "forward"
    title = gettext_lazy("Препратете на друг орган")
    button = gettext_lazy("Препратете")

    bodies = KeptMultipleField(
        label=gettext_lazy("Компетентен орган"),
        queryset=Body.objects.to_choose,
        kept=body_options,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Може повече от един: всеки получава своето писмо."),
    )
    reason = LongText(
        label=gettext_lazy("Защо се препраща"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Подателят и органът ще го прочетат."),
    )

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
