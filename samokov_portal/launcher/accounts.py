"""Which account the database server runs under: ours, or, because it refuses root, an unprivileged one."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from samokov_portal.launcher.console import LauncherError


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    name: str
    # None in all three: nothing to switch, the process already runs as this account.
    switch_uid: int | None = None
    switch_gid: int | None = None
    switch_groups: tuple[int, ...] | None = None

    @property
    def is_other(self) -> bool:
        return self.switch_uid is not None

    def can(self, what: str, path: Path) -> bool:
        """Ask the kernel as that account (`what` is test's flag: -x, -r), so that all permissions count."""
        asked = subprocess.run(
            ["test", what, str(path)],
            cwd="/",
            user=self.switch_uid,
            group=self.switch_gid,
            extra_groups=self.switch_groups,
            check=False,
        )
        return asked.returncode == 0

    def give(self, path: Path) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def own_account() -> Account:
    return Account(os.geteuid(), os.getegid(), _name_of(os.geteuid()))


def server_account(cluster: Path) -> Account:
    """Ours unless we are root; then the owner of the cluster if there is one, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return own_account()
    entry = _owner(cluster) or _entry("postgres") or _entry("nobody")
    if entry is None or entry.pw_uid == 0:
        raise LauncherError("PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to use")
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, entry.pw_uid, entry.pw_gid, ())


def _owner(path: Path) -> pwd.struct_passwd | None:
    try:
        uid = path.stat().st_uid
        return pwd.getpwuid(uid) if uid != 0 else None
    except (OSError, KeyError):
        return None


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        # A container may run us under a number that has no name.
        return str(uid)
