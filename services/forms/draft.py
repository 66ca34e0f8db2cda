"""What may be said of a service in a draft: the service itself, its statements and its kinds of order.

The same forms read a page of the desk and a row of a file, so that both are refused for the same reasons.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samokov_portal.editing.forms import Mistake, Rows, WhyForm, mistakes_of
from samokov_portal.office.forms import plain_helper
from services.choices import (
    ORDERED_FIELDS,
    ORDERS,
    WAYS,
    DetailField,
    NumberConfidence,
    NumberStatus,
    Speed,
    TermUnit,
    Variant,
)
from services.documents import DETAIL_KEY, OFFER_KEY, Document, in_order, key_of, name_of_detail
from services.models import ServiceDetail, ServiceGroup, ServiceOffer, Unit

NONE = ("", "—")
MOST_DETAILS, MOST_OFFERS, MOST_SOURCES = 60, 3, 20
LONGEST_TERM = 999
Choices = list[tuple[str, Any]]


class Frame:
    """The groups, and the units of a day, read once for many forms; two queries."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.groups: Choices = list(ServiceGroup.objects.order_by("position").values_list("code", "name"))
        self.known = list(Unit.objects.order_by("name"))

    def units_beside(self, named: str) -> Choices:
        """The units that there are, and the one that is `named` already, so that it is not lost unseen."""
        there = [unit for unit in self.known if unit.is_there_on(self.on) or unit.code == named]
        return [NONE, *((unit.code, unit.name) for unit in there)]


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def one_kind_of_line_ends(text: str) -> str:
    """Browsers send other ends of lines than the catalogue has; that is no change."""
    return text.replace("\r\n", "\n")


