import json
import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_outside_a_request
from samokov_portal.upkeep.people import member_of_staff
from samokov_portal.upkeep.retention import as_told, matters_of

logger = logging.getLogger("samokov_portal.looks")


class Command(BaseCommand):
    help = "Write everything that the portal keeps of one person, found by exact name and contact, to a JSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="first and last name, as it was given")
        parser.add_argument("contact", help="the e-mail, telephone or address that was given")
        parser.add_argument("--by", required=True, help="the user name of the member of staff who answers the request")
        parser.add_argument("--reason", required=True, help="the request, such as its number; kept in the log")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        matters = matters_of(options["name"].strip(), options["contact"].strip())
        asked_by = member_of_staff(options["by"])
        if not matters:
            raise CommandError("there is nothing of a person with this name and contact", returncode=1)
        told = {matter.number: as_told(matter) for matter in matters}
        note_outside_a_request(asked_by, LookKind.EXPORT, sorted(told))
        try:
            options["out"].write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['out']}: {error.strerror}") from error
        line = {"event": "export of a person", "reason": options["reason"], "numbers": sorted(told)}
        logger.info(json.dumps(line, ensure_ascii=False))
        self.stdout.write(f"{len(told)} matters written to {options['out']}.")
