from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from feedback.models import Case
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from samokov_portal.open311.keys import fill_in
from samokov_portal.open311.models import ApiKey, Filing

NAME = "Примерно приложение"
ONE_IN = 5


class Command(BaseCommand):
    help = "Say of one in five sample cases of the portal that it came through Open311; only for DEMO=1, idempotent."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sample filings are made only for the demonstration (DEMO=1).")
        key = ApiKey.objects.filter(name=NAME).first() or self._key()
        cases = Case.objects.samples().filter(channel=Channel.WEB, open311=None).order_by("pk")
        if Filing.objects.filter(key=key).exists():
            self.stdout.write("There are sample filings already; nothing was added.")
            return
        made = Filing.objects.bulk_create(Filing(case=case, key=key) for case in cases.only("pk")[::ONE_IN])
        self.stdout.write(f"Made {len(made)} filings.")

    def _key(self) -> ApiKey:
        """A key that opens nothing: it is told to nobody, and not in force."""
        key = ApiKey(name=NAME, is_active=False)
        fill_in(key, now=timezone.now())
        save_with_history(key, by=None, why="примерен ключ")
        return key
