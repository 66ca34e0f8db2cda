"""Made-up observations on the spot, and what made-up people say in reports, for the demonstration."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from charter.actions.reports import (
    approve_report,
    attach_pdf,
    explain_finding,
    publish_report,
    submit_report,
    write_comment,
)
from charter.choices import MeasuredFrom, Method, ReportStatus, Verdict
from charter.models import Observation, Report, Standard
from charter.pdf import render_report
from charter.stages import EDITABLE
from samokov_portal.office.samples import WHY, Chance
from samokov_portal.staff.models import StaffUser
from services.models import Unit

# How many in a quarter of a year for each promise that is measured so, and how many of them find it broken.
A_QUARTER = 9
BROKEN = 0.07
NOTE = "Примерно наблюдение."
ACTION_TAKES = timedelta(days=90)
COMMENT = "Примерен коментар: част от случаите са чакали становище на друго звено."
ACTION = "Примерна мярка: напомняне пет работни дни преди края на срока."
OWNER = "Секретар на общината"
EXPLANATION = "Примерно обяснение: числото е проверено и е такова."


def make_observations(chance: Chance, *, first: date, until: datetime) -> int:
    """Some observations of each promise measured by observation, from `first` on; returns how many were made."""
    units = list(Unit.objects.in_order())
    days = (until.date() - first).days
    rows = []
    for standard in Standard.objects.in_force().filter(measured_from=MeasuredFrom.OBSERVATION):
        for _serial in range(A_QUARTER * days // 91):
            seen_at = chance.at_work(first + timedelta(days=chance.random.randrange(days)))
            recorded_at = seen_at + timedelta(hours=chance.random.randint(1, 30))
            is_kept = not chance.happens(BROKEN)
            if recorded_at > until:
                continue
            rows.append(
                Observation(
                    standard=standard,
                    on=seen_at.date(),
                    method=chance.one_of(list(Method)),
                    unit=chance.one_of(units),
                    is_kept=is_kept,
                    minutes=_minutes(chance, standard, is_kept),
                    note=NOTE,
                    recorded_at=recorded_at,
                    is_sample=True,
                )
            )
    stored = Observation.objects.bulk_create(rows)
    past = Observation.history.model
    fields = [field.attname for field in past.tracked_fields]
    past.objects.bulk_create(
        past(
            **{name: getattr(row, name) for name in fields},
            history_date=row.recorded_at,
            history_type="+",
            history_change_reason=WHY,
        )
        for row in stored
    )
    return len(stored)


def _minutes(chance: Chance, standard: Standard, is_kept: bool) -> int | None:
    """How long it took where the promise is of minutes."""
    if standard.limit is None or standard.limit_unit != "minutes":
        return None
    return chance.random.randint(2, standard.limit) if is_kept else standard.limit + chance.random.randint(1, 15)


def publish_sample(report: Report, editor: StaffUser, secretary: StaffUser) -> None:
    """Take a report from where it stands to its publishing, as two people would; a broken off run is carried on.

    Each step is taken now: the clock is read here, as the people themselves would. Raises RendererMissing.
    """
    if report.status in EDITABLE:
        for figure in report.figures.filter(verdict=Verdict.BROKEN):
            due_on = timezone.localtime(report.as_of).date() + ACTION_TAKES
            actions = [{"what": ACTION, "owner": OWNER, "due_on": due_on}]
            write_comment(figure_id=figure.pk, comment=COMMENT, actions=actions, by=editor, now=_now())
        for finding in report.findings.all():
            explain_finding(finding_id=finding.pk, explanation=EXPLANATION, by=editor, now=_now())
        report = submit_report(report_id=report.pk, by=editor, now=_now())
    if report.status == ReportStatus.SUBMITTED:
        report = approve_report(report_id=report.pk, by=secretary, now=_now())
    attach_pdf(report_id=report.pk, pdf=render_report(Report.objects.get(pk=report.pk)))
    publish_report(report_id=report.pk, by=secretary, now=_now())


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 - made-up people act when the command runs
