"""What readers say of the page of a service. Nothing says who they were."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.models.catalogue import Service
from services.querysets import PageVotesQuerySet


class PageVotes(models.Model):
    """How many readers of a month found the page of a service useful, and how many did not.

    Counts of opinions without a moment and without a person, written by `services.votes` alone: not a record of
    anything done, so without history.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="votes", verbose_name=_("услуга"))
    month = models.DateField(_("месец"))
    useful = models.PositiveIntegerField(_("полезна"), default=0)
    useless = models.PositiveIntegerField(_("не е полезна"), default=0)

    objects = PageVotesQuerySet.as_manager()

    class Meta:
        verbose_name = _("мнения за страница на услуга")
        verbose_name_plural = _("мнения за страници на услуги")
        constraints = [
            models.UniqueConstraint(fields=["service", "month"], name="services_pagevotes_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="services_pagevotes_month_by_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.useful} / {self.useless}"
