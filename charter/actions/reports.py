"""Changes of reports: freeze the figures of a period, say what follows, and take it through its stages."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from procrastinate.contrib.django import app

from charter.actions.refusals import (
    AlreadyInWork,
    AlreadyPublished,
    ChangedMeanwhile,
    NeedsReason,
    NotExplained,
    NotRendered,
    OutOfDate,
    Overtaken,
    PeriodNotOver,
    TwoPeopleNeeded,
    WrongStage,
)
from charter.choices import ReportStatus, Verdict
from charter.entries import index_reports
from charter.freezing import before, files_of, labels, with_particulars
from charter.measurement import Period
from charter.models import CorrectiveAction, Figure, Finding, Report, ReportFile, ReportStep, Standard
from charter.quality import findings
from charter.report import Line, as_figure, as_record, frozen_lines, live_line
from charter.stages import EDITABLE, FORWARD, KEEPS_PDF, STEPS
from feedback.models import Case
from samokov_portal.audit.models import Seal
from samokov_portal.audit.writing import wait_until_nobody_writes
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser
from services.models import Application


def wait_for_writers() -> None:
    """Wait until everything that was being written a moment ago is stored or undone.

    A count as of a moment must not miss a row that carries an earlier date and is committed later. Called in a
    transaction of its own, outside the one that counts. Raises OperationalError when somebody writes for very long.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        wait_until_nobody_writes(cursor)


def has_records(period: Period) -> bool:
    """Whether anything came in the period that a report could tell of; two queries at most."""
    registers = (Case.objects, Application.objects)
    return any(register.received_between(*period.span).exists() for register in registers)


@transaction.atomic
def prepare_report(
    *,
    period: Period,
    as_of: datetime,
    by: StaffUser | None,
    now: datetime,
    correction_reason: str = "",
    is_only_one: bool = False,
) -> Report:
    """Count every standard for `period` as of `as_of` and freeze figures, groups and cases in the next version.

    The report names the newest seal of the history: whoever orders it has what is counted sealed before. The PDF is
    rendered by the worker afterwards. Raises PeriodNotOver, NeedsReason (a published report of the period is
    corrected only with a reason), and AlreadyInWork where the draft is to be the only one (`is_only_one`).
    """
    if as_of < period.span[1]:
        raise PeriodNotOver
    # Two people preparing the same period at once must not take the same version number.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"report {period.code}"])
    reports = Report.objects.of_period(period.code)
    if is_only_one and reports.in_work().exists():
        raise AlreadyInWork
    last = reports.aggregate(last=Max("version"))["last"] or 0
    corrected = reports.standing().without_pdf().first()
    if corrected is not None and not correction_reason.strip():
        raise NeedsReason
    report = Report(
        period=period.code,
        version=last + 1,
        period_start=period.start,
        period_end=period.end,
        as_of=as_of,
        prepared_by=by,
        prepared_at=now,
        correction_reason=correction_reason.strip() if corrected is not None else "",
        seal=Seal.objects.order_by("-number").first(),
        has_sample_data=Case.objects.samples().exists() or Application.objects.samples().exists(),
    )
    save_with_history(report, by=by, why="изготвен доклад")
    lines = _freeze(report, period)
    previous = Report.objects.standing().of_period(before(period).code).without_pdf().first()
    earlier = frozen_lines(previous) if previous is not None else []
    _find(report, lines, earlier)
    if corrected is not None:
        _carry_over(corrected, report)
    ReportStep.objects.create(report=report, status=ReportStatus.DRAFT, at=now, by=by)
    return report


def _freeze(report: Report, period: Period) -> list[Line]:
    """Count, and store the figures and the files of data; returns the lines."""
    standards = list(Standard.objects.in_force_at(report.as_of))
    names = labels(report.as_of)
    lines = [
        with_particulars(live_line(standard, period, report.as_of), standard, period, report.as_of, names)
        for standard in standards
    ]
    Figure.objects.bulk_create([as_figure(line, report, position) for position, line in enumerate(lines)])
    ReportFile.objects.bulk_create(files_of(report, lines, standards, period))
    return lines


def _find(report: Report, lines: list[Line], earlier: list[Line]) -> None:
    """Store what in the figures has to be explained."""
    figures = {figure.code: figure for figure in report.figures.all()}
    Finding.objects.bulk_create(
        Finding(report=report, figure=figures[code], kind=kind, facts=facts)
        for code, kind, facts in findings(lines, earlier)
    )


