"""The second factors of a member of staff: an app that shows codes, recovery codes, security keys.

The tables and the cryptography are django-allauth's; each change leaves an event of staff in the same transaction, for
which the database itself asks (migration 0005 of staff).
"""

import time
from dataclasses import dataclass

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction

from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.models import StaffUser, note_event
from samokov_portal.staff.tasks import tell

Type = Authenticator.Type
PERIOD_SECONDS = 30
# The clock of a telephone may be so many periods off.
TOLERATED = 1
LAST_COUNTER = "last_counter"


class WrongCode(Exception):
    """The code is of no factor of this person, or was used before."""


class LastFactor(Exception):
    """Where a second factor is required, the last one is not removed but replaced."""


@dataclass(frozen=True)
class Factors:
    """What a person has: an app, keys, and how many recovery codes are left."""

    app: Authenticator | None
    keys: list[Authenticator]
    codes_left: int

    @property
    def count(self) -> int:
        return len(self.keys) + (self.app is not None)


def factors_of(user: StaffUser) -> Factors:
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((row for row in rows if row.type == Type.RECOVERY_CODES), None)
    return Factors(
        next((row for row in rows if row.type == Type.TOTP), None),
        [row for row in rows if row.type == Type.WEBAUTHN],
        len(RecoveryCodes(codes).get_unused_codes()) if codes else 0,
    )


def has_factor(user: StaffUser) -> bool:
    """Whether this person is asked for more than a password. One query."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=[Type.TOTP, Type.WEBAUTHN]).exists()


def matching_counter(secret: str, code: str) -> int | None:
    """The period of which `code` is; None when it is of none near now."""
    now = int(time.time()) // PERIOD_SECONDS
    for counter in range(now - TOLERATED, now + TOLERATED + 1):
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter))):
            return counter
    return None


@transaction.atomic
def confirm_code(*, user: StaffUser, code: str) -> Authenticator:
    """Take a code of the app or a recovery code, each once, in whichever process it arrives. Raises WrongCode."""
    rows = Authenticator.objects.select_for_update().filter(user=user, type__in=[Type.TOTP, Type.RECOVERY_CODES])
    for row in rows.order_by("-type"):
        if row.type == Type.TOTP:
            counter = matching_counter(decrypt(row.data["secret"]), code)
            if counter is not None and counter > row.data.get(LAST_COUNTER, 0):
                row.data[LAST_COUNTER] = counter
                row.save(update_fields=["data"])
                row.record_usage()
                return row
        elif RecoveryCodes(row).validate_code(code):
            row.record_usage()
            return row
    raise WrongCode


@transaction.atomic
def add_app(*, user: StaffUser, secret: str, code: str) -> list[str]:
    """Add the app that has `secret`, in the place of another one; its code is used up. The recovery codes, if they are
    new. Raises WrongCode."""
    StaffUser.objects.select_for_update().get(pk=user.pk)
    counter = matching_counter(secret, code)
    if counter is None:
        raise WrongCode
    for row in Authenticator.objects.filter(user=user, type=Type.TOTP):
        row.delete()
    row = totp.TOTP.activate(user, secret).instance
    row.data[LAST_COUNTER] = counter
    row.save(update_fields=["data"])
    tell(user, StaffEventKind.APP_ADDED)
    return first_codes(user)


def first_codes(user: StaffUser) -> list[str]:
    """Recovery codes for who has none; none for who has some."""
    if Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        return []
    note_event(user, StaffEventKind.CODES)  # they come with a factor, of which a letter tells already
    return _new_codes(user)


@transaction.atomic
def renew_codes(*, user: StaffUser) -> list[str]:
    """New recovery codes in the place of all others."""
    StaffUser.objects.select_for_update().get(pk=user.pk)
    for row in Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES):
        row.delete()
    tell(user, StaffEventKind.CODES)
    return _new_codes(user)


def _new_codes(user: StaffUser) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


@transaction.atomic
def remove_factor(*, user: StaffUser, key: int) -> None:
    """Remove an app or a security key; with the last of them the recovery codes. Raises LastFactor, DoesNotExist."""
    StaffUser.objects.select_for_update().get(pk=user.pk)
    row = Authenticator.objects.exclude(type=Type.RECOVERY_CODES).get(user=user, pk=key)
    others = Authenticator.objects.filter(user=user).exclude(pk=row.pk)
    if not others.exclude(type=Type.RECOVERY_CODES).exists():
        if settings.STAFF_SECOND_FACTOR:
            raise LastFactor
        others.delete()
    kind = StaffEventKind.APP_REMOVED if row.type == Type.TOTP else StaffEventKind.KEY_REMOVED
    row.delete()
    tell(user, kind)


@transaction.atomic
def reset_factors(*, user: StaffUser) -> int:
    """Remove all factors of who lost them; at the next login new ones are set up. How many there were."""
    StaffUser.objects.select_for_update().get(pk=user.pk)
    found, _by_model = Authenticator.objects.filter(user=user).delete()
    tell(user, StaffEventKind.FACTORS_RESET)
    return found
