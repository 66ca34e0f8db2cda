"""What a member of staff may look at."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LookKind(models.TextChoices):
    CASE = "case", _("преписка")
    APPLICATION = "application", _("заявление")
    FILE = "file", _("приложен файл")
    LETTER = "letter", _("писмо")
    LIST = "list", _("списък")
    SEARCH = "search", _("търсене")
    EXPORT = "export", _("изнасяне на данни")
