"""Asking the superior body to extend a term, and what it answered; the sender is told of extensions only."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.choices import Extension
from feedback.models.case import Case
from feedback.querysets import ExtensionRequestQuerySet
from samokov_portal.history import history


class ExtensionRequest(models.Model):
    """That whoever works on a case asked for a longer term. `is_granted` says the answer, null until there is one."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="extension_requests", verbose_name=_("преписка"))
    ground = models.CharField(_("основание"), max_length=30, choices=Extension.choices)
    due_on = models.DateField(_("поискан нов срок"))
    reason = models.TextField(_("защо"), max_length=2000)
    asked_at = models.DateTimeField(_("поискано на"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("кой иска"))
    is_granted = models.BooleanField(_("удължено"), null=True, blank=True)
    answered_at = models.DateTimeField(_("отговорено на"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("кой отговори"),
    )
    answer = models.TextField(_("отговор"), max_length=2000, blank=True)

    objects = ExtensionRequestQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("искане за удължаване")
        verbose_name_plural = _("искания за удължаване")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="feedback_extensionrequest_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, is_granted=None, answer="")
                | Q(answered_at__gte=F("asked_at"), answered_by__isnull=False, is_granted=True)
                | Q(answered_at__gte=F("asked_at"), answered_by__isnull=False, is_granted=False) & ~Q(answer=""),
                name="feedback_extensionrequest_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%d.%m.%Y}"
