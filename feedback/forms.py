"""What a citizen may type in, and a clerk for them; hints say before the field what follows from it."""

from datetime import date, datetime
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions import longest_due_on
from feedback.choices import NAMED_KINDS, OUTCOMES, Kind, outcome_in_words
from feedback.models import Case
from samokov_portal.office.forms import OnceForm, ReceiptForm, plain_helper
from services.models import Service, Settlement, Unit

CONTACT = ("name", "email", "phone", "address")
REACHED_BY = CONTACT[1:]
# Which fields each kind asks for, in order.
MATTER: dict[str, tuple[str, ...]] = {
    Kind.SIGNAL: ("subject", "text", "happened_on", "settlement", "place", "service", "standard"),
    Kind.PROPOSAL: ("subject", "text", "settlement", "place", "service"),
    Kind.COMPLAINT: ("act_reference", "happened_on", "subject", "text", "service"),
    Kind.ENQUIRY: ("subject", "text", "service"),
    Kind.PRAISE: ("subject", "text", "settlement", "service", "standard"),
    Kind.INFORMATION: ("subject", "text"),
}
ANY_MATTER = frozenset(name for names in MATTER.values() for name in names)
EARLIEST = date(1990, 1, 1)


class LongText(forms.CharField):
    """Text of several lines, counted as a person counts it: a new line is one character.

    Browsers cut what is pasted over `maxlength` without a word, so the limit is said and checked here only.
    """

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


