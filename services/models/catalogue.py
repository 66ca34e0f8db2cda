"""The catalogue of services and who provides them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from samokov_portal.legal.terms import TERMS, Term
from samokov_portal.legal.terms import Unit as TermUnitCode
from services.choices import (
    ORDERED_FIELDS,
    ORDERS,
    WAYS,
    Confidence,
    DetailField,
    NumberConfidence,
    NumberStatus,
    SettlementKind,
    Speed,
    TermUnit,
    UnitKind,
    Variant,
)
from services.querysets import (
    ServiceGroupQuerySet,
    ServiceOfferQuerySet,
    ServiceQuerySet,
    SettlementQuerySet,
    UnitQuerySet,
)

# The fixed rate of the euro (Regulation on the conversion rate, in force 01.01.2026).
LEVA_PER_EURO = Decimal("1.95583")
OWN = "samokov"
# Stored with each application, so it does not follow the language of the page.
OWN_TERM_SOURCE = "срок, обявен от Община Самоков"


def euro(leva: Decimal) -> Decimal:
    """`leva` in euro at the fixed rate, rounded half up to the second decimal."""
    return (leva / LEVA_PER_EURO).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class Unit(models.Model):
    """A directorate, department, desk or mayoralty; the municipality itself is the root."""

    code = models.SlugField(_("код"), unique=True)
    name = models.CharField(_("наименование"), max_length=200)
    short_name = models.CharField(_("кратко наименование"), max_length=60)
    name_en = models.CharField(_("наименование на английски"), max_length=200, blank=True)
    short_name_en = models.CharField(_("кратко наименование на английски"), max_length=60, blank=True)
    kind = models.CharField(_("вид"), max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("част от"))
    address = models.CharField(_("адрес"), max_length=200, blank=True)
    email = models.EmailField(_("имейл"), blank=True)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    working_hours = models.CharField(_("работно време"), max_length=200, blank=True)
    source = models.CharField(_("източник"), max_length=300)
    confidence = models.CharField(_("сигурност"), max_length=1, choices=Confidence.choices)
    note = models.TextField(_("бележка"), blank=True)
    valid_from = models.DateField(_("съществува от"), null=True, blank=True)
    valid_until = models.DateField(
        _("до, без този ден"), null=True, blank=True, help_text=_("Празно, докато звеното съществува.")
    )

    objects = UnitQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("звено")
        verbose_name_plural = _("звена")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=UnitKind.MUNICIPALITY, parent=None)
                | ~Q(kind=UnitKind.MUNICIPALITY) & Q(parent__isnull=False),
                name="services_unit_only_municipality_is_root",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind=UnitKind.MUNICIPALITY), name="services_unit_one_municipality"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="services_unit_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_there_on(self, on: date) -> bool:
        """Whether there is such a unit on a day; one without a first or a last day was before or is still."""
        return (self.valid_from or on) <= on and (self.valid_until is None or on < self.valid_until)


class UnitMember(models.Model):
    """In which unit a member of staff works; an expert sees the cases of this unit only."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("служител"))
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("звено"))

    history = history()

    class Meta:
        verbose_name = _("служител в звено")
        verbose_name_plural = _("служители в звена")

    def __str__(self) -> str:
        return f"{self.user}: {self.unit}"


