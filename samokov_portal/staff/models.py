"""People who work in the portal. Citizens need no account."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from samokov_portal.audit.origin import current_origin
from samokov_portal.history import Sealed, history
from samokov_portal.pagestore import remembered
from samokov_portal.staff.choices import StaffEventKind


class StaffUser(AbstractUser):
    """A member of staff; what they may do is said by their groups (see `roles`)."""

    position = models.CharField(_("длъжност"), max_length=150, blank=True)

    history = history(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("служител")
        verbose_name_plural = _("служители")
        permissions = [("oversee_staff", "Can see who of the staff may do what and how they sign in")]

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the history row in one transaction, whoever calls: Django's own commands open none."""
        has_new_password = getattr(self, "_password", None) is not None  # set by set_password, cleared by saving
        super().save(*args, **kwargs)
        if has_new_password:
            note_event(self, StaffEventKind.PASSWORD)

    @transaction.atomic(savepoint=False)
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove with the history row in one transaction."""
        return super().delete(*args, **kwargs)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As Django says it; what somebody may do is remembered until roles or people change, not asked on each page.

        As ever it stays the same for one object: whoever wants to see a change reads the person anew.
        """
        if obj is not None or self.is_superuser or not self.is_active or self.pk is None:
            return super().has_perm(perm, obj)
        return perm in self.granted

    @property
    def granted(self) -> frozenset[str]:
        """What was granted to somebody who is no superuser, known once for one object."""
        if not hasattr(self, "_granted"):
            self._granted = granted_to(self.pk)
        return self._granted

    def __str__(self) -> str:
        return self.get_full_name() or self.username


@remembered(
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "staff.StaffUser",
    "staff.StaffUser_groups",
    "staff.StaffUser_user_permissions",
)
def granted_to(pk: int) -> frozenset[str]:
    """What a member of staff with this key may do while active."""
    return frozenset(StaffUser(pk=pk).get_all_permissions())


class StaffEvent(Sealed):
    """That somebody's roles or password were changed: what the history of the row itself does not tell. Only added.

    The database refuses a change of roles without it (migration 0004); of a password no digest is kept here.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("служител"))
    kind = models.CharField(_("какво"), max_length=10, choices=StaffEventKind.choices)
    at = models.DateTimeField(_("кога"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("кой")
    )
    # Names of the roles, and of permissions given apart from them, as they are from then on.
    roles = models.TextField(_("роли"), blank=True)
    origin = models.CharField(_("откъде"), max_length=200, blank=True)
    xid = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("събитие за служител")
        verbose_name_plural = _("събития за служители")
        indexes = [models.Index(fields=["user", "xid"], name="staff_staffevent_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class StaffDevice(models.Model):
    """A browser from which somebody logged in, by the digest of its cookie.

    Not audited: what matters of it, that a new one came, is an event of staff; `last_at` changes with each login.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("служител"))
    digest = models.CharField(max_length=64)
    first_at = models.DateTimeField(_("за пръв път"))
    last_at = models.DateTimeField(_("последно"))
    address = models.CharField(_("откъде"), max_length=60, blank=True)
    browser = models.CharField(_("браузър"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("устройство")
        verbose_name_plural = _("устройства")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="staff_staffdevice_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.browser}"


class StaffIdentity(models.Model):
    """By what a member of staff is known at the provider of eAuth: the keyed digest of an identifier, see `identities`.

    Not audited: that it came, was changed or went is an event of staff, and the database refuses it without (0007).
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("служител"))
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("електронна идентификация")
        verbose_name_plural = _("електронни идентификации")

    def __str__(self) -> str:
        return str(self.user)


def note_event(user: StaffUser, kind: StaffEventKind) -> StaffEvent:
    """Store what was just done to `user`, by whoever the present request is of; in the same transaction."""
    request = getattr(HistoricalRecords.context, "request", None)
    by = getattr(request, "user", None)
    names = [*user.groups.values_list("name", flat=True), *user.user_permissions.values_list("codename", flat=True)]
    return StaffEvent.objects.create(
        user=user,
        kind=kind,
        at=timezone.now(),
        by_id=by.pk if by is not None and by.is_authenticated else None,
        roles=", ".join(sorted(names)) if kind == StaffEventKind.ROLES else "",
        origin=current_origin(),
    )
