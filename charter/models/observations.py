"""What was seen on the spot: visits by a „mystery client“, check lists, samples of decisions that were read."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charter.choices import Method
from charter.models.texts import Standard
from charter.querysets import ObservationQuerySet
from samokov_portal.history import history


class Observation(models.Model):
    """Whether a promise was kept in one thing seen on one day. A mistaken one is withdrawn, never changed."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="observations", verbose_name=_("стандарт"))
    on = models.DateField(_("дата"))
    method = models.CharField(_("как"), max_length=10, choices=Method.choices)
    unit = models.ForeignKey("services.Unit", models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    is_kept = models.BooleanField(_("спазено"))
    minutes = models.PositiveSmallIntegerField(_("продължи, минути"), null=True, blank=True)
    note = models.TextField(_("какво е видяно"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("записал")
    )
    recorded_at = models.DateTimeField(_("записано на"))
    withdrawn_at = models.DateTimeField(_("оттеглено на"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("защо е оттеглено"), blank=True)
    is_sample = models.BooleanField(_("примерно"), default=False, editable=False)

    objects = ObservationQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("наблюдение")
        verbose_name_plural = _("наблюдения")
        permissions = [("record_observation", "Can record what was observed on the spot")]
        indexes = [models.Index(fields=["standard", "on"], name="charter_observation_counted")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | Q(withdrawn_at__gte=F("recorded_at")) & ~Q(withdrawal_reason=""),
                name="charter_observation_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard}: {self.on:%d.%m.%Y}"
