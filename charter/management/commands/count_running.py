from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from charter.models import RunningFigures
from charter.running import count_running, running_quarter

# The worker counts each hour.
FRESH = timedelta(hours=1)


class Command(BaseCommand):
    help = "Count the promises of the running quarter for the Secretary's page, unless that was done within the hour."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        fresh = RunningFigures.objects.filter(period=running_quarter(now).code, as_of__gt=now - FRESH)
        if fresh.exists():
            self.stdout.write("They were counted within the hour.")
            return
        row = count_running(now)
        self.stdout.write(f"Counted {len(row.lines)} promises of {row.period}.")