def text_input(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


def standards() -> Any:
    """The promises of the charter; reached through the foreign key, because the arrow forbids importing them."""
    model: Any = Case._meta.get_field("standard").related_model
    return model.objects.in_force()


class MatterForm(OnceForm):
    """What the case is about and from whom: the fields of Case that a person fills in."""

    contact_legend: Any = _("Как да Ви отговорим")

    subject = forms.CharField(label=_("Накратко, за какво става дума"), max_length=120)
    text = LongText(
        label=_("Опишете го с Ваши думи"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Не пишете ЕГН и здравни данни – не са ни нужни. До 10 000 знака."),
    )
    act_reference = forms.CharField(
        label=_("Кой акт оспорвате"), max_length=200, help_text=_("Номер, дата и кой го е издал, ако ги знаете.")
    )
    happened_on = forms.DateField(
        label=_("Кога се случи"),
        required=False,
        help_text=_(
            "Например 23.11.2026. По закон за нарушение отпреди повече от две години не се образува производство."
        ),
    )
    settlement = forms.ModelChoiceField(
        label=_("Населено място"),
        required=False,
        queryset=Settlement.objects.in_order(),
        empty_label=_("не е посочено"),
    )
    place = forms.CharField(
        label=_("Улица, номер или ориентир"), max_length=200, required=False, help_text=_("За да Ви разберем къде е.")
    )
    service = forms.ModelChoiceField(
        label=_("За коя услуга се отнася"),
        required=False,
        queryset=Service.objects.order_by("name"),
        empty_label=_("не се отнася за услуга"),
    )
    standard: Any = forms.ModelChoiceField(
        label=_("Кое обещание от хартата"), required=False, queryset=None, empty_label=_("не мога да преценя")
    )
    name = forms.CharField(label=_("Име и фамилия"), max_length=150, widget=text_input(autocomplete="name"))
    email = forms.EmailField(
        label=_("Имейл"), max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Телефон"), max_length=40, required=False, widget=text_input(type="tel", autocomplete="tel")
    )
    address = forms.CharField(
        label=_("Адрес за писма"), max_length=250, required=False, widget=text_input(autocomplete="address-line1")
    )

    def __init__(self, *args: Any, kind: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.now = now
        promises: Any = self.fields["standard"]
        promises.queryset = standards()
        for name in ANY_MATTER.difference(MATTER[kind]):
            del self.fields[name]
        self._say_what_follows()
        self._word()
        self.helper = plain_helper()
        self.helper.layout = Layout(
            "token",
            *self.leading(),
            Fieldset(_("За какво се отнася"), *MATTER[kind]),
            Fieldset(self.contact_legend, *CONTACT),
        )

    def leading(self) -> tuple[Any, ...]:
        """What stands before the matter; a citizen's form has nothing there."""
        return ()

    def _say_what_follows(self) -> None:
        if self.kind == Kind.COMPLAINT:
            self.fields["happened_on"].label = _("Кога Ви съобщиха акта")
            self.fields["happened_on"].help_text = _(
                "Например 23.11.2026. Актът се оспорва до 14 дни от съобщаването (АПК, чл. 84, ал. 1)."
            )
        if self.kind == Kind.PRAISE:
            self.fields["name"].required = False
            self.fields["name"].help_text = _("Може и без име.")
        else:
            for name in REACHED_BY:
                # Read by the template pack, which would otherwise say of each that it may be left empty.
                self.fields[name].is_one_of_several = True  # type: ignore[attr-defined]

    def _word(self) -> None:
        """Change labels and hints for whoever fills the form in; a citizen reads them as they are."""

    def clean_happened_on(self) -> date | None:
        happened_on: date | None = self.cleaned_data["happened_on"]
        if happened_on is not None and not EARLIEST <= happened_on <= timezone.localtime(self.now).date():
            raise forms.ValidationError(_("Проверете датата: тя трябва да е отминала и след 1990 г."))
        return happened_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reachable = any(cleaned.get(name) or name in self.errors for name in REACHED_BY)
        if self.kind in NAMED_KINDS and not reachable:
            self.add_error("email", _("Напишете поне едно: имейл, телефон или адрес, за да можем да Ви отговорим."))
        return cleaned

    def case_values(self) -> dict[str, Any]:
        """The values of Case that were filled in."""
        named = {name: self.cleaned_data[name] for name in (*MATTER[self.kind], *CONTACT)}
        return {"kind": self.kind, **named}


class LogForm(MatterForm, ReceiptForm):
    """What a clerk logs for a person; the kind is chosen before, because it decides the fields."""

    contact_legend = _("Подател")

    def _word(self) -> None:
        self.fields["channel"].widget.attrs["autofocus"] = not self.is_bound
        self.fields["text"].label = _("Какво съобщава човекът")
        self.fields["text"].help_text = _("Без ЕГН и здравни данни. До 10 000 знака.")
        if "place" in self.fields:
            self.fields["place"].help_text = ""
        # The browser must not offer the clerk's own data for somebody else.
        for name in CONTACT:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def leading(self) -> tuple[Any, ...]:
        return (Fieldset(_("Как и кога постъпи"), "channel", "received_at", "waited_minutes"),)

    def receipt_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("channel", "waited_minutes")}


class TrackForm(forms.Form):
    """Number and access code; the code is never in an address."""

    number = forms.CharField(
        label=_("Регистрационен номер"),
        max_length=30,
        help_text=_("Например С-2026-000123, както е на разписката."),
        widget=text_input(autocomplete="off", autocapitalize="characters", spellcheck="false"),
    )
    code = forms.CharField(
        label=_("Код за достъп"),
        max_length=40,
        help_text=_("Шестнайсет букви и цифри от разписката. Тирета и главни букви нямат значение."),
        widget=text_input(autocomplete="off", autocapitalize="characters", spellcheck="false"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class WorkListFilter(forms.Form):
    """Filters of the work list; what makes no sense is ignored."""

    kind = forms.ChoiceField(label=_("Вид"), required=False, choices=[("", _("всички")), *Kind.choices])
    unit = forms.ModelChoiceField(
        label=_("Звено"),
        required=False,
        queryset=Unit.objects.in_order(),
        to_field_name="code",
        empty_label=_("всички"),
    )
    number = forms.CharField(label=_("Номер"), required=False, max_length=30)
    after = forms.RegexField(r"(\d{4}-\d\d-\d\d)?~\d{1,18}", required=False, widget=forms.HiddenInput)

    def clean_after(self) -> tuple[date | None, int] | None:
        """The last day and the key of the last case on the page before; None when the list begins."""
        if not self.cleaned_data["after"]:
            return None
        due_on, _tilde, key = self.cleaned_data["after"].partition("~")
        try:
            return (date.fromisoformat(due_on) if due_on else None, int(key))
        except ValueError as error:
            raise forms.ValidationError(_("Няма такъв ден.")) from error


class CaseActionForm(forms.Form):
    """The form of one change of a case; the fields only, buttons stand in the template."""

    action: str
    permission: str
    # What opens the form, and what its button says.
    title: Any
    button: Any

    # The last event that the person had seen; when there is a later one, nothing is changed before they see it too.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": self.action})
        self.case = case
        self.fields["seen"].initial = case.last_event_id()
        self.helper = plain_helper()


class AssignForm(CaseActionForm):
    action = "assign"
    permission = "feedback.assign_case"
    title = _("Възложете на звено")
    button = _("Възложете")

    unit = forms.ModelChoiceField(label=_("Звено"), queryset=Unit.objects.exclude(parent=None).order_by("name"))


class ForwardForm(CaseActionForm):
    action = "forward"
    permission = "feedback.forward_case"
    title = _("Препратете на друг орган")
    button = _("Отбележете препращането")

    body = forms.CharField(label=_("Компетентен орган"), max_length=200)
    reason = LongText(
        label=_("Защо се препраща"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Подателят ще го прочете."),
    )


class ExtendForm(CaseActionForm):
    action = "extend"
    permission = "feedback.extend_case"
    title = _("Удължете срока")
    button = _("Удължете срока")

    due_on = forms.DateField(label=_("Нов краен срок"), help_text=_("Например 23.11.2026."))
    reason = LongText(
        label=_("Особено важни причини"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Подателят ще ги прочете."),
    )

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        latest = longest_due_on(self.case)
        if self.case.due_on is not None and latest is not None and not self.case.due_on < due_on <= latest:
            raise forms.ValidationError(
                _("Новият срок трябва да е след %(now)s г. и най-късно %(latest)s г."),
                params={"now": f"{self.case.due_on:%d.%m.%Y}", "latest": f"{latest:%d.%m.%Y}"},
            )
        return due_on


class AnswerForm(CaseActionForm):
    action = "answer"
    permission = "feedback.answer_case"
    title = _("Дайте решение или отговор")
    button = _("Запишете решението")

    outcome = forms.ChoiceField(label=_("Изход"), widget=forms.RadioSelect)
    answer = LongText(
        label=_("Решение или отговор с мотивите"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Подателят ще го прочете с кода си."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes: Any = self.fields["outcome"]
        outcomes.choices = [
            (outcome.value, outcome_in_words(self.case.kind, outcome)) for outcome in OUTCOMES[self.case.kind]
        ]


class CloseForm(CaseActionForm):
    action = "close"
    permission = "feedback.answer_case"
    title = _("Уведомете подателя и приключете")
    button = _("Приключете преписката")

    how = forms.CharField(
        label=_("Как е уведомен подателят"), max_length=200, help_text=_("Например: с писмо по пощата, по телефона.")
    )
