"""The forms of what officials do with an application; which of them fit when is said by services.life."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samokov_portal.office.forms import plain_helper
from samokov_portal.office.templatetags.bulgarian import money
from samokov_portal.staff.models import StaffUser
from services.actions.work import LARGEST_FEE
from services.choices import GivenBy, PaidBy
from services.life import MOVES
from services.models import Application


class MoveForm(forms.Form):
    """The form of one move of an application; the fields only, buttons stand in the template."""

    action: str
    # What opens the form, what its button says, and what follows from it.
    title: Any
    button: Any
    follows: Any = ""

    # The last event that the person had seen; when there is a later one, nothing is changed before they see it too.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, application: Application, seen: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": self.action})
        self.application = application
        self.fields["seen"].initial = seen
        self.helper = plain_helper()

    @classmethod
    def fits(cls, application: Application, by: StaffUser, today: date) -> bool:
        """Whether to offer the move: the table lets `by` make it now, and it is not sure to be refused."""
        move = MOVES[cls.action]
        may = application.status in move.begins and any(by.has_perm(permission) for permission in move.by)
        return may and cls.facts_allow(application, today)

    @classmethod
    def facts_allow(cls, application: Application, today: date) -> bool:
        return True

    def what_the_applicant_is_told(self) -> str:
        """One sentence, by the table of moves; how a letter goes is for the outbox to know."""
        tells = MOVES[self.action].tells
        if tells is None:
            return ""
        if not self.application.applicant_contact:
            return _("Заявителят не е дал телефон или имейл, затова писмо няма: кажете му сами.")
        text = _("До заявителя тръгва писмо или, ако е дал само телефон, му се обажда деловодството („%(about)s“).")
        return text % {"about": tells.label}

    def is_stale(self) -> bool:
        """Whether the application has changed since the page with this form was opened."""
        sent = self["seen"].data if self.is_bound else None
        return bool(sent) and str(sent) != str(self.fields["seen"].initial or "")


class Words(forms.CharField):
    """Several lines of words that must be said."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(**{"max_length": 4000, "widget": widget, **kwargs})


class Amount(forms.DecimalField):
    """Euro and cents; a comma is as good as a point, in every language of the page."""

    def __init__(self, **kwargs: Any) -> None:
        limits = {"max_value": LARGEST_FEE, "max_digits": 8, "decimal_places": 2}
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{**limits, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).replace(",", ".") if value is not None else value)


class CheckForm(MoveForm):
    action = "check"
    title = gettext_lazy("Отбележете, че нищо не липсва")
    button = gettext_lazy("Проверено, започва работа")
    follows = gettext_lazy("Заявлението минава в работа. Срокът не се променя.")


class DefectsForm(MoveForm):
    action = "defects"
    title = gettext_lazy("Съобщете недостатъци")
    button = gettext_lazy("Спрете срока и съобщете")

    defects = Words(
        label=gettext_lazy("Какво липсва и как да се поправи"),
        help_text=gettext_lazy("Заявителят ще прочете точно това. Избройте всичко наведнъж, за да не идва втори път."),
    )

    @classmethod
    def facts_allow(cls, application: Application, today: date) -> bool:
        return today < application.due_on

    @property
    def follows(self) -> str:
        return _(
            "Срокът спира, докато заявителят отстрани недостатъците; времето за това е три дни (АПК, чл. 30 – за "
            "проверка). Ако не ги отстрани, заявлението може да остане без производство."
        )


