"""Sealing the history: what was added since the last seal, in one signed statement."""

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from samokov_portal.audit.leaves import BLOCKS_AT_ONCE, Block, Columns, Tree, blocks, sealed_columns
from samokov_portal.audit.models import Seal, SealedRows, statement_of
from samokov_portal.audit.writing import wait_until_nobody_writes
from samokov_portal.keys import PublicKeys, by_id, is_signed, key_id, known_keys, private_key

# Who seals holds this one, so that nobody else does.
SEALING_LOCK = 5_101_027

log = logging.getLogger(__name__)


class ForgedSeal(Exception):
    """The newest seal is not ours, or covers what was not written yet: whatever follows would be chained to it."""


def seal_with_our_key(now: datetime) -> Seal | None:
    """Seal with the key of REPORT_KEY_FILE; without one nothing is sealed, and the log says so.

    Raises OperationalError and ForgedSeal as `seal_history` does, and BadKey.
    """
    key = private_key(settings.REPORT_KEY_FILE)
    if key is None:
        log.error("the history is not sealed: there is no key in %s", settings.REPORT_KEY_FILE)
        return None
    seal = seal_history(key, now, known=known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS))
    log.info("sealed: %s", seal or "nothing new")
    return seal


def seal_history(key: Ed25519PrivateKey, now: datetime, *, known: PublicKeys | None = None) -> Seal | None:
    """Seal what was added to the history since the last seal; None where nothing was. `now` is an aware moment.

    The seal before must be signed with `key` or with one of `known`, those of before a rotation. Raises
    OperationalError when some transaction keeps writing history for longer than half a minute, and ForgedSeal.
    """
    until = _close_the_count()
    with transaction.atomic(), connection.cursor() as cursor:
        # One snapshot for all tables is not needed: to a count that is closed nothing is added. Two seals at once are.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
        last = Seal.objects.order_by("-number").first()
        after = last.until if last else -1
        if last:
            _refuse_forged(last, by_id([key.public_key()]) | (known or {}))
        if until <= after:
            return None
        seal = Seal(
            number=last.number + 1 if last else 1,
            until=until,
            at=now.astimezone(UTC),
            previous=last.digest if last else "",
            key_id=key_id(key.public_key()),
        )
        # Its rows are stored while they are counted, so that only some of them are in memory; they refer to it.
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_seal', 'id'))")
        (seal.pk,) = cursor.fetchone()
        seal.tables = [_sealed(seal, columns, after) for columns in sealed_columns()]
        if not any(table["count"] for table in seal.tables):
            return None
        content = as_signed(statement_of(seal))
        seal.digest = hashlib.sha256(content).hexdigest()
        seal.signature = key.sign(content)
        seal.save(force_insert=True)
    return seal


def _refuse_forged(last: Seal, keys: PublicKeys) -> None:
    """Nothing is chained to a seal that somebody with the portal's password to the database could have added."""
    content = as_signed(statement_of(last))
    if last.key_id not in keys or not is_signed(keys[last.key_id], bytes(last.signature), content):
        raise ForgedSeal(f"the seal {last.number} is not signed with a key of ours: verify_history says more")
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM audit_count")
        if last.until >= cursor.fetchone()[0]:
            raise ForgedSeal(f"the seal {last.number} covers what was not written yet: verify_history says more")


def as_signed(statement: dict[str, Any]) -> bytes:
    """The bytes of a statement that are signed: JSON with sorted names and without spaces, in UTF-8."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _close_the_count() -> int:
    """Let the next history row bear a new count, once nobody is writing rows with the present one; returns that."""
    with transaction.atomic(), connection.cursor() as cursor:
        wait_until_nobody_writes(cursor)
        cursor.execute("SELECT nextval('audit_count')")
        (following,) = cursor.fetchone()
    return following - 1


def _sealed(seal: Seal, columns: Columns, after: int) -> dict[str, Any]:
    """What the seal says of one table; the digests of its rows are stored."""
    tree = Tree()
    numbered = enumerate(blocks(columns, after, seal.until))
    while batch := list(islice(numbered, BLOCKS_AT_ONCE)):
        for _place, block in batch:
            tree.add(block)
        SealedRows.objects.bulk_create([_row(seal, columns.table, place, block) for place, block in batch])
    return {
        "table": columns.table,
        "columns": list(columns.public),
        "personal": list(columns.personal),
        "count": tree.count,
        "root": tree.root,
    }


def _row(seal: Seal, table: str, place: int, block: Block) -> SealedRows:
    return SealedRows(seal=seal, table=table, block=place, keys=block.keys, digests=block.digests)


def published(after: int, most: int) -> Iterator[dict[str, Any]]:
    """Up to `most` seals after the number `after`, as they are published."""
    for seal in Seal.objects.filter(number__gt=after).order_by("number")[:most]:
        yield statement_of(seal) | {
            "digest": seal.digest,
            "signature": bytes(seal.signature).hex(),
            "key": seal.key_id,
        }