class FrameForm(forms.Form):
    """The service itself."""

    name = forms.CharField(label=_("Наименование"), max_length=300)
    name_en = forms.CharField(label=_("Наименование на английски"), max_length=300, required=False)
    slug = forms.SlugField(
        label=_("Адрес на страницата"),
        max_length=90,
        help_text=_("Латински букви, цифри и тирета. После не се променя."),
    )
    number = forms.RegexField(
        r"^[0-9]{1,6}$", label=_("Номер в Регистъра на услугите"), required=False,
        error_messages={"invalid": _("Номерът е от една до шест цифри.")},
    )  # fmt: skip
    number_status = forms.ChoiceField(
        label=_("Сигурност на номера"), choices=NumberStatus.choices, initial=NumberStatus.UNKNOWN
    )
    number_confidence = forms.ChoiceField(
        label=_("Доказаност на номера"), choices=[NONE, *NumberConfidence.choices], required=False
    )
    group = forms.ChoiceField(label=_("Група"))
    unit = forms.ChoiceField(label=_("Звено"), required=False)
    own_term_amount = forms.IntegerField(
        label=_("Собствен срок"), required=False, min_value=1, max_value=LONGEST_TERM,
        help_text=_("Празно, ако важи общият срок по закон."),
    )  # fmt: skip
    own_term_unit = forms.ChoiceField(label=_("В какво е срокът"), choices=[NONE, *TermUnit.choices], required=False)
    own_term_from = day_field(_("Срокът важи от"))
    is_complex = forms.NullBooleanField(label=_("Комплексна административна услуга"), required=False)
    checked_on = day_field(_("Сверена с действащите документи на"))
    sources = forms.CharField(
        label=_("Източници"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("По един на ред.")
    )
    note = forms.CharField(
        label=_("Бележка"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, frame: Frame, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["group"]
        unit: Any = self.fields["unit"]
        group.choices, unit.choices = frame.groups, frame.units_beside(self.initial.get("unit", ""))
        if not is_new:
            del self.fields["slug"]
        self.helper = plain_helper()

    def clean_note(self) -> str:
        return one_kind_of_line_ends(self.cleaned_data["note"])

    def clean_sources(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["sources"].splitlines() if line.strip()]
        if len(lines) > MOST_SOURCES or any(len(line) > 400 for line in lines):
            raise forms.ValidationError(_("Най-много 20 източника, всеки до 400 знака."))
        return lines

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("own_term_amount") is None) != (not cleaned.get("own_term_unit")):
            self.add_error("own_term_unit", _("Срокът се състои от число и мярка. Попълнете и двете или нито едното."))
        return cleaned

    def values(self) -> Document:
        """What it says as a document does."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


class DetailForm(forms.Form):
    """One statement about a service."""

    field = forms.ChoiceField(label=_("Какво"), choices=[NONE, *DetailField.choices])
    variant = forms.ChoiceField(label=_("За коя поръчка или начин"), choices=[NONE, *Variant.choices], required=False)
    provider = forms.CharField(
        label=_("По данни на"), max_length=80, required=False,
        help_text=ServiceDetail._meta.get_field("provider").help_text,
    )  # fmt: skip
    text = forms.CharField(label=_("Текст"), max_length=8000, widget=forms.Textarea(attrs={"rows": 3}))
    is_verified = forms.BooleanField(label=_("Видяно в източник"), required=False)
    source = forms.CharField(label=_("Източник"), max_length=400, required=False)
    leva = forms.CharField(
        label=_("Суми в лева"), required=False, max_length=200, help_text=_("Отделени с точка и запетая: 5,00; 10,00.")
    )

    def clean_text(self) -> str:
        return one_kind_of_line_ends(self.cleaned_data["text"])

    def clean_leva(self) -> list[str]:
        parts = [part.strip().replace(",", ".") for part in self.cleaned_data["leva"].split(";") if part.strip()]
        try:
            amounts = [Decimal(part) for part in parts]
            if not all(amount.is_finite() and 0 <= amount < 10**8 for amount in amounts):
                raise forms.ValidationError(_("Сумите са числа, отделени с точка и запетая."))
        except InvalidOperation:
            raise forms.ValidationError(_("Сумите са числа, отделени с точка и запетая.")) from None
        return [f"{amount:.2f}" for amount in amounts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        field, variant = cleaned.get("field"), cleaned.get("variant")
        fits = (field in ORDERED_FIELDS and variant in ORDERS) or (field == DetailField.CHANNELS and variant in WAYS)
        if variant and field and not fits:
            self.add_error("variant", _("Вид поръчка има само за срок и такса, начин – само за „Къде и как“."))
        return cleaned

    @property
    def known_as(self) -> str:
        """By what the row is known on the page; empty for a new one."""
        return name_of_detail(dict(self.initial)) if self.initial else ""

    def values(self) -> Document:
        """What it says as a document does."""
        return {name: self.cleaned_data[name] for name in (*DETAIL_KEY, "text", "is_verified", "source", "leva")}


class AmountField(forms.DecimalField):
    """An amount with a point or, as people here write it, with a comma."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class OfferForm(forms.Form):
    """A kind of order in which the municipality offers the service."""

    speed = forms.ChoiceField(label=_("Поръчка"), choices=[NONE, *Speed.choices])
    term_amount = forms.IntegerField(label=_("Срок"), required=False, min_value=1, max_value=LONGEST_TERM)
    term_unit = forms.ChoiceField(label=_("В какво е срокът"), choices=[NONE, *TermUnit.choices], required=False)
    fee = AmountField(
        label=_("Такса в евро"), required=False, min_value=0, max_digits=8, decimal_places=2,
        help_text=ServiceOffer._meta.get_field("fee").help_text,
    )  # fmt: skip
    valid_from = day_field(_("Важи от"))
    source = forms.CharField(label=_("Източник"), max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_term = cleaned.get("term_amount") is not None
        if has_term != bool(cleaned.get("term_unit")):
            self.add_error("term_unit", _("Срокът се състои от число и мярка. Попълнете и двете или нито едното."))
        elif not has_term and cleaned.get("speed") != Speed.ORDINARY:
            self.add_error("term_amount", _("Бързата и експресната поръчка имат собствен срок."))
        return cleaned

    @property
    def known_as(self) -> str:
        """By what the row is known on the page; empty for a new one."""
        return str(Speed(self.initial["speed"]).label) if self.initial else ""

    def values(self) -> Document:
        """What it says as a document does."""
        plain = {name: _plain(self.cleaned_data[name]) for name in ("term_amount", "valid_from", "term_unit", "source")}
        fee = self.cleaned_data["fee"]
        return {"speed": self.cleaned_data["speed"], **plain, "fee": None if fee is None else f"{fee:.2f}"}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


class OnceEach(Rows):
    """Rows of which no two are about the same thing."""

    key: tuple[str, ...] = ()

    def clean(self) -> None:
        if any(self.errors):
            return
        seen: set[tuple[str, ...]] = set()
        for form in self.filled:
            key = key_of(form.cleaned_data, self.key)
            if key in seen:
                form.add_error(self.key[0], _("Това вече е казано по-горе. Съберете ги на едно място."))
            seen.add(key)

    def values(self) -> list[Document]:
        """What the rows say, in the order of every document."""
        return in_order(super().values(), self.key)


class Details(OnceEach):
    key = DETAIL_KEY


class Offers(OnceEach):
    key = OFFER_KEY


DetailSet: Any = forms.formset_factory(
    DetailForm, formset=Details, extra=2, max_num=MOST_DETAILS, absolute_max=MOST_DETAILS + 10, can_delete=True,
    validate_max=True,
)  # fmt: skip
OfferSet: Any = forms.formset_factory(
    OfferForm, formset=Offers, extra=1, max_num=MOST_OFFERS, absolute_max=10, can_delete=True, validate_max=True
)


class DraftForms:
    """The forms of one draft together."""

    def __init__(
        self, data: Any = None, *, document: Document | None = None, is_new: bool, why: str, seen: Any, on: date
    ) -> None:
        said = as_initial(document) if document else {"frame": {}, "details": [], "offers": []}
        self.slug = document["slug"] if document else ""
        self.frame = FrameForm(data, initial=said["frame"], frame=Frame(on), is_new=is_new)
        self.details = DetailSet(data, prefix="details", initial=said["details"])
        self.offers = OfferSet(data, prefix="offers", initial=said["offers"])
        self.why = WhyForm(data, initial={"why": why, "seen": seen})

    @property
    def is_valid(self) -> bool:
        """All of them are asked, so that every error is shown at once."""
        asked = [form.is_valid() for form in (self.frame, self.details, self.offers, self.why)]
        return all(asked)

    @property
    def errors(self) -> list[Mistake]:
        """What is to be mended, in the order of the page; nothing before anything was sent."""
        return list(mistakes_of((self.why, self.frame), (self.details, self.offers), self.why["why"]))

    def document(self) -> Document:
        """What they say together."""
        frame = self.frame.values()
        return {"slug": self.slug, **frame, "details": self.details.values(), "offers": self.offers.values()}


def as_initial(document: Document) -> dict[str, Any]:
    """What the forms show of a document."""
    frame = {**document, "sources": "\n".join(document["sources"])}
    details = [{**row, "leva": "; ".join(row["leva"])} for row in document["details"]]
    return {"frame": frame, "details": details, "offers": document["offers"]}
