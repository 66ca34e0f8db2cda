"""People who work in the portal. Citizens need no account."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history


class StaffUser(AbstractUser):
    """A member of staff; what they may do is said by their groups (see `roles`)."""

    position = models.CharField(_("длъжност"), max_length=150, blank=True)

    history = history(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("служител")
        verbose_name_plural = _("служители")

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the history row in one transaction, whoever calls: Django's own commands open none."""
        super().save(*args, **kwargs)

    @transaction.atomic(savepoint=False)
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove with the history row in one transaction."""
        return super().delete(*args, **kwargs)

    def __str__(self) -> str:
        return self.get_full_name() or self.username
