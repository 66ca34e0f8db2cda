"""Consultations on a draft of the charter: what is proposed, what people say of it, and what each is answered."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.choices import ConsultationStage, Response
from charter.querysets import CommentQuerySet, ConsultationQuerySet
from samokov_portal.history import history

LONGEST_COMMENT = 4000


def _person(name: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=name
    )


class Consultation(models.Model):
    """A draft on which people may comment between two days. Once announced, what it proposes does not change."""

    title = models.CharField(_("заглавие"), max_length=200)
    why = models.TextField(_("какво се променя и защо"), max_length=4000)
    opens_on = models.DateField(_("коментари от"))
    closes_on = models.DateField(_("коментари до, включително"))
    announced_at = models.DateTimeField(_("обявена на"), null=True, blank=True)
    # The table of comments and answers is published as a whole.
    answered_at = models.DateTimeField(_("отговорите са публикувани на"), null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("обсъждане на хартата")
        verbose_name_plural = _("обсъждания на хартата")
        permissions = [("conduct_consultation", "Can announce a consultation and answer its comments")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="charter_consultation_days_follow"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(announced_at__isnull=False, answered_at__gte=F("announced_at")),
                name="charter_consultation_answered_after_announcing",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("charter:consultation", args=[self.pk])

    def stage(self, today: date) -> ConsultationStage:
        """Where it stands on `today` (in Europe/Sofia)."""
        if self.announced_at is None:
            return ConsultationStage.DRAFT
        if self.answered_at is not None:
            return ConsultationStage.ANSWERED
        if today < self.opens_on:
            return ConsultationStage.ANNOUNCED
        return ConsultationStage.OPEN if today <= self.closes_on else ConsultationStage.CLOSED


class DraftPassage(models.Model):
    """A part of the draft: what stands in the charter now (nothing, if it is new) beside what is proposed."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="passages", verbose_name=_("обсъждане"))
    position = models.PositiveSmallIntegerField(_("ред"))
    heading = models.CharField(_("за какво е"), max_length=200)
    current = models.TextField(_("сега"), max_length=4000, blank=True)
    proposed = models.TextField(_("предложение"), max_length=4000, blank=True)

    history = history()

    class Meta:
        verbose_name = _("предложение в проект")
        verbose_name_plural = _("предложения в проект")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "position"], name="charter_draftpassage_place_once"),
            models.CheckConstraint(condition=~Q(current=F("proposed")), name="charter_draftpassage_changes_something"),
        ]

    def __str__(self) -> str:
        return self.heading


class Comment(models.Model):
    """What somebody said of a draft. The words stay as they came; a comment that breaks the law is hidden."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments", verbose_name=_("обсъждане"))
    passage = models.ForeignKey(
        DraftPassage, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("към")
    )
    number = models.PositiveIntegerField(_("номер"))
    words = models.TextField(_("коментар"), max_length=LONGEST_COMMENT)
    name = models.CharField(_("име"), max_length=150, blank=True)
    at = models.DateTimeField(_("кога"))
    form_digest = models.CharField(max_length=64, unique=True, editable=False)
    content_digest = models.CharField(max_length=64, editable=False)
    response = models.CharField(_("решение"), max_length=8, choices=Response.choices, blank=True)
    answer = models.TextField(_("отговор"), max_length=4000, blank=True)
    answered_by = _person(_("отговорил"))
    answered_at = models.DateTimeField(_("отговорено на"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("скрит на"), null=True, blank=True)
    hidden_reason = models.CharField(_("защо е скрит"), max_length=500, blank=True)

    objects = CommentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("коментар по проект")
        verbose_name_plural = _("коментари по проект")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="charter_comment_number_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, response="", answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(response="") & ~Q(answer=""),
                name="charter_comment_answered_wholly",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_reason="") | Q(hidden_at__isnull=False) & ~Q(hidden_reason=""),
                name="charter_comment_hidden_with_a_reason",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="charter_comment_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation}, № {self.number}"
