"""How often each table changed from which public pages are made. Only the database writes here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stamp(models.Model):
    """One row, so that two transactions that change several tables cannot wait for each other crosswise."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    # By the name of a table: after how many transactions it is another than before.
    numbers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("белег за промяна")
        verbose_name_plural = _("белези за промяна")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="pagestore_stamp_is_one")]

    def __str__(self) -> str:
        return str(self.numbers)
