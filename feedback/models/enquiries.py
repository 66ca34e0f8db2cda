"""Questions and problems that people speak of at the counter or by phone: counted, with nobody's data."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.choices import RESULTS, TIMED, OralChannel, OralKind, OralResult
from feedback.querysets import OralEnquiryQuerySet

# What is older than this is no longer remembered well enough to be counted.
LOGGED_WITHIN = timedelta(days=7)


LONGEST_MINUTES = 600


class OralEnquiry(models.Model):
    """One question or problem raised on the spot or by phone. Rows are only added; the database refuses more."""

    kind = models.CharField(_("какво"), max_length=8, choices=OralKind.choices)
    channel = models.CharField(_("как"), max_length=7, choices=OralChannel.choices)
    asked_at = models.DateTimeField(_("кога"), db_index=True)
    minutes = models.PositiveSmallIntegerField(_("минути до отговора"), null=True, blank=True)
    result = models.CharField(_("резултат"), max_length=18, choices=OralResult.choices)
    unit = models.ForeignKey("services.Unit", models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("записал")
    )
    recorded_at = models.DateTimeField(_("записано на"))
    # Null where no form was used: unique values may then repeat.
    form_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    is_sample = models.BooleanField(_("примерно"), default=False, editable=False)

    objects = OralEnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("устен въпрос или проблем")
        verbose_name_plural = _("устни въпроси и проблеми")
        permissions = [("log_oralenquiry", "Can log a question or problem raised on the spot or by phone")]
        indexes = [
            models.Index(fields=["recorded_by", "-recorded_at"], name="feedback_oralenquiry_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=OralKind.QUESTION, result__in=RESULTS[OralKind.QUESTION])
                | Q(kind=OralKind.PROBLEM, result__in=RESULTS[OralKind.PROBLEM]),
                name="feedback_oralenquiry_result_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(result__in=TIMED, minutes__isnull=False, minutes__lte=LONGEST_MINUTES)
                | ~Q(result__in=TIMED) & Q(minutes=None),
                name="feedback_oralenquiry_minutes_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=OralChannel.values), name="feedback_oralenquiry_known_channel"
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(is_sample=True),
                name="feedback_oralenquiry_recorded_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__lte=F("recorded_at"), asked_at__gte=F("recorded_at") - LOGGED_WITHIN),
                name="feedback_oralenquiry_asked_lately",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.asked_at:%d.%m.%Y}"
