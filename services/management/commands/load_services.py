from typing import Any

from django.core.management.base import BaseCommand

from services.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Load the units, settlements and the catalogue of services from the data in the repository; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        written = load_catalogue()
        self.stdout.write("Written: " + ", ".join(f"{name} {count}" for name, count in written.items()) + ".")
