"""Changes of reports: freeze the figures of a period, attach the rendered PDF, publish."""

import hashlib
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from charter.choices import ReportStatus
from charter.measurement import Period
from charter.models import Figure, Report, Standard
from charter.report import as_figure, live_lines
from feedback.models import Case
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser
from services.models import Application


class PeriodNotOver(Exception):
    """Figures are frozen only of a period that has ended by the moment as of which they are counted."""


class AlreadyPublished(Exception):
    """A published report does not change; a correction is a new version."""


class TwoPeopleNeeded(Exception):
    """Whoever prepared a report cannot be the one who publishes it."""


class NotRendered(Exception):
    """The PDF of the report is not there yet, so there is nothing to publish."""


@transaction.atomic
def prepare_report(*, period: Period, as_of: datetime, by: StaffUser | None, now: datetime) -> Report:
    """Count every standard for `period` as of `as_of` and freeze the figures in the next version of its report.

    The PDF is rendered by the worker afterwards. Raises PeriodNotOver.
    """
    if as_of < period.span[1]:
        raise PeriodNotOver
    # Two people preparing the same period at once must not take the same version number.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"report {period.code}"])
    last = Report.objects.of_period(period.code).aggregate(last=Max("version"))["last"] or 0
    report = Report(
        period=period.code,
        version=last + 1,
        period_start=period.start,
        period_end=period.end,
        as_of=as_of,
        prepared_by=by,
        prepared_at=now,
        has_sample_data=Case.objects.samples().exists() or Application.objects.samples().exists(),
    )
    save_with_history(report, by=by, why="изготвен доклад")
    lines = live_lines(Standard.objects.in_force(), period, as_of)
    Figure.objects.bulk_create([as_figure(line, report, position) for position, line in enumerate(lines)])
    return report


@transaction.atomic
def attach_pdf(*, report_id: int, pdf: bytes) -> Report:
    """Store the rendered PDF of a draft with its SHA-256. Raises AlreadyPublished."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=report_id)
    if report.status == ReportStatus.PUBLISHED:
        raise AlreadyPublished
    report.pdf = pdf
    report.pdf_sha256 = hashlib.sha256(pdf).hexdigest()
    save_with_history(report, by=None, why="изобразен като PDF", fields=["pdf", "pdf_sha256"])
    return report


@transaction.atomic
def publish_report(*, report_id: int, by: StaffUser, now: datetime) -> Report:
    """Publish a draft that somebody else prepared. Raises AlreadyPublished, TwoPeopleNeeded, NotRendered."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=report_id)
    if report.status == ReportStatus.PUBLISHED:
        raise AlreadyPublished
    if report.prepared_by_id == by.pk:
        raise TwoPeopleNeeded
    if report.pdf is None:
        raise NotRendered
    report.status = ReportStatus.PUBLISHED
    report.published_by = by
    report.published_at = now
    save_with_history(report, by=by, why="публикуван доклад", fields=["status", "published_by", "published_at"])
    return report