def _carry_over(corrected: Report, report: Report) -> None:
    """What was said of a figure stands as long as the figure is the same; the rest is to be said anew."""
    said = {figure.code: figure for figure in corrected.figures.prefetch_related("actions", "findings")}
    before = {line.code: as_record(line) for line in frozen_lines(corrected)}
    same = [line.code for line in frozen_lines(report) if before.get(line.code) == as_record(line)]
    for figure in report.figures.filter(code__in=same).prefetch_related("findings"):
        old = said[figure.code]
        figure.comment = old.comment
        figure.save(update_fields=["comment"])
        CorrectiveAction.objects.bulk_create(
            CorrectiveAction(figure=figure, what=action.what, owner=action.owner, due_on=action.due_on)
            for action in old.actions.all()
        )
        explained = {(finding.kind, str(finding.facts)): finding for finding in old.findings.all()}
        for finding in figure.findings.all():
            earlier = explained.get((finding.kind, str(finding.facts)))
            if earlier is not None:
                finding.explanation, finding.explained_by = earlier.explanation, earlier.explained_by
                finding.save(update_fields=["explanation", "explained_by"])


@transaction.atomic
def attach_pdf(*, report_id: int, pdf: bytes, of_step: int | None = None) -> Report:
    """Store the rendered PDF with its SHA-256. Raises AlreadyPublished, OutOfDate.

    `of_step` is the key of the report's newest step when it was read to be rendered; a later one made another report
    of it, whose own PDF is on its way.
    """
    report = _locked(report_id)
    if report.is_public:
        raise AlreadyPublished
    if of_step is not None and of_step != report.newest_step():
        raise OutOfDate
    report.pdf = pdf
    report.pdf_sha256 = hashlib.sha256(pdf).hexdigest()
    save_with_history(report, by=None, why="изобразен като PDF", fields=["pdf", "pdf_sha256"])
    return report


@transaction.atomic
def write_comment(
    *,
    figure_id: int,
    comment: str,
    actions: list[dict[str, Any]],
    by: StaffUser,
    now: datetime,
    seen: str | None = None,
) -> Figure:
    """Say what stands behind a figure and what will be done; `actions` (what, owner, due_on) replace those before.

    `seen` is the `notes_mark` of the figure that the person had before them (None: they saw no page). The PDF is to be
    rendered again afterwards. Raises WrongStage, ChangedMeanwhile.
    """
    report = _locked(Figure.objects.values_list("report", flat=True).get(pk=figure_id))
    figure = Figure.objects.prefetch_related("actions", "findings").get(pk=figure_id)
    if report.status not in EDITABLE:
        raise WrongStage
    if seen is not None and seen != figure.notes_mark:
        raise ChangedMeanwhile
    figure.comment = comment.strip()
    figure.save(update_fields=["comment"])
    figure.actions.all().delete()
    CorrectiveAction.objects.bulk_create(CorrectiveAction(figure=figure, **action) for action in actions)
    _note(report, by=by, now=now, note=f"коментар: {figure.title}")
    _forget_pdf(report, by=by)
    return figure


@transaction.atomic
def explain_finding(*, finding_id: int, explanation: str, by: StaffUser, now: datetime) -> Finding:
    """Say why an oddity of the figures is no mistake. Raises WrongStage, NeedsReason."""
    finding = Finding.objects.get(pk=finding_id)
    report = _locked(finding.report_id)
    if report.status not in EDITABLE:
        raise WrongStage
    if not explanation.strip():
        raise NeedsReason
    finding.explanation, finding.explained_by = explanation.strip(), by
    finding.save(update_fields=["explanation", "explained_by"])
    _note(report, by=by, now=now, note=f"обяснение: {finding.get_kind_display()}")
    _forget_pdf(report, by=by)
    return finding


