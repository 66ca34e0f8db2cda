from typing import Any

from django.core.management.base import BaseCommand

from feedback.texts import load_letters


class Command(BaseCommand):
    help = "Load the competent bodies and the texts of letters from the data in the repository; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        written = load_letters()
        self.stdout.write("Written: " + ", ".join(f"{name} {count}" for name, count in written.items()) + ".")
