"""The key that signs reports, and the public keys by which anybody checks them (Ed25519)."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

PublicKeys = dict[str, Ed25519PublicKey]


class BadKey(Exception):
    """A file that should hold an Ed25519 key in PEM holds something else, or cannot be read."""


def make_key(path: Path) -> None:
    """Make a key that only its owner may read, and its public half beside it; one that is there stays as it is."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)


def rotate_key(path: Path) -> Ed25519PrivateKey:
    """Put a new key in the place of the one in the file, and return it; the public halves of both are kept.

    The old private key is overwritten: whoever steals it later could sign in its name. Raises BadKey, OSError.
    """
    old = private_key(path)
    if old is not None:
        keep_public(old.public_key(), path.parent)
    return _make(path)


def _make(path: Path) -> Ed25519PrivateKey:
    """A new key in the file, whatever was there."""
    key = Ed25519PrivateKey.generate()
    keep_public(key.public_key(), path.parent)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    # Renamed only when whole: whoever is killed in between leaves no half of a key.
    draft.replace(path)
    return key


def keep_public(key: Ed25519PublicKey, folder: Path) -> Path:
    """Write the public key under its id, where it stays when another key takes its place."""
    path = folder / f"{key_id(key)}.pub"
    path.write_text(as_pem(key), encoding="ascii")
    return path


def private_key(path: Path) -> Ed25519PrivateKey | None:
    """The key in the file; None when there is no such file. Raises BadKey."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadKey(f"{path} cannot be read: {error.strerror}") from error
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"{path} holds no private key in PEM without a password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} holds a key of another kind than Ed25519")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key in the file. Raises BadKey."""
    try:
        return read_public(path.read_bytes())
    except OSError as error:
        raise BadKey(f"{path} cannot be read: {error.strerror}") from error
    except BadKey as error:
        raise BadKey(f"{path}: {error}") from error


def read_public(pem: bytes) -> Ed25519PublicKey:
    """The public key that stands in `pem`. Raises BadKey."""
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise BadKey("no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey("a key of another kind than Ed25519")
    return key


def known_keys(key_file: Path, others: Iterable[Path] = ()) -> PublicKeys:
    """The public keys by their ids, the present one first: of `key_file`, of its folder, and of `others`."""
    present = private_key(key_file)
    keys = [present.public_key()] if present else []
    keys += [public_key(path) for path in [*sorted(key_file.parent.glob("*.pub")), *others]]
    return by_id(keys)


def by_id(keys: Iterable[Ed25519PublicKey]) -> PublicKeys:
    """The keys by their ids, in their order."""
    return {key_id(key): key for key in keys}


def key_id(key: Ed25519PublicKey) -> str:
    """What a signature names its key by: the start of the SHA-256 of the raw public key."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def as_pem(key: Ed25519PublicKey) -> str:
    """The public key as it is published."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def is_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Whether `signature` is that of `content` by the owner of `key`."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
