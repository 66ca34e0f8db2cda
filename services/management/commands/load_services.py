from typing import Any

from django.core.management.base import BaseCommand

from samokov_portal.search.synonyms import load_synonyms
from services.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Load units, settlements, the catalogue and the synonyms of its search from the repository; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        written = load_catalogue() | {"synonyms": load_synonyms()}
        self.stdout.write("Written: " + ", ".join(f"{name} {count}" for name, count in written.items()) + ".")
