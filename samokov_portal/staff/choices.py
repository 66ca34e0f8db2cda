"""What is done to a member of staff beside the row itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffEventKind(models.TextChoices):
    ROLES = "roles", _("променени роли")
    PASSWORD = "password", _("сменена парола")
