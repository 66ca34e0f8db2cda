"""`make restore FROM=…`, where the packages are: a backup into an empty database, and then counted again."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from samokov_portal.keys import BadKey, known_keys
from samokov_portal.launcher.backup import DUMP, FILES, owner_address, program, server_major, without_pg
from samokov_portal.launcher.cluster import application_url
from samokov_portal.launcher.console import LauncherError, say
from samokov_portal.launcher.demo import environment
from samokov_portal.launcher.manifest import key_file, whole
from samokov_portal.launcher.options import ROOT, Options, make_data_dir
from samokov_portal.launcher.processes import call, guarded

# In this order: the guards and rights first, as after each update; then the store against its seals, then the figures.
ERASED = "erased.json"
AFTERWARDS = {
    "The guards and the rights are put.": ["migrate", "--no-input", "--skip-checks", "--verbosity=0"],
    "The history is as its seals say.": ["verify_history"],
    "The published figures are counted again as they were published.": ["recount_reports"],
}


def restore(options: Options, environ: Mapping[str, str]) -> None:
    """Bring back the backup that FROM names, and verify it, also against the published seals where SEALS names a copy;
    then erase again what ERASED names, a list of `retain --list`; without it the one that lies beside the keys.

    Raises LauncherError, before anything is written where the backup is not whole or not signed by a key of the portal,
    or the database or the folder of files is not empty.
    """
    source = Path(environ.get("FROM") or "")
    if not environ.get("FROM"):
        raise LauncherError("say which backup: make restore FROM=directory")
    try:
        manifest = whole(source, known_keys(key_file(options, environ)))
    except BadKey as error:
        raise LauncherError(str(error)) from error
    make_data_dir(options.data_dir)
    target = options.data_dir / FILES
    if target.exists() and any(target.rglob("*")):
        raise LauncherError(f"{target} is not empty: move it away")
    with owner_address(options, environ) as url:
        _refuse_full(url)
        say("Restoring the database")
        _load(url, source / DUMP, environ)
        say("Copying the files")
        shutil.copytree(source / FILES, target, dirs_exist_ok=True)
        _verify(options, environ, url, manifest)
    say("The backup is restored and verified.")


def _refuse_full(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    if row != (0,):
        raise LauncherError("the database is not empty: a backup is restored into an empty one only")


def _load(url: str, dump: Path, environ: Mapping[str, str]) -> None:
    arguments = [program("pg_restore", environ, server_major(url)), "--no-owner", "--no-privileges", "--exit-on-error"]
    if call([*arguments, "--single-transaction", f"--dbname={url}", str(dump)], env=without_pg(environ)) != 0:
        raise LauncherError("pg_restore failed: the reason stands above, and nothing was stored")


def _verify(options: Options, environ: Mapping[str, str], url: str, manifest: dict[str, Any]) -> None:
    application = options.database_url or application_url(options.data_dir)
    env = environment(options, application, environ)
    env |= {"DATABASE_URL": url, "DATABASE_APPLICATION_ROLE": str(conninfo_to_dict(application).get("user", ""))}
    _refuse_other_seal(url, manifest)
    for said, command in AFTERWARDS.items():
        more = ["--seals", environ["SEALS"]] if command == ["verify_history"] and environ.get("SEALS") else []
        if call([sys.executable, "manage.py", *command, *more], env=env, cwd=ROOT) != 0:
            raise LauncherError(f"the backup is restored and is not as it was: {' '.join(command)} says what differs")
        say(said)
    erased = environ.get("ERASED") or _kept_list(options, environ)
    if not erased:
        say("What was erased since the backup is there again: erase it with ERASED=list, or `retain --reapply list`.")
    elif call([sys.executable, "manage.py", "retain", "--reapply", erased], env=env, cwd=ROOT) != 0:
        raise LauncherError("the backup is restored, and not all that was erased since is erased again")


def _kept_list(options: Options, environ: Mapping[str, str]) -> str:
    """The list of what was erased where it lies beside the keys, which is where README has it kept."""
    path = key_file(options, environ).parent / ERASED
    return str(path) if path.is_file() else ""


def _refuse_other_seal(url: str, manifest: dict[str, Any]) -> None:
    with psycopg.connect(url) as connection:
        seal = connection.execute("SELECT number, digest FROM audit_seal ORDER BY number DESC LIMIT 1").fetchone()
    if (manifest["seal"] and tuple(manifest["seal"].values())) != (seal or None):
        raise LauncherError("the newest seal of the restored history is not the one that the backup names")


def main() -> int:
    restore(Options.from_environment(os.environ), os.environ)
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main, when_stopped=130))
