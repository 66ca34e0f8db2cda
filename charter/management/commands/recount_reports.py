from typing import Any

from django.core.management.base import BaseCommand, CommandError

from charter.measurement import Period
from charter.models import Report, Standard
from charter.report import as_record, frozen_lines, live_lines


class Command(BaseCommand):
    help = "Count the figures of every published report again from the history, and say which are not as published."

    def handle(self, *args: Any, **options: Any) -> None:
        reports = figures = wrong = 0
        for report in Report.objects.standing().without_pdf().order_by("period", "pk"):
            period = Period.parse(report.period)
            now = {
                line.code: as_record(line)
                for line in live_lines(Standard.objects.in_force_at(report.as_of), period, report.as_of)
            }
            for line in frozen_lines(report):
                published = as_record(line)
                counted = now.get(line.code)
                differing = [name for name in published if counted is None or counted[name] != published[name]]
                if differing:
                    wrong += 1
                    self.stdout.write(f"{report.period}: {line.code} differs in {', '.join(differing)}")
                figures += 1
            reports += 1
        self.stdout.write(f"{reports} reports with {figures} figures counted again; what differs: {wrong}")
        if wrong:
            raise CommandError("not every published figure is counted again from the history", returncode=1)
