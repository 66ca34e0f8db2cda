from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from charter.models import Observation, Standard
from charter.samples import make_observations
from feedback.models import Case, OralEnquiry, SurveyResponse
from feedback.samples import make_oral_enquiries, make_survey
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.samples import Chance


class Command(BaseCommand):
    help = "Make observations, oral questions and survey answers beside the sample cases, the same for the same seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another seed makes others (default 1)")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day, YYYY-MM-DD (default yesterday)")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not Standard.objects.exists():
            raise CommandError("There are no standards: run load_charter first.")
        oldest = Case.objects.samples().order_by("received_at", "pk").first()
        if oldest is None:
            raise CommandError("There are no sample cases: run sample_data first.")
        if any(model.objects.exists() for model in (Observation, OralEnquiry, SurveyResponse)):
            self.stdout.write("There are observations already; nothing was added.")
            return
        last = options["until"] or timezone.localdate() - timedelta(days=1)
        until = min(timezone.make_aware(datetime.combine(last, time.max)), timezone.now())
        chance = Chance(options["seed"], WorkingDayOverride.objects.all().calendar())
        first = timezone.localtime(oldest.received_at).date()
        observed = make_observations(chance, first=first, until=until)
        asked = make_oral_enquiries(chance, first=first, until=until)
        answered = make_survey(chance, first=first, until=until)
        self.stdout.write(
            f"Made {observed} observations, {asked} oral questions and {answered} answers to the survey "
            f"up to {last:%d.%m.%Y}."
        )
