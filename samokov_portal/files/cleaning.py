"""Which door inside the door: a file goes to the cleaner of the kind that its content shows."""

from typing import IO

from samokov_portal.files.images import clean_image
from samokov_portal.files.kinds import HEAD_BYTES, container_of
from samokov_portal.files.office import clean_office
from samokov_portal.files.pdf import clean_pdf
from samokov_portal.files.refusals import Encrypted, NotAccepted
from samokov_portal.files.text import clean_text

# The old formats of Office, and what a password makes of the new ones.
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


def clean(source: IO[bytes], target: IO[bytes]) -> str:
    """Write to `target` what of `source` may be kept; the kind of it, a key of KINDS. Raises FileRefused."""
    source.seek(0)
    head = source.read(HEAD_BYTES)
    match container_of(head):
        case "jpeg" | "png" | "webp" | "heif" as container:
            return clean_image(source, target, container)
        case "pdf":
            clean_pdf(source, target)
            return "pdf"
        case "zip":
            return clean_office(source, target)
    if head.startswith(COMPOUND_FILE):
        raise Encrypted if ENCRYPTED_OFFICE in head + source.read() else NotAccepted
    clean_text(source, target)
    return "text"