class Settlement(models.Model):
    ekatte = models.CharField(_("ЕКАТТЕ"), max_length=5, unique=True)
    kind = models.CharField(_("вид"), max_length=4, choices=SettlementKind.choices)
    name = models.CharField(_("име"), max_length=60)
    name_en = models.CharField(_("име на латиница"), max_length=60, blank=True)
    postal_code = models.CharField(_("пощенски код"), max_length=4, blank=True)
    mayoralty = models.CharField(_("кметство"), max_length=60, blank=True)
    source = models.CharField(_("източник"), max_length=300)

    objects = SettlementQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("населено място")
        verbose_name_plural = _("населени места")

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class ServiceGroup(models.Model):
    code = models.SlugField(_("код"), unique=True)
    name = models.CharField(_("наименование"), max_length=120)
    name_en = models.CharField(_("наименование на английски"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("ред"))

    objects = ServiceGroupQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("група услуги")
        verbose_name_plural = _("групи услуги")

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """An entry of the catalogue. What is said of it stands in its details, each with its source."""

    slug = models.SlugField(_("адрес на страницата"), max_length=90, unique=True)
    number = models.CharField(_("номер в Регистъра на услугите"), max_length=6, blank=True)
    number_status = models.CharField(_("сигурност на номера"), max_length=12, choices=NumberStatus.choices)
    number_confidence = models.CharField(
        _("доказаност на номера"), max_length=6, choices=NumberConfidence.choices, blank=True
    )
    name = models.CharField(_("наименование"), max_length=300)
    name_en = models.CharField(_("наименование на английски"), max_length=300, blank=True)
    group = models.ForeignKey(ServiceGroup, models.PROTECT, verbose_name=_("група"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    own_term_amount = models.PositiveSmallIntegerField(_("собствен срок"), null=True, blank=True)
    own_term_unit = models.CharField(_("в какво е срокът"), max_length=15, choices=TermUnit.choices, blank=True)
    own_term_from = models.DateField(_("срокът важи от"), null=True, blank=True)
    is_complex = models.BooleanField(
        _("комплексна административна услуга"), null=True, blank=True, help_text=_("Празно, докато не е известно.")
    )
    checked_on = models.DateField(
        _("проверена на"),
        null=True,
        blank=True,
        help_text=_("Кога Общината последно е сверила описанието с действащите документи."),
    )
    sources = ArrayField(models.CharField(max_length=400), verbose_name=_("източници"), default=list, blank=True)
    note = models.TextField(_("бележка"), blank=True)

    objects = ServiceQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("административна услуга")
        verbose_name_plural = _("административни услуги")
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="services_service_number_once"),
            models.CheckConstraint(
                condition=Q(own_term_amount=None, own_term_unit="")
                | Q(own_term_amount__isnull=False, own_term_amount__gt=0) & ~Q(own_term_unit=""),
                name="services_service_own_term_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("services:detail", args=[self.slug])

    @property
    def term(self) -> Term:
        """The term promised for this service by the municipality itself, else the general one of АПК, чл. 57."""
        if self.own_term_amount is None:
            return TERMS["act-default"]
        return own_term(self.own_term_amount, self.own_term_unit, self.own_term_from)


def own_term(amount: int, unit: str, valid_from: date | None) -> Term:
    """A term that the municipality itself announced."""
    return Term("service-own", amount, TermUnitCode(unit), OWN_TERM_SOURCE, valid_from, verified=True)


class ServiceOffer(models.Model):
    """A kind of order in which the municipality itself offers a service: its term, if it has one of its own, and fee.

    Without a row a service is offered as an ordinary one, by `Service.term`, and nothing is known of its fee. What is
    not known is left empty, never guessed: fees of before 2026 are in leva and stand among the details.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="offers", verbose_name=_("услуга"))
    speed = models.CharField(_("поръчка"), max_length=8, choices=Speed.choices)
    term_amount = models.PositiveSmallIntegerField(_("срок"), null=True, blank=True)
    term_unit = models.CharField(_("в какво е срокът"), max_length=15, choices=TermUnit.choices, blank=True)
    fee = models.DecimalField(
        _("такса в евро"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Празно, когато не е известна. 0,00, когато услугата е безплатна."),
    )
    valid_from = models.DateField(_("важи от"), null=True, blank=True)
    source = models.CharField(_("източник"), max_length=300)

    objects = ServiceOfferQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("вид поръчка на услуга")
        verbose_name_plural = _("видове поръчки на услуги")
        constraints = [
            models.UniqueConstraint(fields=["service", "speed"], name="services_serviceoffer_once"),
            models.CheckConstraint(condition=Q(speed__in=Speed.values), name="services_serviceoffer_known_speed"),
            models.CheckConstraint(
                condition=Q(term_amount=None, term_unit="", speed=Speed.ORDINARY)
                | Q(term_amount__isnull=False, term_amount__gt=0) & ~Q(term_unit=""),
                name="services_serviceoffer_quicker_has_a_term",
            ),
            models.CheckConstraint(
                condition=Q(fee=None) | Q(fee__gte=0), name="services_serviceoffer_fee_not_negative"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="services_serviceoffer_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_speed_display()}"

    @property
    def term(self) -> Term:
        """The term of this kind of order, else that of the service."""
        if self.term_amount is None:
            return self.service.term
        return own_term(self.term_amount, self.term_unit, self.valid_from)


class ServiceDetail(models.Model):
    """One statement about a service: whose it is, where it was seen, and whether it is sure."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="details", verbose_name=_("услуга"))
    field = models.CharField(_("какво"), max_length=12, choices=DetailField.choices)
    variant = models.CharField(
        _("за коя поръчка или начин"),
        max_length=8,
        choices=Variant.choices,
        blank=True,
        help_text=_("Вид на поръчката – само за срок и такса; начин на подаване – само за „къде и как“."),
    )
    text = models.TextField(_("текст"))
    provider = models.CharField(
        _("по данни на"),
        max_length=80,
        blank=True,
        help_text=_("„samokov“ за данни на Община Самоков; името на друга община; празно за общото по закон."),
    )
    is_verified = models.BooleanField(_("видяно в източник"), default=False)
    source = models.CharField(_("източник"), max_length=400, blank=True)
    leva = ArrayField(
        models.DecimalField(max_digits=10, decimal_places=2), verbose_name=_("суми в лева"), default=list, blank=True
    )

    history = history()

    class Meta:
        verbose_name = _("данни за услуга")
        verbose_name_plural = _("данни за услуги")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "field", "variant", "provider"], name="services_servicedetail_once"
            ),
            models.CheckConstraint(
                condition=Q(variant="")
                | Q(field__in=ORDERED_FIELDS, variant__in=ORDERS)
                | Q(field=DetailField.CHANNELS, variant__in=WAYS),
                name="services_servicedetail_variant_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.text}"

    @property
    def is_own(self) -> bool:
        """Whether Община Самоков itself says so."""
        return self.provider == OWN

    @property
    def is_foreign(self) -> bool:
        """Whether this belongs to another municipality and must not be shown as Самоков's."""
        return self.provider not in (OWN, "")

    @property
    def amounts(self) -> list[tuple[Decimal, Decimal]]:
        """The amounts in the text as pairs (leva, euro at the fixed rate)."""
        return [(leva, euro(leva)) for leva in self.leva]
