from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from charter.actions.refusals import AlreadyPublished, NeedsReason, PeriodNotOver
from charter.actions.reports import attach_pdf, prepare_report, wait_for_writers
from charter.measurement import BadPeriod, Period
from charter.models import Report, Standard
from charter.pdf import render_report
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.keys import BadKey
from samokov_portal.printing import RendererMissing


class Command(BaseCommand):
    help = (
        "Freeze the figures of a period in a report and render its PDF. Idempotent: a report of the period as of the "
        "same moment (without --as-of: the newest one) is shown as it is, neither counted nor rendered again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="2026, 2026-H1, 2026-Q3 or 2026-07")
        parser.add_argument("--as-of", help="count what was known at this moment, ISO 8601; now, if not given")
        parser.add_argument("--out", type=Path, help="write the PDF to this file, too")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        period, as_of = _period(options["period"]), _moment(options["as_of"], now)
        report = _made(period, as_of) or _make(period, as_of or now, now)
        if report.pdf is None:
            report = _rendered(report)
        if options["out"] is not None:
            _write(options["out"], bytes(report.pdf or b""))
        self.stdout.write(f"Report {report.period}, version {report.version}, SHA-256 {report.pdf_sha256}")


def _period(code: str) -> Period:
    try:
        return Period.parse(code)
    except BadPeriod as error:
        raise CommandError(f"{code!r} is no period: give 2026, 2026-H1, 2026-Q3 or 2026-07.") from error


def _moment(text: str | None, now: datetime) -> datetime | None:
    """What --as-of says, in Europe/Sofia unless it names an offset; None when it is not given."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no moment: give ISO 8601, such as 2026-10-05T09:00.") from error
    moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    if moment > now:
        raise CommandError(f"{text} is in the future: what will be known then cannot be counted.")
    return moment


def _made(period: Period, as_of: datetime | None) -> Report | None:
    """The newest report of `period`, as of `as_of` if that is given."""
    reports = Report.objects.of_period(period.code).not_discarded().newest_first()
    return (reports if as_of is None else reports.filter(as_of=as_of)).first()


def _make(period: Period, as_of: datetime, now: datetime) -> Report:
    if not Standard.objects.exists():
        raise CommandError("There are no standards to count: run load_charter first.")
    try:
        wait_for_writers()
        seal_with_our_key(now)
        return prepare_report(period=period, as_of=as_of, by=None, now=now)
    except PeriodNotOver as error:
        raise CommandError(
            f"{period.code} is not over by {as_of.isoformat()}: its last day is {period.last_day}."
        ) from error
    except (BadKey, OperationalError) as error:
        raise CommandError(f"The history cannot be sealed, so nothing is counted: {error}") from error
    except NeedsReason as error:
        raise CommandError(
            f"A report of {period.code} is published: it is corrected at the desk, with a reason that everybody reads."
        ) from error


def _rendered(report: Report) -> Report:
    """The report with its PDF, rendered from what is stored; a draft left by an interrupted run is completed here."""
    try:
        return attach_pdf(report_id=report.pk, pdf=render_report(Report.objects.get(pk=report.pk)))
    except RendererMissing as error:
        raise CommandError(str(error)) from error
    except AlreadyPublished as error:
        raise CommandError(f"{report} was published meanwhile and does not change.") from error


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise CommandError(f"The PDF could not be written to {path}: {error.strerror}.") from error
