import json
import logging
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFailure
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from samokov_portal.audit.models import Tombstone
from samokov_portal.upkeep.retention import Matter, due, erase, forget_file_names, forget_words, is_in_work, matter_of

logger = logging.getLogger(__name__)
WHY = "изтекъл срок за съхранение"


class Command(BaseCommand):
    help = (
        "Erase the personal data of what ended longer ago than RETENTION_YEARS, as the owner of the database. Numbers,"
        " days, kinds and outcomes stay. With --dry-run only says what it would do."
    )

    failed = 0

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased")
        parser.add_argument("--list", type=Path, metavar="FILE", help="write the numbers of all that was ever erased")
        parser.add_argument("--reapply", type=Path, metavar="FILE", help="erase again what such a list names")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self.write_list(options["list"])
            elif options["reapply"]:
                self.reapply(options["reapply"], is_dry=options["dry_run"])
            else:
                self.retain(is_dry=options["dry_run"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error
        except DatabaseFailure as error:
            raise CommandError(f"the database refuses, are you its owner? {error}", returncode=1) from error

    def retain(self, *, is_dry: bool) -> None:
        now = timezone.now()
        counts: Counter[str] = Counter()
        left = 0
        for one in due(now, settings.RETENTION_YEARS):
            is_done = self.erase(one.matter, WHY, is_dry=is_dry)
            left += is_done is False
            counts[one.kind] += is_done is not None
        if words := forget_words(now, settings.RETENTION_YEARS, is_dry=is_dry):
            counts["words of the survey"] = words
        if names := forget_file_names(is_dry=is_dry):
            counts["names of files never sent"] = names
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()) if count) or "nothing"
        self.stdout.write(f"{'Would be erased' if is_dry else 'Erased'}: {told}; left, because in work: {left}.")
        self.refuse_failed()

    def erase(self, matter: Matter, why: str, *, is_dry: bool) -> bool | None:
        """Erase one matter and say its number; False where it is still in work, None where that failed."""
        try:
            is_done = not is_in_work(matter) and (is_dry or erase(matter, why=why, now=timezone.now()) is not None)
        except Exception as error:
            # Each store of files fails in its own way, and what fails today must not keep all that comes after it.
            if isinstance(error.__cause__, InsufficientPrivilege):
                raise
            logger.exception("%s could not be erased", matter.number)
            self.stdout.write(f"{matter.number} failed: {type(error).__name__}: {error}")
            self.failed += 1
            return None
        self.stdout.write(f"{matter.number}{'' if is_done else ' is still in work'}")
        return is_done

    def refuse_failed(self) -> None:
        """Raise CommandError where something could not be erased: it still has everything, and is tried again."""
        if self.failed:
            raise CommandError(f"{self.failed} could not be erased, and wait for the next run", returncode=1)

    def write_list(self, path: Path) -> None:
        rows = list(Tombstone.objects.order_by("pk").values("what", "number", "why"))
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        self.stdout.write(f"{len(rows)} numbers written to {path}.")

    def reapply(self, path: Path, *, is_dry: bool) -> None:
        again = 0
        for row in json.loads(path.read_text(encoding="utf-8")):
            matter = matter_of(row["what"], row["number"])
            if matter is not None and not Tombstone.objects.filter(what=row["what"], number=row["number"]).exists():
                again += bool(self.erase(matter, row["why"], is_dry=is_dry))
        self.stdout.write(f"{'Would be erased' if is_dry else 'Erased'} again: {again}.")
        self.refuse_failed()
