"""Files of the catalogue that somebody brought in, kept until it is decided what becomes of them, and after."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history


def _person(name: Any, **more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=name, **more)


class CatalogueImport(models.Model):
    """What a file says, as it was read; what it would change is asked anew each time its page is opened."""

    name = models.CharField(_("файл"), max_length=200)
    # Of a table: [[number of the row, [cells]]]; of JSON: the list of services.
    content = models.JSONField(_("прочетеното"))
    is_table = models.BooleanField(_("таблица"))
    uploaded_by = _person(_("внесъл"))
    uploaded_at = models.DateTimeField(_("внесен на"))
    applied_by = _person(_("направил чернови"), null=True, blank=True)
    applied_at = models.DateTimeField(_("черновите са направени на"), null=True, blank=True)
    drafted = models.PositiveIntegerField(_("брой чернови"), default=0)

    history = history()

    class Meta:
        verbose_name = _("внос в каталога")
        verbose_name_plural = _("вносове в каталога")
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at=None, applied_by=None, drafted=0)
                | Q(applied_at__gte=F("uploaded_at"), applied_by__isnull=False),
                name="services_catalogueimport_applied_whole",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:catalogue_import", args=[self.pk])
