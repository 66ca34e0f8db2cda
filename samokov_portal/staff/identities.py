"""Who of the staff is whom at the provider of eAuth: by an identifier that an administrator has entered.

It may be a personal number, so only its keyed digest is kept; nobody reads it back. An address of mail is never asked:
a provider need not have verified it.
"""

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.models import StaffIdentity, StaffUser
from samokov_portal.staff.tasks import tell

SALT = "samokov_portal.staff.identities"


class IdentityTaken(Exception):
    """This identifier is another person's."""


def digests_of(identifier: str) -> list[str]:
    """The digest by the key of today, and those by older keys of the settings; another one at another provider."""
    said = "\n".join((settings.EAUTH_ISSUER, settings.EAUTH_CLAIM, identifier))
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SALT, said, secret=key, algorithm="sha256").hexdigest() for key in keys]


def person_called(identifier: str) -> StaffUser | None:
    """The member of staff with this identifier, if they still are one. One query."""
    found = StaffIdentity.objects.select_related("user").filter(digest__in=digests_of(identifier), user__is_active=True)
    identity = found.first()
    return identity.user if identity is not None else None


@transaction.atomic
def set_identity(*, user: StaffUser, identifier: str) -> None:
    """From now on `user` signs in by `identifier`, and by no other one. Raises IdentityTaken."""
    digests = digests_of(identifier)
    if StaffIdentity.objects.filter(digest__in=digests).exclude(user=user).exists():
        raise IdentityTaken
    StaffIdentity.objects.update_or_create(user=user, defaults={"digest": digests[0]})
    tell(user, StaffEventKind.EAUTH_ADDED)


@transaction.atomic
def remove_identity(*, user: StaffUser) -> bool:
    """From now on `user` signs in by the password alone; whether there was an identifier."""
    removed, _by_model = StaffIdentity.objects.filter(user=user).delete()
    if removed:
        tell(user, StaffEventKind.EAUTH_REMOVED)
    return bool(removed)
