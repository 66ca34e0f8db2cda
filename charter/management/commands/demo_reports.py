from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from charter.actions.reports import prepare_report
from charter.measurement import Period
from charter.models import Report
from charter.samples import publish_sample
from feedback.models import Case
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.printing import RendererMissing
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
        people = {person.username: person for person in StaffUser.objects.filter(username__in=["editor", "secretary"])}
        if len(people) < len(("editor", "secretary")):
            raise CommandError("There are no accounts „editor“ and „secretary“: run demo_staff first.")
        now = timezone.now()
        seal_with_our_key(now)
        for period in reversed(list(islice(_ended_quarters_with_cases(now), QUARTERS))):
            self._publish(period, people["editor"], people["secretary"], now)

    def _publish(self, period: Period, editor: StaffUser, secretary: StaffUser, now: datetime) -> None:
        reports = Report.objects.of_period(period.code).without_pdf()
        if reports.published().exists():
            self.stdout.write(f"Report {period.code} is already published.")
            return
        report = reports.not_discarded().newest_first().first()
        if report is None:
            as_of = _natural_moment(period, now)
            report = prepare_report(period=period, as_of=as_of, by=None, now=now)
        try:
            publish_sample(report, editor, secretary)
        except RendererMissing as error:
            raise CommandError(str(error)) from error
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
