from typing import Any

from django.core.management.base import BaseCommand, CommandError

from charter.texts import UnknownMeasure, WrongLimit, load_charter


class Command(BaseCommand):
    help = "Load the charter of 2016 and its standards from the data in the repository; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = load_charter()
        except UnknownMeasure as error:
            raise CommandError("A standard and the table of measures do not agree.") from error
        except WrongLimit as error:
            raise CommandError(f"The standard {error} promises another limit than the one that is counted.") from error
        self.stdout.write(f"Written: {written} rows.")
