"""Drafts of services, and the acts that their legal bases name."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samokov_portal.editing.drafts import OPEN_STATES, Draft, DraftQuerySet
from samokov_portal.history import history
from services.models.catalogue import Service
from services.querysets import RepealedActQuerySet


class ServiceDraft(Draft):
    """What the page of a service would say; `slug` is the address of the page, also of one that is not there yet."""

    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="drafts", verbose_name=_("услуга")
    )
    slug = models.SlugField(_("адрес на страницата"), max_length=90)

    objects = DraftQuerySet.as_manager()
    history = history()

    class Meta(Draft.Meta):
        abstract = False
        verbose_name = _("чернова на услуга")
        verbose_name_plural = _("чернови на услуги")
        permissions = [("edit_catalogue", "Can draft, schedule and publish services, import and export the catalogue")]
        constraints = [
            *Draft.Meta.constraints,
            models.UniqueConstraint(
                fields=["slug"], condition=Q(state__in=OPEN_STATES), name="services_servicedraft_one_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document.get("name", self.slug))

    def get_absolute_url(self) -> str:
        return reverse("services:draft", args=[self.pk])


class RepealedAct(models.Model):
    """An act that is no longer in force, as legal bases call it; what names it is not published."""

    called = models.CharField(
        _("как се нарича в основанията"),
        max_length=80,
        unique=True,
        help_text=_("Съкращението или името, например: ЗГР."),
    )
    until_on = models.DateField(_("в сила до, без този ден"))
    replaced_by = models.CharField(_("заменен от"), max_length=200, blank=True)
    source = models.CharField(_("източник"), max_length=300)

    objects = RepealedActQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("отменен акт")
        verbose_name_plural = _("отменени актове")
        constraints = [
            models.CheckConstraint(condition=~Q(called="") & ~Q(source=""), name="services_repealedact_says_which")
        ]

    def __str__(self) -> str:
        return self.called
