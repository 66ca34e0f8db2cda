"""Reports at the desk: drafting, saying what stands behind the figures, and the steps to publishing."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter.actions.refusals import (
    AlreadyPublished,
    ChangedMeanwhile,
    NeedsReason,
    NotExplained,
    NotRendered,
    Overtaken,
    TwoPeopleNeeded,
    WrongStage,
)
from charter.actions.reports import (
    approve_report,
    discard_report,
    explain_finding,
    has_records,
    publish_report,
    send_back_report,
    submit_report,
    unexplained,
    write_comment,
)
from charter.choices import ReportStatus
from charter.forms import FigureForm, ReportForm
from charter.measurement import Period
from charter.models import Figure, Report, ReportStep
from charter.report import frozen_lines
from charter.stages import EDITABLE, KEEPS_PDF, STEPS
from charter.tasks import draft_report, order_pdf, ordered_drafts
from charter.views.reports import pdf_of
from charter.yearly import awaited_report
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest, said_in, seen_of

REFUSALS: dict[type[Exception], Any] = {
    AlreadyPublished: gettext_lazy("Докладът вече е публикуван и не се променя."),
    WrongStage: gettext_lazy("Докладът вече не е на този етап. Вижте как стои сега."),
    ChangedMeanwhile: gettext_lazy(
        "Междувременно колега промени доклада. Прочетете го, както стои сега, и опитайте пак."
    ),
    TwoPeopleNeeded: gettext_lazy("Докладът се одобрява и публикува от друг, а не от този, който го е изготвил."),
    NotRendered: gettext_lazy("Документът в PDF още не е готов. Опитайте отново след минута."),
    Overtaken: gettext_lazy(
        "Междувременно за този период е публикуван доклад. Оставете този проект. Ако нещо в публикувания не е вярно, "
        "изгответе поправка."
    ),
    NotExplained: gettext_lazy("Някои числа още чакат обяснение, коментар или мярка."),
}
ACTIONS: dict[str, Callable[..., Report]] = {
    "submit": submit_report,
    "send_back": send_back_report,
    "approve": approve_report,
    "publish": publish_report,
    "discard": discard_report,
}
MEANWHILE = (WrongStage, AlreadyPublished, ChangedMeanwhile)
DONE = {
    "submit": gettext_lazy("Докладът е предаден за одобрение."),
    "send_back": gettext_lazy("Докладът е върнат за промени."),
    "approve": gettext_lazy("Докладът е одобрен. Документът в PDF се изготвя за последно."),
    "publish": gettext_lazy("Докладът е публикуван."),
    "discard": gettext_lazy("Проектът е оставен и няма да бъде публикуван."),
}


@require_safe
@at_desk("charter.prepare_report")
def desk_reports(request: StaffRequest) -> HttpResponse:
    return reports_page(request, ReportForm())


def reports_page(request: StaffRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "reports": Report.objects.newest_first().without_pdf().with_people(),
        "awaited": awaited_report(timezone.localdate()),
        "ordered": ordered_drafts(timezone.now()),
    }
    return render(request, "charter/desk_reports.html", context, status=status)


@require_POST
@at_desk("charter.prepare_report")
def desk_report_prepare(request: StaffRequest) -> HttpResponse:
    """Order a draft: the worker waits for those who are just writing, counts, freezes and renders."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        return reports_page(request, form, status=422)
    period, reason = form.cleaned_data["period"], form.cleaned_data["correction_reason"].strip()
    if timezone.now() < period.span[1]:
        form.add_error("period", _("Този период още не е изтекъл. Доклад се прави след последния му ден."))
    elif not has_records(period):
        form.add_error("period", _("От този период в портала няма нито една преписка или заявление."))
    elif Report.objects.of_period(period.code).in_work().exists():
        form.add_error("period", _("За този период вече се работи по доклад. Довършете го или го оставете."))
    elif not reason and Report.objects.of_period(period.code).standing().exists():
        form.add_error("correction_reason", _("За този период вече има публикуван доклад. Напишете защо се поправя."))
    if form.errors:
        return reports_page(request, form, status=422)
    draft_report.defer(period=period.code, by=request.user.pk, reason=reason)
    messages.success(request, _("Проектът за %(period)s е поръчан.") % {"period": period.code})
    return redirect("charter:desk_reports")


@require_safe
@at_desk("charter.prepare_report")
def desk_report(request: StaffRequest, pk: int) -> HttpResponse:
    return report_page(request, get_object_or_404(Report.objects.without_pdf().with_people(), pk=pk))


