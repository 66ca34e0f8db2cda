"""The catalogue of services, who provides them, and the applications logged at the desk."""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from samokov_portal.legal.terms import TERMS, Term
from samokov_portal.legal.terms import Unit as TermUnitCode
from samokov_portal.office.choices import Channel
from services.choices import (
    ApplicationOutcome,
    Confidence,
    DetailField,
    NumberConfidence,
    NumberStatus,
    Purpose,
    SettlementKind,
    TermUnit,
    UnitKind,
)
from services.querysets import (
    ApplicationQuerySet,
    ServiceGroupQuerySet,
    ServiceQuerySet,
    SettlementQuerySet,
    UnitQuerySet,
    VisitQuerySet,
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
    kind = models.CharField(_("вид"), max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("част от"))
    address = models.CharField(_("адрес"), max_length=200, blank=True)
    email = models.EmailField(_("имейл"), blank=True)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    working_hours = models.CharField(_("работно време"), max_length=200, blank=True)
    source = models.CharField(_("източник"), max_length=300)
    confidence = models.CharField(_("сигурност"), max_length=1, choices=Confidence.choices)
    note = models.TextField(_("бележка"), blank=True)

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
        ]

    def __str__(self) -> str:
        return self.name


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
    group = models.ForeignKey(ServiceGroup, models.PROTECT, verbose_name=_("група"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    own_term_amount = models.PositiveSmallIntegerField(_("собствен срок"), null=True, blank=True)
    own_term_unit = models.CharField(_("в какво е срокът"), max_length=15, choices=TermUnit.choices, blank=True)
    own_term_from = models.DateField(_("срокът важи от"), null=True, blank=True)
    sources = ArrayField(models.CharField(max_length=400), verbose_name=_("източници"), default=list, blank=True)
    note = models.TextField(_("бележка"), blank=True)

    objects = ServiceQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("административна услуга")
        verbose_name_plural = _("административни услуги")
        indexes = [GinIndex(fields=["name"], name="services_service_name_trgm", opclasses=["gin_trgm_ops"])]
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
        return Term(
            code="service-own",
            amount=self.own_term_amount,
            unit=TermUnitCode(self.own_term_unit),
            source=OWN_TERM_SOURCE,
            valid_from=self.own_term_from,
            verified=True,
        )


class ServiceDetail(models.Model):
    """One statement about a service: whose it is, where it was seen, and whether it is sure."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="details", verbose_name=_("услуга"))
    field = models.CharField(_("какво"), max_length=12, choices=DetailField.choices)
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
            models.UniqueConstraint(fields=["service", "field", "provider"], name="services_servicedetail_once"),
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


class Application(models.Model):
    """A request for a service, logged at the desk, with the promise made on receipt."""

    number = models.CharField(_("регистрационен номер"), max_length=20, unique=True)
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("услуга"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    applicant_name = models.CharField(_("заявител"), max_length=150)
    applicant_contact = models.CharField(_("телефон или имейл"), max_length=150, blank=True)
    channel = models.CharField(_("начин на подаване"), max_length=10, choices=Channel.choices)
    waited_minutes = models.PositiveSmallIntegerField(_("чакане на гише, минути"), null=True, blank=True)
    received_at = models.DateTimeField(_("постъпило на"))
    registered_at = models.DateTimeField(_("регистрирано на"))
    # Null where no form was used: unique values may then repeat.
    form_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    term_source = models.CharField(_("основание на срока"), max_length=120)
    term_version = models.CharField(_("редакция на срока"), max_length=60)
    # The last day in force, and the one promised on receipt; they differ when a decree moved days off.
    due_on = models.DateField(_("краен срок"))
    first_due_on = models.DateField(_("първоначален срок"))
    due_moved_at = models.DateTimeField(_("срокът е преместен на"), null=True, blank=True)
    # When the applicant was told the last day (АПК, чл. 26, ал. 1: owed where it takes more than seven days).
    due_told_at = models.DateTimeField(_("срокът е съобщен на"), null=True, blank=True)
    completed_at = models.DateTimeField(_("готово на"), null=True, blank=True)
    outcome = models.CharField(_("резултат"), max_length=10, choices=ApplicationOutcome.choices, blank=True)
    outcome_note = models.TextField(_("мотиви или бележка"), blank=True)
    handed_over_at = models.DateTimeField(_("получено на"), null=True, blank=True)
    is_sample = models.BooleanField(_("примерно"), default=False, editable=False)

    objects = ApplicationQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("заявление за услуга")
        verbose_name_plural = _("заявления за услуги")
        permissions = [
            ("view_all_applications", "Can see the applications of every unit"),
            ("log_application", "Can log an application at the desk"),
            ("complete_application", "Can complete and hand over an application"),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="services_application_received"),
            models.Index(fields=["due_on"], name="services_application_due"),
            models.Index(fields=["id"], condition=Q(is_sample=True), name="services_application_sample"),
            models.Index(fields=["due_on", "id"], condition=Q(completed_at=None), name="services_application_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_at__gte=F("received_at")), name="services_application_registered_after_receipt"
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("received_at")),
                name="services_application_completed_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=TruncDate("received_at"), first_due_on__gte=TruncDate("received_at")),
                name="services_application_due_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(due_on=F("first_due_on")) | Q(due_moved_at__isnull=False),
                name="services_application_due_moves_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(due_told_at=None) | Q(due_told_at__gte=F("received_at")),
                name="services_application_due_told_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(waited_minutes=None) | Q(channel=Channel.COUNTER),
                name="services_application_waited_at_counter",
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None, outcome="") | Q(completed_at__isnull=False) & ~Q(outcome=""),
                name="services_application_completed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at=None)
                | Q(
                    completed_at__isnull=False, handed_over_at__gte=F("completed_at"), outcome=ApplicationOutcome.READY
                ),
                name="services_application_handed_over_after_completed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("services:application", args=[self.number])


class Visit(models.Model):
    """One time that a person came to a counter about an application. Rows are only added; the database refuses more.

    It also refuses a visit before the application was received, and one that nobody recorded, unless it is a sample.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="visits", verbose_name=_("заявление"))
    at = models.DateTimeField(_("кога"))
    counter = models.CharField(_("гише"), max_length=40, blank=True)
    purpose = models.CharField(_("защо"), max_length=9, choices=Purpose.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("записал")
    )
    recorded_at = models.DateTimeField(_("записано на"))
    # Null where no form was used: unique values may then repeat.
    form_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    content_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = VisitQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("идване на гише")
        verbose_name_plural = _("идвания на гише")
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="services_visit_known_purpose"),
            models.CheckConstraint(condition=Q(recorded_at__gte=F("at")), name="services_visit_recorded_afterwards"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(purpose=Purpose.APPLY), name="services_visit_applied_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_purpose_display()}"
