"""`make backup`, where the packages are: database and files in one directory that is whole or not there.

A running portal may be backed up: `pg_dump` sees one moment, and files are only added and named by their contents' row.
Keys are not in it, unless KEYS_TO names another directory: whoever steals a backup must not be able to sign.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from samokov_portal.keys import BadKey, private_key
from samokov_portal.launcher import binaries
from samokov_portal.launcher.cluster import database_url, running_cluster
from samokov_portal.launcher.console import LauncherError, say
from samokov_portal.launcher.manifest import key_file, write_manifest
from samokov_portal.launcher.options import Options
from samokov_portal.launcher.processes import call, guarded

DUMP = "database.dump"
FILES = "attachments"


def backup(options: Options, environ: Mapping[str, str]) -> Path:
    """Make one more backup below BACKUPS (DATA_DIR/backups) and return its directory."""
    folder = Path(environ.get("BACKUPS") or options.data_dir / "backups")
    _tell_of_files_elsewhere(environ)
    try:
        key = private_key(key_file(options, environ))
    except BadKey as error:
        raise LauncherError(str(error)) from error
    if key is None:
        say("There is no key to sign the backup with, so its restore cannot tell whether it is the portal's own.")
    name = time.strftime("samokov-%Y%m%d-%H%M%S")
    draft, whole = folder / f"{name}.partial", folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
    except OSError as error:
        raise LauncherError(f"no backup can be made in {folder}: {error.strerror}") from error
    with owner_address(options, environ) as url:
        say("Dumping the database")
        _dump(url, draft / DUMP, environ)
        state = _state(url)
    say("Copying the files")
    # After the database: a file that came meanwhile is too many, which harms nobody; one too few would.
    _copy_files(options.data_dir / FILES, draft / FILES)
    count = write_manifest(draft, state, key)
    draft.rename(whole)
    _keep_keys(options, environ)
    say(f"The backup is {whole}: {count} files. Copy it to another place.")
    return whole


def _tell_of_files_elsewhere(environ: Mapping[str, str]) -> None:
    """Files in a bucket are the bucket's to keep; a backup that does not say so would seem to have them."""
    if bucket := environ.get("ATTACHMENTS_S3_BUCKET"):
        say(f"The files of people are in the bucket {bucket} and not in this backup: keep its versions there.")


@contextmanager
def owner_address(options: Options, environ: Mapping[str, str]) -> Iterator[str]:
    """The address of the database as its owner; the private one is started if it does not run."""
    if options.database_url:
        yield options.owner_url or options.database_url
        return
    url = database_url(options.data_dir)
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        with running_cluster(options.data_dir, environ=environ) as cluster:
            yield cluster.url
    else:
        yield url


def program(name: str, environ: Mapping[str, str], major: int) -> str:
    """The client program that can read a server of `major`: the oldest that is new enough. Raises LauncherError."""
    found = [one for one in binaries.candidates(environ) if (one.directory / name).is_file() and one.major >= major]
    if not found:
        raise LauncherError(f"{name} {major} or newer is not here: install postgresql-client-{major}")
    return str(min(found, key=lambda one: one.major).directory / name)


def server_major(url: str) -> int:
    """The major version of the server at `url`. Raises LauncherError."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise LauncherError(f"the database does not answer: {error}") from error


def _dump(url: str, target: Path, environ: Mapping[str, str]) -> None:
    arguments = [
        program("pg_dump", environ, server_major(url)),
        "--format=custom",
        # The portal has none, and one that is not the owner's would keep everything else from being dumped.
        "--no-blobs",
        f"--file={target}",
        f"--dbname={url}",
    ]
    if call(arguments, env=without_pg(environ)) != 0:
        raise LauncherError("pg_dump failed: the reason stands above, and what it made is left as .partial")
    target.chmod(0o600)


def without_pg(environ: Mapping[str, str]) -> dict[str, str]:
    """Without the variables that would lead a client program elsewhere."""
    return {name: value for name, value in environ.items() if not name.startswith("PG") or name == "PG_BIN"}


def _state(url: str) -> dict[str, Any]:
    """What the restored store must say again: the newest seal and how many cases there are, at least."""
    with psycopg.connect(url) as connection:
        seal = connection.execute("SELECT number, digest FROM audit_seal ORDER BY number DESC LIMIT 1").fetchone()
        cases = connection.execute("SELECT count(*) FROM feedback_case").fetchone()
    return {
        "made_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seal": {"number": seal[0], "digest": seal[1]} if seal else None,
        "cases": cases[0] if cases else 0,
    }


def _copy_files(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)


def _keep_keys(options: Options, environ: Mapping[str, str]) -> None:
    keys = options.data_dir / "keys"
    target = environ.get("KEYS_TO")
    if not target:
        say("The keys are not in it: copy them apart, with KEYS_TO=directory or by hand.")
    elif keys.is_dir():
        try:
            shutil.copytree(keys, target, dirs_exist_ok=True)
        except OSError as error:
            raise LauncherError(f"the keys cannot be copied to {target}: {error}") from error
        say(f"The keys are in {target}.")


def main() -> int:
    backup(Options.from_environment(os.environ), os.environ)
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main, when_stopped=130))
