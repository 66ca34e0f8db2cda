"""`manage.py check --database default --deploy`: has this machine the same keys and the same store as the others?

What the others did lies in the database, so it is tried whether it can be read here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name
from django.db import DEFAULT_DB_ALIAS

from feedback.choices import FileState
from feedback.models import Attachment
from samokov_portal.audit.models import Seal
from samokov_portal.files import shelf
from samokov_portal.keys import BadKey, known_keys
from samokov_portal.staff.sessions import SessionStore


def check_sameness(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """A warning for each thing that this machine has in another way than one that works on the same database."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    return [*_of_secret_key(), *_of_report_key(), *_of_store()]


def _of_secret_key() -> Iterator[CheckMessage]:
    """By the newest session: it is signed."""
    newest, store = Session.objects.order_by("-expire_date").first(), SessionStore()
    if newest is None:
        return
    try:
        signing.loads(newest.session_data, salt=store.key_salt, serializer=store.serializer)
    except signing.BadSignature:
        yield Warning(
            "The newest session was signed with another SECRET_KEY than that of this machine.",
            hint="SECRET_KEY is the same on each machine; the one before it belongs into SECRET_KEY_FALLBACKS.",
            id="upkeep.W001",
        )


def _of_report_key() -> Iterator[CheckMessage]:
    """By the newest seal: whoever seals next must know its key."""
    newest = Seal.objects.order_by("-number").first()
    try:
        known = known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS)
    except BadKey as error:
        yield Warning(f"The keys of reports cannot be read: {error}.", id="upkeep.W002")
        return
    if newest is not None and newest.key_id not in known:
        yield Warning(
            f"The newest seal was signed with the key {newest.key_id}, which is not on this machine.",
            hint="REPORT_KEY_FILE and the public keys beside it are the same files on each machine.",
            id="upkeep.W002",
        )


def _of_store() -> Iterator[CheckMessage]:
    """By the newest file that somebody may open."""
    handed_out = Attachment.objects.filter(state__in=(FileState.CLEAN, FileState.UNSCANNED))
    newest = handed_out.order_by("-pk").first()
    try:
        is_there = newest is None or shelf.store().exists(str(newest.stored.name))
    except OSError as error:
        yield Warning(f"The store of files does not answer: {error}", id="upkeep.W003")
        return
    if not is_there:
        yield Warning(
            "The newest file that somebody attached is not in the store of this machine.",
            hint="Several machines have their files in one bucket: ATTACHMENTS_S3_BUCKET.",
            id="upkeep.W003",
        )
