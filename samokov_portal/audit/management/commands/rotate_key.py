from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from samokov_portal.keys import BadKey, key_id, private_key, rotate_key


class Command(BaseCommand):
    help = "Put a new key in the place of the one that signs reports and seals; what it signed stays verifiable."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.REPORT_KEY_FILE
        try:
            before = private_key(path)
            if before is None:
                raise CommandError(f"there is no key in {path} to replace (REPORT_KEY_FILE)")
            after = rotate_key(path)
        except BadKey as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or path} cannot be written: {error.strerror}") from error
        old, new = key_id(before.public_key()), key_id(after.public_key())
        self.stdout.write(f"{old} signed until now, {new} signs from now on.")
        self.stdout.write(f"Both public keys are kept in {path.parent}; the old private key is gone.")