@transaction.atomic
def submit_report(*, report_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Report:
    """Hand a draft over for approval. Raises WrongStage, ChangedMeanwhile, NotExplained, Overtaken."""
    report = _at_step(report_id, "submit", by, seen)
    if unexplained(report):
        raise NotExplained
    report.submitted_by = by
    return _take(report, "submit", by=by, now=now, fields=["submitted_by"])


@transaction.atomic
def send_back_report(*, report_id: int, reason: str, by: StaffUser, now: datetime, seen: int | None = None) -> Report:
    """Ask for changes. Raises WrongStage, ChangedMeanwhile, NeedsReason."""
    report = _at_step(report_id, "send_back", by, seen)
    if not reason.strip():
        raise NeedsReason
    report.approved_by = report.approved_at = None
    return _take(report, "send_back", by=by, now=now, note=reason.strip(), fields=["approved_by", "approved_at"])


@transaction.atomic
def approve_report(*, report_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Report:
    """Approve what somebody else prepared and submitted; the worker renders it for the last time.

    Raises WrongStage, ChangedMeanwhile, TwoPeopleNeeded, NotExplained, Overtaken.
    """
    report = _at_step(report_id, "approve", by, seen)
    if unexplained(report):
        raise NotExplained
    report.approved_by, report.approved_at = by, now
    return _take(report, "approve", by=by, now=now, fields=["approved_by", "approved_at"])


@transaction.atomic
def publish_report(*, report_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Report:
    """Publish an approved report; the one that stood for the same period is superseded by it.

    Raises WrongStage, AlreadyPublished, ChangedMeanwhile, TwoPeopleNeeded, NotRendered, Overtaken.
    """
    report = _at_step(report_id, "publish", by, seen)
    if report.pdf is None:
        raise NotRendered
    replaced = Report.objects.of_period(report.period).standing().select_for_update(of=("self",)).first()
    if replaced is not None:
        replaced.status = ReportStatus.SUPERSEDED
        save_with_history(replaced, by=by, why=report.correction_reason, fields=["status"])
        _note(replaced, by=by, now=now, note=report.correction_reason)
    report.replaces = replaced
    report.published_by, report.published_at = by, now
    app.configure_task("portal.seal").defer()
    published = _take(report, "publish", by=by, now=now, fields=["replaces", "published_by", "published_at"])
    index_reports()
    return published


@transaction.atomic
def discard_report(*, report_id: int, reason: str, by: StaffUser, now: datetime, seen: int | None = None) -> Report:
    """Give up a draft that will not be published; it stays as it is.

    Raises WrongStage, ChangedMeanwhile, NeedsReason.
    """
    report = _at_step(report_id, "discard", by, seen)
    if not reason.strip():
        raise NeedsReason
    return _take(report, "discard", by=by, now=now, note=reason.strip(), fields=[])


def unexplained(report: Report) -> list[Figure]:
    """The figures with an open finding, or broken without a comment and an action; three queries."""
    figures = report.figures.prefetch_related("actions", "findings")
    return [
        figure
        for figure in figures
        if any(not finding.explanation for finding in figure.findings.all())
        or (figure.verdict == Verdict.BROKEN and not (figure.comment and figure.actions.all()))
    ]


def _locked(report_id: int) -> Report:
    return Report.objects.select_for_update(of=("self",)).get(pk=report_id)


def _at_step(report_id: int, name: str, by: StaffUser, seen: int | None) -> Report:
    """The locked report, if `by` may take this step with it now.

    `seen` is the report's newest step that they had before them (None: they saw no page): nobody approves or hands
    over what they have not read.
    """
    report, step = _locked(report_id), STEPS[name]
    if report.is_public:
        raise AlreadyPublished
    if report.status not in step.begins:
        raise WrongStage
    if seen is not None and seen != report.newest_step():
        raise ChangedMeanwhile
    if step.by_another and by.pk in (report.prepared_by_id, report.submitted_by_id):
        raise TwoPeopleNeeded
    is_first = name in FORWARD and not report.correction_reason
    if is_first and Report.objects.of_period(report.period).standing().exists():
        raise Overtaken
    return report


def _take(report: Report, name: str, *, by: StaffUser, now: datetime, fields: list[str], note: str = "") -> Report:
    report.status = STEPS[name].ends
    if name not in KEEPS_PDF:
        report.pdf, report.pdf_sha256 = None, ""
        fields = [*fields, "pdf", "pdf_sha256"]
    save_with_history(report, by=by, why=note or report.get_status_display(), fields=["status", *fields])
    _note(report, by=by, now=now, note=note)
    return report


def _note(report: Report, *, by: StaffUser | None, now: datetime, note: str) -> None:
    ReportStep.objects.create(report=report, status=report.status, at=now, by=by, note=note)


def _forget_pdf(report: Report, *, by: StaffUser) -> None:
    """What was rendered before says something else now."""
    report.pdf, report.pdf_sha256 = None, ""
    save_with_history(report, by=by, why="променени бележки", fields=["pdf", "pdf_sha256"])
