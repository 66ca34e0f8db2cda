"""One form, one row: whatever is pressed, retried or opened in two tabs, what was sent is registered once."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.core import signing
from django.db import IntegrityError, models
from django.utils.crypto import salted_hmac

from samokov_portal.office.registering import wait_for_disk

SALT = "office.form"
TOKEN_SALT = "office.form.token"


class BadToken(ValueError):
    """The form token was not issued by this portal, or was changed on the way."""


class FormAlreadyUsed(Exception):
    """The same form was already sent with other contents; `row` is what was registered with it."""

    def __init__(self, row: Any) -> None:
        super().__init__(str(row))
        self.row = row


def new_form_token() -> str:
    """A signed token for one form, with the time at which it was issued."""
    return form_token(uuid.uuid4().hex)


def form_token(nonce: str) -> str:
    """The signed token of a nonce that we made ourselves."""
    return signing.TimestampSigner(salt=TOKEN_SALT).sign(nonce)


def read_form_token(token: str) -> str:
    """The random part (nonce) of a token that we issued. Raises BadToken."""
    return _parts(token)[0]


def issued_at(token: str) -> datetime:
    """When we issued this token, to the second. Raises BadToken."""
    return datetime.fromtimestamp(signing.b62_decode(_parts(token)[1]), UTC)


def _parts(token: str) -> tuple[str, str]:
    try:
        nonce, _colon, stamp = signing.Signer(salt=TOKEN_SALT).unsign(token).partition(":")
    except signing.BadSignature as error:
        raise BadToken from error
    return nonce, stamp


def form_digest(nonce: str) -> str:
    """What is stored of a nonce: enough to know it again, not enough to make anything from it."""
    return sha256(f"{SALT}:{nonce}".encode()).hexdigest()


def content_digest(values: dict[str, Any]) -> str:
    """A keyed digest of what was sent, to tell a repeated form from a changed one."""
    said = {name: value.pk if isinstance(value, models.Model) else value for name, value in values.items()}
    joined = "\x1f".join(f"{name}={said[name]}" for name in sorted(said))
    return salted_hmac("office.content", joined, algorithm="sha256").hexdigest()


def store_once(
    model: type[models.Model], *, nonce: str, values: dict[str, Any], store: Callable[[dict[str, str]], Any]
) -> tuple[Any, bool]:
    """Call `store` with the two digests that its row must keep; returns the row and whether it is new.

    `store` runs its own transaction. When the unique `form_digest` says that the form was sent before, the row of then
    is returned, as soon as it is on disk. Raises FormAlreadyUsed when its contents were others.
    """
    digests = {"form_digest": form_digest(nonce), "content_digest": content_digest(values)}
    try:
        return store(digests), True
    except IntegrityError:
        row: Any = model._default_manager.filter(form_digest=digests["form_digest"]).first()
        if row is None:
            raise
        # Whoever registered it may still be waiting.
        wait_for_disk()
        if row.content_digest != digests["content_digest"]:
            raise FormAlreadyUsed(row) from None
        return row, False
