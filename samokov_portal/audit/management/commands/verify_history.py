import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.checkpoints import read_checkpoint, write_checkpoint
from samokov_portal.audit.models import Seal
from samokov_portal.audit.recounting import sessions
from samokov_portal.keys import BadKey, known_keys

SAID = {
    "changed": "row {key} of {table}, sealed by {seal}, was changed",
    "removed": "row {key} of {table}, sealed by {seal}, was removed",
    "moved": "row {key} of {table}, sealed by {seal}, was moved out of what that seal covers",
    "inserted": "row {key} of {table} was inserted where no row was (seal {seal})",
    "digests": "rows of {table} sealed by {seal} differ, and so do their kept digests: no telling which row",
    "table": "{table}, sealed by {seal}, or one of its columns is gone",
    "missing": "seal {seal} is missing",
    "rewritten": "seal {seal} is not the one that was published",
    "chain": "seal {seal} does not follow the one before it",
    "digest": "seal {seal} is not what its digest says",
    "unknown_key": "seal {seal} is signed by an unknown key",
    "signature": "the signature of seal {seal} is not of this seal",
    "count": "{table} has not as many rows as its seals up to the checkpoint cover",
    "refilled": "row {key} of {table} is marked as erased and says something",
    "untold": "row {key} of {table} is marked as erased, and no later row of its history tells of that",
    "unrecorded": "row {key} of {table} is marked as erased, and no tombstone tells of that",
    "twice": "there are two rows {key} of {table}",
    "differs": "row {key} of {table} is not what its newest history says",
}


class Command(BaseCommand):
    help = "Count the sealed history again, and say what is not as it was sealed. Ends with 1 if anything is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=int, default=1, metavar="N", help="recount only the seals from number N on")
        parser.add_argument("--seals", type=Path, help="a copy of the published seals (the JSON of /api/v1/seals/)")
        parser.add_argument(
            "--checkpoint",
            type=Path,
            metavar="FILE",
            help="recount only what was sealed since the run that wrote this file, and write it anew where all is well:"
            " quick, for every day; a changed row that was counted before is found by a run without it only",
        )
        parser.add_argument("--sessions", type=int, default=2, help="how many sessions count large tables (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["checkpoint"]
        try:
            keys = known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS)
            seals_said = json.loads(options["seals"].read_bytes())["seals"] if options["seals"] else []
            copies = [{"number": int(one["number"]), "digest": str(one["digest"])} for one in seals_said]
            counted = read_checkpoint(path) if path else None
        except (BadKey, OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error
        since = options["since"]
        if counted is not None:
            since = max(since, counted["number"] + 1)
            copies.append(counted)
        with sessions(options["sessions"]) as pool:
            last = self._say(check_history(keys, since=since, published=copies, pool=pool))
        if path and last is not None and since == (counted["number"] + 1 if counted else 1):
            write_checkpoint(path, last)

    def _say(self, found: Iterator[Finding | Seal]) -> Seal | None:
        """Tell of what was found; returns the last seal. Raises CommandError where anything is wrong."""
        began, seals, rows, wrong, last = monotonic(), 0, 0, 0, None
        for one in found:
            if isinstance(one, Finding):
                wrong += 1
                self.stdout.write(SAID[one.what].format(key=one.key, table=one.table, seal=one.seal or "none"))
            else:
                last, seals, rows = one, seals + 1, rows + one.covers
        pace = round(rows / max(monotonic() - began, 0.001))
        self.stdout.write(f"{seals} seals with {rows} rows checked, {pace} a second; what is not as it was: {wrong}")
        if wrong:
            raise CommandError("the history is not as it was sealed", returncode=1)
        return last
