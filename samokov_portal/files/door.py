"""The one way in: what a person sends is scanned, opened apart, cleaned and stored, or refused with a reason."""

import hashlib
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.core.files.base import File

from samokov_portal.files import shelf
from samokov_portal.files.cell import clean_apart
from samokov_portal.files.kinds import KINDS
from samokov_portal.files.names import claims_danger, kept_name, readable_name
from samokov_portal.files.refusals import Empty, FileRefused, NotAccepted, TooLarge
from samokov_portal.files.scanner import ScanState, scan

CHUNK_BYTES = 64 * 1024
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """A stored file: `stored` is its name in the store, `name` the one for people, digests are hexadecimal SHA-256."""

    stored: str
    name: str
    content_type: str
    size: int
    sha256: str
    received_sha256: str
    state: ScanState


def take_in(upload: "File[bytes]", name: str) -> Kept:
    """Take one file that a person calls `name`. Raises FileRefused, whose `message` names the file and what to do;
    OSError when the fault is ours: the disk, the store, the child that opens files.

    What is stored is not undone with a transaction: call it before one begins and `shelf.discard` what is not used.
    It may take seconds. The limit on the number of files is for the form.
    """
    try:
        with TemporaryFile() as received, TemporaryFile() as kept:
            received_sha256 = receive(upload, received)
            if claims_danger(name):
                raise NotAccepted
            # What was sent is scanned, before anything reads it: what we take out may be what the scanner looks for.
            state = scan(received)
            kind = KINDS[clean_apart(received, kept)]
            size, sha256 = measured(kept)
            return Kept(
                stored=shelf.put(kept),
                name=kept_name(name, kind.extension),
                content_type=kind.content_type,
                size=size,
                sha256=sha256,
                received_sha256=received_sha256,
                state=state,
            )
    except FileRefused as refusal:
        refusal.facts["name"] = readable_name(name)
        raise


def scan_again(stored: str) -> ScanState:
    """Ask the scanner about a file that was held. Raises Infected: then `shelf.discard` it, and tell the person."""
    with shelf.store().open(stored) as file:
        return scan(file)


def receive(upload: "File[bytes]", received: IO[bytes]) -> str:
    """Copy what was sent, never more than is allowed; its SHA-256."""
    upload.seek(0)
    digest = hashlib.sha256()
    size = 0
    while chunk := upload.read(CHUNK_BYTES):
        size += len(chunk)
        if size > settings.ATTACHMENT_MAX_BYTES:
            raise TooLarge(megabytes=settings.ATTACHMENT_MAX_BYTES // MEGABYTE)
        digest.update(chunk)
        received.write(chunk)
    if size == 0:
        raise Empty
    received.flush()
    return digest.hexdigest()


def measured(kept: IO[bytes]) -> tuple[int, str]:
    """The size and the SHA-256 of what is going to be stored."""
    kept.seek(0)
    digest = hashlib.sha256()
    while chunk := kept.read(CHUNK_BYTES):
        digest.update(chunk)
    return kept.tell(), digest.hexdigest()