class MendForm(MoveForm):
    action = "mend"
    title = gettext_lazy("Отбележете, че недостатъците са отстранени")
    button = gettext_lazy("Отстранени са")
    follows = gettext_lazy("Срокът тече отново от утре: днешният ден още не се брои.")

    how = Words(
        label=gettext_lazy("Какво беше донесено или поправено"),
        help_text=gettext_lazy("Например: донесено е пълномощно."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TellForm(MoveForm):
    action = "tell"
    title = gettext_lazy("Отбележете, че крайният срок е съобщен")
    button = gettext_lazy("Датата е съобщена")
    follows = gettext_lazy("Задължително, когато срокът е над 7 дни (АПК, чл. 26, ал. 1).")

    @classmethod
    def facts_allow(cls, application: Application, today: date) -> bool:
        return application.due_told_at is None


class FeeForm(MoveForm):
    action = "set_fee"
    title = gettext_lazy("Запишете дължимата такса")
    button = gettext_lazy("Запишете таксата")
    follows = gettext_lazy("Докато не е записана, страницата казва, че таксата не е известна.")

    fee = Amount(
        label=gettext_lazy("Дължима такса в евро"), min_value=0, help_text=gettext_lazy("0, когато е безплатно.")
    )
    reason = forms.CharField(
        label=gettext_lazy("По кой ред"),
        max_length=200,
        help_text=gettext_lazy("Например: Наредба № 12, чл. 15."),
    )


class PayForm(MoveForm):
    action = "pay"
    title = gettext_lazy("Отбележете плащане")
    button = gettext_lazy("Запишете плащането")

    paid = Amount(label=gettext_lazy("Платено общо, в евро"), min_value=Decimal("0.01"))
    paid_by = forms.ChoiceField(label=gettext_lazy("Как"), choices=PaidBy.choices)
    document = forms.CharField(
        label=gettext_lazy("Квитанция или платежно"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Номер и дата, ако има."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid"].initial = self.application.fee or None

    @property
    def follows(self) -> str:
        if self.application.paid is None:
            return ""
        text = _("Записано е плащане от %(paid)s. Новото го замества; старото остава в хода на заявлението.")
        return text % {"paid": money(self.application.paid, "€")}


class FinishForm(MoveForm):
    action = "finish"
    title = gettext_lazy("Документът е готов")
    button = gettext_lazy("Готов е")
    follows = gettext_lazy("Влиза в списъка на готовите документи, които чакат получаване.")

    note = Words(label=gettext_lazy("Бележка за заявителя"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class RefuseForm(MoveForm):
    action = "refuse"
    title = gettext_lazy("Откажете с мотиви")
    button = gettext_lazy("Запишете отказа")
    follows = gettext_lazy("Заявлението приключва с отказ. Това не може да се отмени.")

    reasons = Words(
        label=gettext_lazy("Мотиви за отказа"), help_text=gettext_lazy("Заявителят има право да ги знае (АПК, чл. 59).")
    )


class LeaveForm(MoveForm):
    action = "leave"
    title = gettext_lazy("Оставете без производство")
    button = gettext_lazy("Оставете без производство")
    follows = gettext_lazy("Времето за отстраняване на недостатъците изтече (АПК, чл. 30 – за проверка).")

    reason = Words(label=gettext_lazy("Причина"), widget=forms.Textarea(attrs={"rows": 2}))

    @classmethod
    def facts_allow(cls, application: Application, today: date) -> bool:
        return application.mend_due_on is not None and application.mend_due_on < today


class WithdrawForm(MoveForm):
    action = "withdraw"
    title = gettext_lazy("Запишете оттегляне")
    button = gettext_lazy("Запишете оттеглянето")
    follows = gettext_lazy("Заявлението приключва по волята на заявителя. Това не може да се отмени.")

    how = forms.CharField(
        label=gettext_lazy("Как заявителят го оттегли"),
        max_length=200,
        help_text=gettext_lazy("Например: лично на гише, с писмо вх. № 12 от 23.11.2026 г."),
    )


class HandOverForm(MoveForm):
    action = "hand_over"
    title = gettext_lazy("Предайте документа")
    button = gettext_lazy("Отбележете, че е получен")

    how = forms.ChoiceField(label=gettext_lazy("Как е получен"), choices=GivenBy.choices)
    note = forms.CharField(
        label=gettext_lazy("Бележка"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Например: получен от пълномощник."),
    )

    @property
    def follows(self) -> str:
        if not self.application.owes_fee:
            return ""
        return _("Таксата не е отбелязана като платена изцяло. Проверете, преди да предадете документа.")


# In the order in which they stand on the page.
FORMS: tuple[type[MoveForm], ...] = (
    CheckForm,
    HandOverForm,
    MendForm,
    LeaveForm,
    FinishForm,
    DefectsForm,
    RefuseForm,
    PayForm,
    FeeForm,
    TellForm,
    WithdrawForm,
)
