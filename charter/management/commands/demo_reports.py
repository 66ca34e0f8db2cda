from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from charter.actions import AlreadyPublished, TwoPeopleNeeded, publish_report
from charter.measurement import Period
from charter.models import Report
from feedback.models import Case
from samokov_portal.staff.models import StaffUser

QUARTERS = 4
# Reports are made some days after the quarter, when the last papers of it are in.
AFTER_THE_END = timedelta(days=4, hours=9)


class Command(BaseCommand):
    help = (
        "Make and publish reports of the last four ended quarters that have cases; only for DEMO=1. Idempotent: "
        "a quarter with a published report is left as it is."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("These reports are for the demonstration only (DEMO=1).")
        # The system prepares, so that the secretary, who publishes, is the second of the two that are needed.
        secretary = StaffUser.objects.filter(username="secretary").first()
        if secretary is None:
            raise CommandError("There is no account „secretary“: run demo_staff first.")
        now = timezone.now()
        for period in reversed(list(islice(_ended_quarters_with_cases(now), QUARTERS))):
            self._publish(period, secretary, now)

    def _publish(self, period: Period, secretary: StaffUser, now: datetime) -> None:
        reports = Report.objects.of_period(period.code).without_pdf()
        if reports.published().exists():
            self.stdout.write(f"Report {period.code} is already published.")
            return
        as_of = _natural_moment(period, now)
        call_command("make_report", period.code, as_of=as_of.isoformat(), stdout=self.stdout)
        report = reports.filter(as_of=as_of).newest_first()[0]
        try:
            publish_report(report_id=report.pk, by=secretary, now=timezone.now())
        except (AlreadyPublished, TwoPeopleNeeded) as error:
            raise CommandError(f"{report} could not be published: {type(error).__name__}.") from error
        self.stdout.write(f"Report {period.code} is published.")


def _ended_quarters_with_cases(now: datetime) -> Iterator[Period]:
    """Newest first, back to the quarter of the oldest case."""
    oldest = Case.objects.order_by("received_at", "pk").first()
    period = Period.quarter_of(timezone.localtime(now).date()).previous_quarter()
    while oldest is not None and period.span[1] > oldest.received_at:
        if Case.objects.received_between(*period.span).exists():
            yield period
        period = period.previous_quarter()


def _natural_moment(period: Period, now: datetime) -> datetime:
    """Some days after the end of `period`, or its very end when those days have not passed yet."""
    end = period.span[1]
    return end + AFTER_THE_END if end + AFTER_THE_END <= now else end
