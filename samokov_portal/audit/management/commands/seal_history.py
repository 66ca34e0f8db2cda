from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from samokov_portal.audit.seals import ForgedSeal, seal_history
from samokov_portal.keys import BadKey, known_keys, private_key


class Command(BaseCommand):
    help = "Seal what was added to the history since the last seal. The worker does it each night."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = private_key(settings.REPORT_KEY_FILE)
        except BadKey as error:
            raise CommandError(str(error)) from error
        if key is None:
            raise CommandError(f"there is no key in {settings.REPORT_KEY_FILE} to sign with (REPORT_KEY_FILE)")
        try:
            seal = seal_history(
                key, timezone.now(), known=known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS)
            )
        except OperationalError as error:
            raise CommandError(f"nothing is sealed, try again later: {error}") from error
        except ForgedSeal as error:
            raise CommandError(f"nothing is sealed: {error}", returncode=1) from error
        if seal is None:
            self.stdout.write("Nothing was added since the last seal.")
            return
        self.stdout.write(f"Seal {seal.number}: {seal.covers} rows, {seal.digest}")
