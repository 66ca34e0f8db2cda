"""Keys for programs: made once, told once, known again by their digest."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from samokov_portal.history import save_with_history
from samokov_portal.open311.models import ApiKey

KEY_BYTES = 24
SHOWN = 8


def fill_in(row: ApiKey, *, now: datetime) -> str:
    """Give `row`, which is not stored yet, a new key; returns the key, which nobody can read again."""
    key = secrets.token_urlsafe(KEY_BYTES)
    row.prefix, row.digest, row.created_at = key[:SHOWN], digest_of(key), now
    return key


def make_key(name: str, *, by: Any, why: str, now: datetime) -> str:
    """Store a new key for `name`, by whom (None for a command) and why; returns the key."""
    row = ApiKey(name=name)
    key = fill_in(row, now=now)
    save_with_history(row, by=by, why=why)
    return key


def known_key(key: str) -> ApiKey | None:
    """The row of a key that is in force; None for any other text."""
    return ApiKey.objects.in_force().filter(digest=digest_of(key)).first()


def digest_of(key: str) -> str:
    """What is stored of a key; plain, because 192 random bits are not guessed."""
    return sha256(f"open311.key:{key}".encode()).hexdigest()
