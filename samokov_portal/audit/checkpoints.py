"""How far somebody has counted the sealed history, in a file of theirs.

It lies outside the database, so that who can change rows cannot say in it that they were counted; and it holds the
digest of the last seal that was counted, so that a chain which was rewritten since is not the one it speaks of.
"""

import json
from pathlib import Path
from typing import Any

from samokov_portal.audit.models import Seal


def read_checkpoint(path: Path) -> dict[str, Any] | None:
    """The number and the digest of the last seal that was counted; None where nothing was yet.

    Raises OSError, and ValueError, KeyError or TypeError for what is no checkpoint.
    """
    try:
        said = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    number, digest = int(said["number"]), str(said["digest"])
    if number < 1:
        raise ValueError(f"{path} names the seal {number}")
    return {"number": number, "digest": digest}


def write_checkpoint(path: Path, seal: Seal) -> None:
    """Say in the file that everything up to `seal` was counted and is as it was sealed."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps({"number": seal.number, "digest": seal.digest}) + "\n", encoding="ascii")
    # Renamed only when whole.
    draft.replace(path)
