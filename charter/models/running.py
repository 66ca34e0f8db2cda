"""The figures of the running quarter as they were counted last, for the page that asks for all of them at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunningFigures(models.Model):
    """Every promise of a quarter, counted as of `as_of`. Kept only for speed: whoever counts as of then gets the same.

    So it has no history; it is thrown away and counted anew.
    """

    period = models.CharField(_("период"), max_length=10, unique=True)
    as_of = models.DateTimeField(_("към момент"))
    lines = models.JSONField(_("резултати"))

    class Meta:
        verbose_name = _("текущи резултати")
        verbose_name_plural = _("текущи резултати")

    def __str__(self) -> str:
        return f"{self.period}, {self.as_of:%d.%m.%Y %H:%M}"
