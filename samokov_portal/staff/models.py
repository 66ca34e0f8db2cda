"""People who work in the portal. Citizens need no account."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history


class StaffUser(AbstractUser):
    """A member of staff; what they may do is said by their groups (see `roles`)."""

    position = models.CharField(_("длъжност"), max_length=150, blank=True)

    history = history(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("служител")
        verbose_name_plural = _("служители")

    def __str__(self) -> str:
        return self.get_full_name() or self.username
