"""The table in which `samokov_portal.office.limits` counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often something was done under one key until its window ends. Only `limits` writes here.

    `digest` is a keyed digest of the name of the limit and of the key: no address stands here, and the rows of one
    address under two limits cannot be put together.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    objects = models.Manager["Tally"]()

    class Meta:
        verbose_name = _("брояч на опити")
        verbose_name_plural = _("броячи на опити")
        constraints = [models.CheckConstraint(condition=models.Q(count__gte=1), name="office_tally_counts_from_one")]

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:12]}: {self.count}"
