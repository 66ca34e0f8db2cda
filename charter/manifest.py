"""What a report says of itself, signed: its figures, its attached files and the fingerprint of each of its pages.

Nothing here needs Django or a database.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from charter.fingerprints import Fingerprints
from samokov_portal.keys import PublicKeys, is_signed, key_id

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
FORMAT = 1


class BadManifest(Exception):
    """The manifest cannot be read as one."""


class UnknownKey(Exception):
    """The signature names a key that is not among those known."""


class WrongSignature(Exception):
    """The signature is not of this manifest."""


@dataclass(frozen=True)
class Sheet:
    """A page: its fingerprint, and the codes of the standards whose blocks stand on it."""

    fingerprint: str
    figures: list[str]


@dataclass(frozen=True)
class Document:
    """What belongs to no page: the title, the metadata, what is read aloud, and the catalogue."""

    title: str
    metadata: str
    text: str
    frame: str


@dataclass(frozen=True)
class Manifest:
    """The manifest of a report; `figures` are the records of figures.json by their codes."""

    period: str
    version: int
    as_of: str
    figures: dict[str, dict[str, Any]]
    attachments: dict[str, str]
    pages: list[Sheet]
    document: Document

    def as_bytes(self) -> bytes:
        """What is attached and signed; the same manifest is the same bytes."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, sort_keys=True, indent=1).encode()


def manifest_of(
    figures: bytes, attachments: Mapping[str, str], found: Fingerprints, standing: Iterable[list[str]]
) -> Manifest:
    """The manifest of a report with these `figures` (figures.json).

    `attachments` are the SHA-256 of the attached files by name, `standing` the codes that stand on each page.
    """
    said = json.loads(figures)
    return Manifest(
        period=said["period"],
        version=said["version"],
        as_of=said["as_of"],
        figures=by_code(said["figures"]),
        attachments=dict(sorted(attachments.items())),
        pages=[Sheet(mark, codes) for mark, codes in zip(found.pages, standing, strict=True)],
        document=Document(found.title, found.metadata, found.text, found.frame),
    )


def by_code(records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The records of figures by the codes of their standards."""
    return {record["code"]: {name: value for name, value in record.items() if name != "code"} for record in records}


def parse(content: bytes) -> Manifest:
    """The manifest that stands in `content`. Raises BadManifest."""
    try:
        said = json.loads(content)
        if said.pop("format") != FORMAT:
            raise BadManifest
        pages = [Sheet(str(page["fingerprint"]), [str(code) for code in page["figures"]]) for page in said["pages"]]
        document = Document(**{name: str(value) for name, value in said["document"].items()})
        figures = {str(code): dict(record) for code, record in said["figures"].items()}
        attachments = {str(name): str(digest) for name, digest in said["attachments"].items()}
        return Manifest(
            str(said["period"]), int(said["version"]), str(said["as_of"]), figures, attachments, pages, document
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadManifest from error


def signature_of(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """The file with the signature: the id of the key and the signature in base64."""
    return f"{key_id(key.public_key())} {base64.b64encode(key.sign(content)).decode()}\n".encode()


def signer_of(content: bytes, signature: bytes, keys: PublicKeys) -> str:
    """The id of the known key that signed `content`. Raises UnknownKey and WrongSignature."""
    try:
        name, encoded = signature.decode("ascii").split()
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise WrongSignature from error
    if name not in keys:
        raise UnknownKey(name[:16])
    if not is_signed(keys[name], raw, content):
        raise WrongSignature
    return name
