"""What a citizen may type in; hints say before the field what follows from it. What a clerk enters: see frontdesk."""

from datetime import date, datetime
from functools import cache
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.choices import NAMED_KINDS, Kind
from feedback.forms.fields import LongText, OneLine, text_input
from feedback.forms.uploads import UploadForm
from feedback.models import Case
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.kept_choices import KeptChoiceField, kept_options
from samokov_portal.office.spam import SpamGuard
from services.models import Service, Settlement

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
# What a clerk registers also from somebody who gives no name, though nothing may follow (АПК, чл. 111, ал. 4).
NAMELESS_KINDS = frozenset({Kind.SIGNAL, Kind.PROPOSAL})
EARLIEST = date(1990, 1, 1)


def services_by_name() -> Any:
    return Service.objects.order_by("name", "pk")


def standards() -> Any:
    """The promises of the charter; reached through the foreign key, because the arrow forbids importing them."""
    # A new one each time: a queryset keeps the rows that it has read.
    return _standards().all()


@cache
def _standards() -> Any:
    model: Any = Case._meta.get_field("standard").related_model
    return model.objects.in_force()


class MatterForm(UploadForm):
    """What the case is about and from whom: the fields of Case that a person fills in."""

    contact_legend: Any = _("Как да Ви отговорим")

    subject = OneLine(label=_("Накратко, за какво става дума"), max_length=120)
    text = LongText(
        label=_("Опишете го с Ваши думи"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Не пишете ЕГН и здравни данни – не са ни нужни. До 10 000 знака."),
    )
    act_reference = OneLine(
        label=_("Кой акт оспорвате"), max_length=200, help_text=_("Номер, дата и кой го е издал, ако ги знаете.")
    )
    happened_on = forms.DateField(
        label=_("Кога се случи"),
        required=False,
        help_text=_(
            "Например 23.11.2026. По закон за нарушение отпреди повече от две години не се образува производство."
        ),
    )
    settlement = KeptChoiceField(
        label=_("Населено място"),
        required=False,
        queryset=Settlement.objects.in_order,
        kept=kept_options(Settlement.objects.in_order, "services.Settlement"),
        empty_label=_("не е посочено"),
    )
    place = OneLine(
        label=_("Улица, номер или ориентир"), max_length=200, required=False, help_text=_("За да Ви разберем къде е.")
    )
    service = KeptChoiceField(
        label=_("За коя услуга се отнася"),
        required=False,
        queryset=services_by_name,
        kept=kept_options(services_by_name, "services.Service"),
        empty_label=_("не се отнася за услуга"),
    )
    standard: Any = KeptChoiceField(
        label=_("Кое обещание от хартата"),
        required=False,
        queryset=standards,
        kept=kept_options(standards, "charter.Standard", "charter.CharterVersion"),
        empty_label=_("не мога да преценя"),
    )
    name = OneLine(label=_("Име и фамилия"), max_length=150, widget=text_input(autocomplete="name"))
    email = forms.EmailField(
        label=_("Имейл"), max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = OneLine(
        label=_("Телефон"), max_length=40, required=False, widget=text_input(type="tel", autocomplete="tel")
    )
    address = OneLine(
        label=_("Адрес за писма"), max_length=250, required=False, widget=text_input(autocomplete="address-line1")
    )

    def __init__(self, *args: Any, kind: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.now = now
        for name in ANY_MATTER.difference(MATTER[kind]):
            del self.fields[name]
        self._say_what_follows()
        self._word()
        self.helper = plain_helper()
        self.helper.layout = Layout(
            "token",
            *self.leading(),
            Fieldset(_("За какво се отнася"), *MATTER[kind]),
            Fieldset(self.contact_legend, *self.contact()),
            Fieldset(_("Снимки и документи"), "attachments"),
        )

    def leading(self) -> tuple[Any, ...]:
        """What stands before the matter; a citizen's form has nothing there."""
        return ()

    def contact(self) -> tuple[Any, ...]:
        """What asks from whom it is."""
        return CONTACT

    def must_be_reachable(self) -> bool:
        """Whether there must be a way to answer, as far as the fields that were checked say."""
        return self.kind in NAMED_KINDS

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

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if "://" in name or "www." in name.lower():
            raise forms.ValidationError(_("Напишете само името, без адреси на страници."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reachable = any(cleaned.get(name) or name in self.errors for name in REACHED_BY)
        if self.must_be_reachable() and not reachable:
            self.add_error("email", _("Напишете поне едно: имейл, телефон или адрес, за да можем да Ви отговорим."))
        return cleaned

    def case_values(self) -> dict[str, Any]:
        """The values of Case that were filled in."""
        named = {name: self.cleaned_data[name] for name in (*MATTER[self.kind], *CONTACT)}
        return {"kind": self.kind, **named}


class FilingForm(SpamGuard, MatterForm):
    """What a citizen files themselves."""
