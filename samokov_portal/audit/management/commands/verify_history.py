import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from samokov_portal.audit.checking import Finding, check_history
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
    "differs": "row {key} of {table} is not what its newest history says",
}


class Command(BaseCommand):
    help = "Count the sealed history again, and say what is not as it was sealed. Ends with 1 if anything is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=int, default=1, metavar="N", help="only the seals from number N on")
        parser.add_argument("--seals", type=Path, help="a copy of the published seals (the JSON of /api/v1/seals/)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keys = known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS)
            seals_said = json.loads(options["seals"].read_bytes())["seals"] if options["seals"] else []
            copies = [{"number": int(one["number"]), "digest": str(one["digest"])} for one in seals_said]
        except (BadKey, OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error
        seals = rows = wrong = 0
        for found in check_history(keys, since=options["since"], published=copies):
            if isinstance(found, Finding):
                wrong += 1
                self.stdout.write(SAID[found.what].format(key=found.key, table=found.table, seal=found.seal or "none"))
            else:
                seals += 1
                rows += found.covers
        self.stdout.write(f"{seals} seals with {rows} rows checked; what is not as it was: {wrong}")
        if wrong:
            raise CommandError("the history is not as it was sealed", returncode=1)
