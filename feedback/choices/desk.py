"""As what people at the desk take lists out and print."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportFormat(models.TextChoices):
    """As what a work list is taken out. The values end the names of the files."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"


class PrintKind(models.TextChoices):
    """What is printed many at once."""

    LETTERS = "letters", _("писма на хартия")
    LABELS = "labels", _("етикети за папки")


class PaperSize(models.TextChoices):
    """On what; the values are those of `samokov_portal.printing`."""

    A4 = "a4", _("А4")
    ROLL = "80", _("ролка 80 мм")