def report_page(
    request: StaffRequest, row: Report, *, note: str = "", wordless: str = "", status: int = 200
) -> HttpResponse:
    """The report with what may be done with it now; `note` is what was typed when a step was refused.

    `wordless` is the step that was refused because it was not said why.
    """
    taken = list(row.steps.select_related("by"))
    context = {
        "report": row,
        "period": Period.parse(row.period),
        "rows": list(zip(frozen_lines(row), row.figures.prefetch_related("actions", "findings"), strict=True)),
        "steps": [name for name, step in STEPS.items() if row.status in step.begins and request.user.has_perm(step.by)],
        "is_author": request.user.pk in (row.prepared_by_id, row.submitted_by_id),
        "may_edit": row.status in EDITABLE,
        "hindrances": unexplained(row) if row.status in EDITABLE else [],
        "taken": taken,
        "seen": taken[-1].pk if taken else "",
        "sent_back": sent_back(taken) if row.status == ReportStatus.RETURNED else None,
        "note": note,
        "wordless": wordless,
    }
    return render(request, "charter/desk_report.html", context, status=status)


def sent_back(taken: list[ReportStep]) -> ReportStep | None:
    """The last step with which the report was sent back; those after it, of the same status, are notes."""
    pairs = pairwise(taken)
    found = [step for before, step in pairs if step.status == ReportStatus.RETURNED != before.status]
    return found[-1] if found else None


@require_safe
@at_desk("charter.prepare_report")
def desk_report_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The PDF of a draft, to be read before it is published; 404 until the worker has rendered it."""
    return pdf_of(get_object_or_404(Report.objects.rendered(), pk=pk))


@require_POST
@at_desk("charter.prepare_report")
def desk_report_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Take the step with this name of `stages.STEPS`; a refused one brings back what was typed."""
    if step not in STEPS:
        raise Http404
    if not request.user.has_perm(STEPS[step].by):
        raise PermissionDenied
    get_object_or_404(Report.objects.without_pdf(), pk=pk)
    note = said_in(request, "note", 2000)
    given: dict[str, Any] = {"reason": note} if STEPS[step].needs_note else {}
    try:
        with transaction.atomic():
            ACTIONS[step](report_id=pk, by=request.user, now=timezone.now(), seen=seen_of(request), **given)
            if step not in KEEPS_PDF:
                order_pdf(pk)
    except NeedsReason:
        row = Report.objects.without_pdf().with_people().get(pk=pk)
        return report_page(request, row, wordless=step, status=422)
    except tuple(REFUSALS) as refusal:
        messages.error(request, REFUSALS[type(refusal)])
        # Read again: what refused this step may be what somebody else did meanwhile.
        row = Report.objects.without_pdf().with_people().get(pk=pk)
        return report_page(request, row, note=note, status=409 if isinstance(refusal, MEANWHILE) else 422)
    messages.success(request, DONE[step])
    return redirect("charter:desk_report", pk=pk)


@require_http_methods(["GET", "POST"])
@at_desk("charter.prepare_report")
def desk_figure(request: StaffRequest, pk: int, figure: int) -> HttpResponse:
    """Comment, corrective actions and explanations of one figure of a report that is still in work."""
    row = figure_of(pk, figure)
    form = FigureForm(row, request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        return save_figure(request, row, form)
    context = {"figure": row, "report": row.report, "form": form, "may_edit": row.report.status in EDITABLE}
    return render(request, "charter/desk_figure.html", context, status=422 if form.is_bound else 200)


def figure_of(report_id: int, pk: int) -> Figure:
    """A figure with its report and everything that was said of it."""
    rows = Figure.objects.select_related("report").defer("report__pdf").prefetch_related("actions", "findings")
    return get_object_or_404(rows, report_id=report_id, pk=pk)


def save_figure(request: StaffRequest, row: Figure, form: FigureForm) -> HttpResponse:
    now, by = timezone.now(), request.user
    try:
        with transaction.atomic():
            comment = form.cleaned_data["comment"]
            seen = form.cleaned_data["seen"] or None
            write_comment(figure_id=row.pk, comment=comment, actions=form.actions(), by=by, now=now, seen=seen)
            for finding_id, explanation in form.explanations():
                explain_finding(finding_id=finding_id, explanation=explanation, by=by, now=now)
            order_pdf(row.report_id)
    except WrongStage:
        messages.error(request, REFUSALS[WrongStage])
        context = {"figure": row, "report": row.report, "form": form, "may_edit": False}
        return render(request, "charter/desk_figure.html", context, status=409)
    except ChangedMeanwhile:
        return beside_a_colleague(request, figure_of(row.report_id, row.pk))
    messages.success(request, _("Записано е."))
    waiting = unexplained(row.report) if "next" in request.POST else []
    # The next in the order of the report, or else one that was passed by before.
    following = next((one for one in waiting if one.position > row.position), None) or next(iter(waiting), None)
    if following is None:
        return redirect("charter:desk_report", pk=row.report_id)
    return redirect("charter:desk_figure", pk=row.report_id, figure=following.pk)


def beside_a_colleague(request: StaffRequest, row: Figure) -> HttpResponse:
    """What a colleague wrote meanwhile, and below it what was typed here: sent once more it takes its place."""
    typed = request.POST.copy()
    typed["seen"] = row.notes_mark
    form = FigureForm(row, typed, today=timezone.localdate())
    context = {"figure": row, "report": row.report, "form": form, "may_edit": True, "is_changed": True}
    return render(request, "charter/desk_figure.html", context, status=409)
