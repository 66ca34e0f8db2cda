"""The Secretary's page: the promises of the running quarter, what is about to be broken, and signs of gaming."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from charter.choices import Verdict
from charter.measurement import MEASURES, Period
from charter.models import RunningFigures, Standard
from charter.records import STATES
from charter.running import Course, courses, running_quarter
from charter.tasks import count_now, is_being_counted
from charter.views.records import measured
from feedback.models import Case
from feedback.oversight import PROMISES, SIGNS, Frame, sizes
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.choices import COUNTED, Fact
from samokov_portal.pagestore import remembered
from samokov_portal.questions import question
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.models import Application

PAGE = 50
# Which records of a figure are asked for; the first is what is shown when nothing is.
PARTS: dict[str, tuple[Fact, ...]] = {
    "broken": (Fact.LATE, Fact.UNANSWERED, Fact.NOT_KEPT),
    "kept": (Fact.KEPT,),
    "all": COUNTED,
}


@require_safe
@at_desk("feedback.oversee_cases")
def secretary(request: StaffRequest) -> HttpResponse:
    """Numbers only, each a link to its records; the figures are those that the worker counted last."""
    now = timezone.now()
    frame, period = Frame.at(now), running_quarter(now)
    kept = next(iter(_kept(period.code)), None)
    found = sizes([*PROMISES, *SIGNS], user=request.user, frame=frame)
    context = {
        "period": period,
        "kept": kept,
        "courses": standing(Counted(kept.period, kept.as_of, kept)) if kept else "",
        "promises": [found[code] for code in PROMISES],
        "signs": [found[code] for code in SIGNS],
        "frame": frame,
        "is_being_counted": is_being_counted(),
    }
    return render(request, "charter/secretary.html", context)


@question
def _kept(period: str) -> Any:
    # With its lines, by one statement: read afterwards they might be those of the next count.
    return RunningFigures.objects.filter(period=period)


@dataclass(frozen=True)
class Counted:
    """Figures of a period as they were counted at one moment: the same moment, the same figures."""

    period: str
    as_of: datetime
    row: RunningFigures = field(compare=False)


@remembered("charter.Figure", "charter.Report", "charter.Standard")
def standing(counted: Counted) -> SafeString:
    """How each promise stands in the running quarter, with its trend, as HTML; made once after each count."""
    measures = [code for code, measure in MEASURES.items() if measure.is_numbered]
    numbered = set(Standard.objects.in_force().filter(measure__in=measures).values_list("code", flat=True))
    context = {"courses": by_verdict(courses(counted.row)), "numbered": numbered}
    return render_to_string("charter/_running.html", context)


def by_verdict(found: Iterable[Course]) -> dict[str, list[Course]]:
    """The promises that are broken so far, those that are not, and those of which nothing is known, each in order."""
    parts: dict[str, list[Course]] = {"broken": [], "standing": [], "unknown": []}
    for course in found:
        match course.line.verdict:
            case Verdict.BROKEN:
                parts["broken"].append(course)
            case Verdict.KEPT | Verdict.NO_TARGET:
                parts["standing"].append(course)
            case _:
                parts["unknown"].append(course)
    return parts


@require_POST
@at_desk("feedback.oversee_cases")
def secretary_count(request: StaffRequest) -> HttpResponse:
    """Order a new count; one that was ordered already is enough."""
    try:
        with transaction.atomic():
            count_now.defer()
    except AlreadyEnqueued:
        messages.info(request, _("Преброяването вече е поръчано."))
    else:
        messages.success(request, _("Преброяването е поръчано."))
    return redirect("charter:secretary")


@require_safe
@at_desk("feedback.oversee_cases")
def secretary_standard(request: StaffRequest, code: str) -> HttpResponse:
    """The records behind a kept figure with their numbers, fifty a page, as of the moment at which it was counted."""
    row = measured(code)
    note_look(request, LookKind.LIST, f"standard-{code}"[:30])
    period = running_quarter(timezone.now())
    kept = RunningFigures.objects.filter(period=period.code).first()
    part = request.GET.get("part", "")
    part = part if part in PARTS else next(iter(PARTS))
    records: Any = Numbered(row.measure, period, kept.as_of, PARTS[part]) if kept else []
    pages = Paginator(cast("Sequence[dict[str, Any]]", records), PAGE).get_page(request.GET.get("page"))
    context = {
        "standard": row,
        "period": period,
        "kept": kept,
        "part": part,
        "page": pages,
        "records": with_links(request, list(pages.object_list)),
    }
    return render(request, "charter/secretary_standard.html", context)


class Numbered:
    """The records of a figure that are in one of the `states`, with their numbers; a paginator counts and cuts."""

    def __init__(self, measure: str, period: Period, as_of: datetime, states: Sequence[Fact]) -> None:
        counted = MEASURES[measure]
        facts = counted.facts(period, as_of) if counted.is_numbered else []
        self.facts = [rows.filter(state__in=states) for rows in facts]
        self.counts = [rows.count() for rows in self.facts]

    def __len__(self) -> int:
        return sum(self.counts)

    def __getitem__(self, cut: slice) -> list[dict[str, Any]]:
        """The records of the cut, out of the sources one after another."""
        found: list[dict[str, Any]] = []
        start, stop = cut.start, cut.stop
        for rows, count in zip(self.facts, self.counts, strict=True):
            if start < count and stop > 0:
                found += self._told(rows)[max(start, 0) : stop]
            start, stop = start - count, stop - count
        return found

    @staticmethod
    def _told(rows: Any) -> Any:
        number = F("number") if hasattr(rows.model, "number") else F("case__number")
        columns = ("register_number", "state", "began_on", "last_day", "done_on", "extended")
        return rows.annotate(register_number=number).order_by("counted_on", "pk").values(*columns)


def with_links(request: StaffRequest, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each record with what it says in words and, where this person may open it, its address; two queries."""
    numbers = [record["register_number"] for record in records]
    seen: dict[str, str] = {}
    for model in (Case, Application):
        rows = model.objects.seen_by(request.user).filter(number__in=numbers)
        seen |= {row.number: row.get_absolute_url() for row in rows.only("number")}
    return [
        {**record, "says": STATES[record["state"]], "url": seen.get(record["register_number"], "")}
        for record in records
    ]
