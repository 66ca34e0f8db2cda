"""Where a cluster and its socket lie."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from samokov_portal.launcher.accounts import Account, server_account
from samokov_portal.launcher.console import LauncherError, say

# For root whose DATA_DIR the server's account cannot reach.
STATE = Path("/var/lib/samokov-portal")
# Fixed, whatever TMPDIR or XDG_RUNTIME_DIR say: manage.py must find the same place from any shell. And short, because a
# socket's path has room for about 107 bytes.
SOCKETS = Path("/tmp")


@dataclass(frozen=True)
class Place:
    home: Path
    socket_directory: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"


def socket_directory(data_dir: Path) -> Path:
    return SOCKETS / f"samokov-portal-{_digest(data_dir)}"


def _digest(data_dir: Path) -> str:
    return hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]


def find_place(data_dir: Path) -> Place:
    """In DATA_DIR; for root, where the server's account cannot get there, in STATE. No parent's mode is changed."""
    data_dir = data_dir.resolve()
    elsewhere = STATE / _digest(data_dir)
    home = elsewhere if (elsewhere / "postgres").exists() else data_dir
    account = server_account(home / "postgres")
    if account.is_other and home == data_dir and not account.can("-x", data_dir):
        home = elsewhere
        say(f"The account {account.name} cannot enter {data_dir}: the database is kept in {home}")
    if home == elsewhere:
        STATE.mkdir(mode=0o755, exist_ok=True)
        home.mkdir(mode=0o711, exist_ok=True)
    cluster = home / "postgres"
    if cluster.exists() and cluster.stat().st_uid != account.uid:
        raise LauncherError(f"{cluster} belongs to another account: run as that one, or choose another DATA_DIR")
    return Place(home, socket_directory(data_dir), account)


def make_socket_directory(place: Place) -> None:
    """Private to the server's account; one that is not is refused, since anybody may have put it there to listen in."""
    path = place.socket_directory
    try:
        path.mkdir(mode=0o700)
        place.account.give(path)
    except FileExistsError:
        pass
    found = path.lstat()
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) & 0o077 == 0
    if not private or found.st_uid != place.account.uid:
        raise LauncherError(f"{path} is not private to the account {place.account.name}: remove it")
