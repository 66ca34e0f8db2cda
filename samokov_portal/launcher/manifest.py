"""What a backup says of itself: each of its files with its digest, signed with the key that signs reports and seals."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samokov_portal.keys import PublicKeys, is_signed
from samokov_portal.launcher.console import LauncherError, say
from samokov_portal.launcher.options import Options

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
FORMAT = 2
BLOCK = 1 << 20


def key_file(options: Options, environ: Mapping[str, str]) -> Path:
    """Where the settings look for the key."""
    return Path(environ.get("REPORT_KEY_FILE") or options.data_dir / "keys" / "report.key")


def write_manifest(folder: Path, state: dict[str, Any], key: Ed25519PrivateKey | None) -> int:
    """Write the manifest of what is in `folder`, signed where there is a `key`; returns how many files it names."""
    files = digests(folder)
    content = json.dumps({"format": FORMAT, **state, "files": files}, ensure_ascii=False, indent=1).encode()
    (folder / MANIFEST).write_bytes(content)
    if key:
        (folder / SIGNATURE).write_text(key.sign(content).hex(), encoding="ascii")
    return len(files)


def whole(source: Path, keys: PublicKeys) -> dict[str, Any]:
    """The manifest of a backup each of whose files is as it was, signed by one of `keys`.

    Raises LauncherError, naming the first file that is another. Without `keys` the signature is not asked for.
    """
    try:
        content = (source / MANIFEST).read_bytes()
        manifest: dict[str, Any] = json.loads(content)
        expected, form = manifest["files"], manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LauncherError(f"{source} is not a whole backup: it has no readable {MANIFEST}") from error
    if form != FORMAT:
        raise LauncherError(f"{source} is a backup of format {form}, and this portal reads {FORMAT}")
    _refuse_unsigned(source, content, keys)
    for path in source.rglob("*"):
        # It would bring in what lies elsewhere, under a digest that anybody can make.
        if path.is_symlink():
            raise LauncherError(f"{path.relative_to(source)} of the backup is a link: nothing was restored")
    found = digests(source)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            what = "was added" if name not in expected else "is missing" if name not in found else "was changed"
            raise LauncherError(f"{name} of the backup {what}: nothing was restored")
    return manifest


def _refuse_unsigned(source: Path, content: bytes, keys: PublicKeys) -> None:
    if not keys:
        say("No public key is here, so nobody can say whether the backup is the portal's own.")
        return
    try:
        signature = bytes.fromhex((source / SIGNATURE).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise LauncherError(f"{source} has no readable {SIGNATURE}: nothing was restored") from error
    if not any(is_signed(key, signature, content) for key in keys.values()):
        raise LauncherError(f"{MANIFEST} of the backup is not signed by a key of this portal: nothing was restored")


def digests(folder: Path) -> dict[str, dict[str, Any]]:
    """Of each file below `folder` but the manifest and its signature: its size and SHA-256, by its path inside."""
    own = {folder / MANIFEST, folder / SIGNATURE}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path not in own)
    return {str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in paths}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
