from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from feedback.models import Case
from feedback.samples import make_cases, names
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.samples import Chance
from services.models import Application, Service
from services.samples import make_applications

YEARS = 3
# Three years earlier the rules in force and their holidays are still known.
EARLIEST = date(2010, 1, 1)
# At the desk there is about one application for a service to two cases.
APPLICATIONS_PER_CASE = 0.5


class Command(BaseCommand):
    help = "Make cases and applications of three years, the same ones for the same seed, so that a newcomer sees life."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=2000, help="how many cases (default 2000)")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other cases (default 1)")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day, YYYY-MM-DD (default yesterday)")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if options["cases"] < 1:
            raise CommandError("--cases must be at least 1.")
        if not Service.objects.exists():
            raise CommandError("The catalogue is empty: run load_services first.")
        if Case.objects.samples().exists() or Application.objects.samples().exists():
            self.stdout.write("There are sample cases already; nothing was added.")
            return
        if Case.objects.real().exists() or Application.objects.real().exists():
            raise CommandError("There are real cases or applications here; made-up ones would falsify every figure.")
        last = options["until"] or timezone.localdate() - timedelta(days=1)
        if not EARLIEST <= last <= timezone.localdate():
            raise CommandError(f"--until must be a day from {EARLIEST} to today.")
        chance = Chance(options["seed"], WorkingDayOverride.objects.all().calendar())
        first = last - timedelta(days=365 * YEARS)
        until = min(timezone.make_aware(datetime.combine(last, time.max)), timezone.now())
        count, number, code = make_cases(chance, days=self._days(chance, first, last, options["cases"]), until=until)
        days = self._days(chance, first, last, round(options["cases"] * APPLICATIONS_PER_CASE))
        applications = make_applications(chance, days=days, names=names(), until=until)
        self.stdout.write(f"Made {count} cases and {applications} applications up to {last:%d.%m.%Y}.")
        self.stdout.write(f"To follow one: {number}, code {code}")

    def _days(self, chance: Chance, first: date, last: date, count: int) -> list[date]:
        return sorted(chance.between(first, last) for _ in range(count))
