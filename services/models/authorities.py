"""The authorities of the municipality, and who held each of them from when until when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from services.choices import AuthorityKind, Confidence
from services.querysets import AuthorityQuerySet, TenureQuerySet


class Authority(models.Model):
    """An office or a body of the municipality; who holds it stands in its tenures, so that it may be nobody known."""

    kind = models.CharField(_("орган"), max_length=12, choices=AuthorityKind.choices, unique=True)
    position = models.PositiveSmallIntegerField(_("ред"))
    address = models.CharField(_("адрес"), max_length=200, blank=True)
    email = models.EmailField(_("имейл"), blank=True)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    reception = models.CharField(_("приемно време"), max_length=200, blank=True)
    is_body = models.BooleanField(
        _("орган без един титуляр"), default=False, help_text=_("Например съвет: за него не се пита кой е на длъжност.")
    )
    note = models.TextField(_("бележка"), blank=True)
    source = models.CharField(_("източник"), max_length=300)
    confidence = models.CharField(_("сигурност"), max_length=1, choices=Confidence.choices)

    objects = AuthorityQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("орган на общината")
        verbose_name_plural = _("органи на общината")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AuthorityKind.values), name="services_authority_known_kind"),
            models.CheckConstraint(condition=~Q(source=""), name="services_authority_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Tenure(models.Model):
    """That somebody held an authority: the days [from_on, until_on), the last one open while they still hold it."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="tenures", verbose_name=_("орган"))
    holder = models.CharField(_("име"), max_length=150)
    from_on = models.DateField(_("от"), null=True, blank=True, help_text=_("Празно, когато началото не е известно."))
    until_on = models.DateField(
        _("до, без този ден"), null=True, blank=True, help_text=_("Празно, докато е на длъжност.")
    )
    source = models.CharField(_("източник"), max_length=300)
    confidence = models.CharField(_("сигурност"), max_length=1, choices=Confidence.choices)

    objects = TenureQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("мандат")
        verbose_name_plural = _("мандати")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gt=F("from_on")),
                name="services_tenure_ends_after_it_began",
            ),
            models.CheckConstraint(condition=~Q(holder="") & ~Q(source=""), name="services_tenure_says_who_and_whence"),
            # Two people do not hold one office on one day; an unknown beginning or end is open.
            ExclusionConstraint(
                name="services_tenure_one_at_a_time",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    (Func("from_on", "until_on", function="daterange", output_field=DateRangeField()), "&&"),
                ],
                violation_error_message=_("През част от това време друг е бил на тази длъжност."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority}: {self.holder}"
