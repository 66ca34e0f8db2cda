import json
import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFailure
from django.utils import timezone

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_outside_a_request
from samokov_portal.upkeep.people import member_of_staff
from samokov_portal.upkeep.retention import Matter, erase, is_in_work, matters_of

logger = logging.getLogger("samokov_portal.looks")
LONGEST_REASON = 200


class Command(BaseCommand):
    help = (
        "Erase the data of one person, found by exact name and contact, from what has ended; as the database's owner."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="first and last name, as it was given")
        parser.add_argument("contact", help="the e-mail, telephone or address that was given")
        parser.add_argument("--by", required=True, help="the user name of the member of staff who answers the request")
        parser.add_argument("--reason", required=True, help="why, without anybody's name; it stays in the history")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased")

    def handle(self, *args: Any, **options: Any) -> None:
        matters = matters_of(options["name"].strip(), options["contact"].strip())
        asked_by = member_of_staff(options["by"])
        if not matters:
            raise CommandError("there is nothing of a person with this name and contact", returncode=1)
        note_outside_a_request(asked_by, LookKind.SEARCH, sorted(matter.number for matter in matters))
        why = options["reason"][:LONGEST_REASON]
        left = []
        for matter in matters:
            is_done = not is_in_work(matter)
            if is_done and not options["dry_run"]:
                self.erase(matter, why)
            self.stdout.write(f"{matter.number}{'' if is_done else ' is still in work and stays until it ends'}")
            left += [] if is_done else [matter.number]
        if not options["dry_run"]:
            numbers = sorted({matter.number for matter in matters} - set(left))
            line = {"event": "erasure of a person", "by": options["by"], "reason": why, "numbers": numbers}
            logger.info(json.dumps(line, ensure_ascii=False))
        self.stdout.write(f"{'Would be erased' if options['dry_run'] else 'Erased'}: {len(matters) - len(left)}.")

    def erase(self, matter: Matter, why: str) -> None:
        try:
            erase(matter, why=why, now=timezone.now())
        except DatabaseFailure as error:
            raise CommandError(f"the database refuses, are you its owner? {error}", returncode=1) from error
