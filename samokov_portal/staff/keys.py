"""Security keys and passkeys (WebAuthn) of a member of staff: a second factor that no false page can ask for.

The ceremony is django-allauth's and python-fido2's, its challenge lies in the session. Attestation is not asked for:
who made a key does not matter here, only that it is the same one as before.
"""

import json
import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.factors import Type, first_codes
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.tasks import tell

# What python-fido2 raises at an answer that no browser gives.
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, struct.error)
COUNTER = "counter"


class KeyRefused(Exception):
    """The answer is of no key of this person, for another page or challenge, or of a copy of the key."""


def begin_adding(user: StaffUser) -> str:
    """What the browser asks a new key, as JSON; the keys that this person has are named in it, so none comes twice."""
    return json.dumps(webauthn.begin_registration(user, passwordless=False))


def begin_confirming(user: StaffUser) -> str:
    """What the browser asks one of this person's keys, as JSON."""
    return json.dumps(webauthn.begin_authentication(user))


def _added_by(credential: Any) -> tuple[AuthenticatorData, AttestedCredentialData]:
    """What a new key says of itself. Raises KeyRefused."""
    try:
        data = webauthn.complete_registration(credential)
    except MALFORMED as error:
        raise KeyRefused from error
    finally:
        webauthn.clear_state()  # a challenge is for one answer, right or wrong
    if data.credential_data is None or credential.get("id") != websafe_encode(data.credential_data.credential_id):
        raise KeyRefused
    return data, data.credential_data


@transaction.atomic
def add_key(*, user: StaffUser, name: str, credential: Any) -> list[str]:
    """Add the key that gave `credential`, called `name`. The recovery codes, if they are new. Raises KeyRefused."""
    StaffUser.objects.select_for_update().get(pk=user.pk)
    data, attested = _added_by(credential)
    keys = Authenticator.objects.filter(type=Type.WEBAUTHN)
    if keys.filter(data__credential__id=websafe_encode(attested.credential_id)).exists():
        raise KeyRefused
    called = name or _("Ключ %(number)d") % {"number": keys.filter(user=user).count() + 1}
    row = webauthn.WebAuthn.add(user, called, credential).instance
    row.data[COUNTER] = data.counter
    row.save(update_fields=["data"])
    tell(user, StaffEventKind.KEY_ADDED)
    return first_codes(user)


@transaction.atomic
def confirm_key(*, user: StaffUser, credential: Any) -> Authenticator:
    """Take the answer of one of this person's keys. Raises KeyRefused."""
    list(Authenticator.objects.select_for_update().filter(user=user, type=Type.WEBAUTHN))
    try:
        count = webauthn.parse_authentication_response(credential).response.authenticator_data.counter
        row = webauthn.complete_authentication(user, credential)
    except MALFORMED as error:
        raise KeyRefused from error
    finally:
        webauthn.clear_state()
    # A key that counts has counted on since; one that did not is a copy. Passkeys do not count and say 0.
    if count <= row.data.get(COUNTER, 0) and (count or row.data.get(COUNTER)):
        raise KeyRefused
    row.data[COUNTER] = count
    row.save(update_fields=["data"])
    row.record_usage()
    return row


def rename_key(*, row: Authenticator, name: str) -> None:
    """Call the key `name`; what it is stays the same, so there is no event of it."""
    row.data["name"] = name
    row.save(update_fields=["data"])
