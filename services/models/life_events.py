"""What happens in people's lives, and the services that are needed then."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from services.models.catalogue import Service
from services.querysets import LifeEventQuerySet


class LifeEvent(models.Model):
    """A reason to come to the municipality that people name themselves: a child is born, a house is built."""

    code = models.SlugField(_("код"), unique=True)
    name = models.CharField(_("наименование"), max_length=120)
    about = models.CharField(_("за какво е"), max_length=400)
    name_en = models.CharField(_("наименование на английски"), max_length=120, blank=True)
    about_en = models.CharField(_("за какво е, на английски"), max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(_("ред"))

    objects = LifeEventQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("житейско събитие")
        verbose_name_plural = _("житейски събития")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:life_event", args=[self.code])


class LifeEventService(models.Model):
    """That a service is needed in a life event, and at which place in the list."""

    event = models.ForeignKey(LifeEvent, models.CASCADE, related_name="places", verbose_name=_("житейско събитие"))
    service = models.ForeignKey(Service, models.CASCADE, related_name="events", verbose_name=_("услуга"))
    position = models.PositiveSmallIntegerField(_("ред"))

    history = history()

    class Meta:
        verbose_name = _("услуга при житейско събитие")
        verbose_name_plural = _("услуги при житейски събития")
        constraints = [
            models.UniqueConstraint(fields=["event", "service"], name="services_lifeeventservice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.service}"
