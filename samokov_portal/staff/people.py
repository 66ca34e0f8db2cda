"""Who works in the portal: roles, ways of signing in, and when they were last here."""

from collections import defaultdict
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db.models import Prefetch, QuerySet

from samokov_portal.staff.factors import Type
from samokov_portal.staff.models import StaffDevice, StaffEvent, StaffIdentity, StaffUser
from samokov_portal.staff.words import granted_apart, role_words

DEVICES, EVENTS = 20, 50


@dataclass(frozen=True)
class Colleague:
    """A member of staff as a line of the list."""

    user: StaffUser
    roles: list[str]
    apart: str
    has_app: bool
    keys: int
    has_eauth: bool

    @property
    def is_protected(self) -> bool:
        """Whether a stolen password alone lets nobody in as them."""
        return self.has_app or self.keys > 0


def colleagues() -> list[Colleague]:
    """Everybody, those who still work here first, by user name. Five queries, however many they are."""
    apart = Prefetch("user_permissions", Permission.objects.select_related("content_type").order_by("pk"))
    people = StaffUser.objects.prefetch_related("groups", apart).order_by("-is_active", "username")
    kinds: dict[int, list[str]] = defaultdict(list)
    for user_id, kind in Authenticator.objects.values_list("user_id", "type"):
        kinds[user_id].append(kind)
    known = set(StaffIdentity.objects.values_list("user_id", flat=True))
    return [
        Colleague(
            user=user,
            roles=sorted(role_words(group.name) for group in user.groups.all()),
            apart=granted_apart(user.user_permissions.all()),
            has_app=Type.TOTP in kinds[user.pk],
            keys=kinds[user.pk].count(Type.WEBAUTHN),
            has_eauth=user.pk in known,
        )
        for user in people
    ]


def devices_of(user: StaffUser) -> QuerySet[StaffDevice]:
    """The browsers from which they logged in, the last one first."""
    return StaffDevice.objects.filter(user=user).order_by("-last_at", "-pk")[:DEVICES]


def events_of(user: StaffUser) -> QuerySet[StaffEvent]:
    """What was done to their account, the newest first."""
    return StaffEvent.objects.filter(user=user).select_related("by").order_by("-at", "-pk")[:EVENTS]
