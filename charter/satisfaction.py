"""The part of a year's report on the satisfaction of those served (НАО, чл. 24): counted once, when it is frozen.

How people were asked, how many answered and what; complaints, signals and proposals by subject and outcome; what was
decided to be done. No group in it is small enough to tell who somebody was.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Count, F
from django.utils import translation

from charter.choices import Method
from charter.measurement import Period
from charter.measurement.groups import SMALLEST_GROUP, may_be_named, shown
from charter.measurement.measures import survey_response
from charter.models import CorrectiveAction, Observation, Report
from feedback.choices import AskedKnown, Attitude, Clarity, Kind, Outcome, Overall, Speed, SurveySource
from feedback.models import Case, OralEnquiry, SurveyResponse
from samokov_portal.history import names_at
from samokov_portal.office.choices import Fact
from services.models import Service, Unit

SATISFACTION = "satisfaction.json"
SCORES: dict[str, Any] = {"overall": Overall, "speed": Speed, "clarity": Clarity, "attitude": Attitude}
# Of these it is told how they ended; praise and enquiries end alike.
JUDGED_KINDS = (Kind.COMPLAINT, Kind.SIGNAL, Kind.PROPOSAL)


def satisfaction_of(period: Period, as_of: datetime) -> dict[str, Any]:
    """Everything that the part says of the year `period`, as known at the aware moment `as_of`; in Bulgarian."""
    responses = SurveyResponse.objects.given_between(*period.span, as_of=as_of)
    cases = Case.objects.known_at(as_of).received_between(*period.span)
    with translation.override("bg"):
        return {
            "period": period.code,
            "as_of": as_of.isoformat(),
            "methods": methods(period, as_of, responses, cases),
            "coverage": coverage(period, as_of, responses),
            "results": results(responses),
            "outcomes": outcomes(cases),
            "subjects": subjects(cases, as_of),
            "measures": measures(period, as_of),
        }


def methods(period: Period, as_of: datetime, responses: Any, cases: Any) -> list[dict[str, Any]]:
    """By which methods opinions were gathered, and how much came by each."""
    start, end = period.days
    by_source = tallied(responses, "source")
    by_method = tallied(Observation.objects.known_at(as_of).filter(on__gte=start, on__lt=end), "method")
    by_kind = tallied(cases, "kind")
    asked = OralEnquiry.objects.asked_between(*period.span, as_of=as_of).count()
    return [
        *(
            {"code": f"survey-{source}", "label": f"Анкета {source.label}", "count": by_source[source]}
            for source in SurveySource
        ),
        *(
            {"code": f"observation-{method}", "label": capital(method.label), "count": by_method[method]}
            for method in Method
        ),
        {"code": "oral", "label": "Въпроси и проблеми, казани на място или по телефона", "count": asked},
        *({"code": f"case-{kind}", "label": capital(kind.label), "count": by_kind[kind]} for kind in Kind),
    ]


def capital(words: Any) -> str:
    """`words` as the beginning of a line."""
    return str(words)[:1].upper() + str(words)[1:]


def tallied(rows: Any, column: str) -> Counter[str]:
    """How many of `rows` there are with each value of `column`; one query."""
    return Counter(dict(rows.order_by().values_list(column).annotate(count=Count("pk"))))


def coverage(period: Period, as_of: datetime, responses: Any) -> dict[str, Any]:
    """How many were asked and how many answered."""
    answered, invited = survey_response(period, as_of)
    return {"invited": invited, "answered": answered, "responses": responses.count()}


def results(responses: Any) -> list[dict[str, Any]]:
    """What was answered to each question, from the best; without numbers where fewer than five answered it."""
    found = []
    for name, scale in SCORES.items():
        counts = tallied(responses.exclude(**{name: None}), name)
        found.append(result(name, asked(name), reversed(scale), counts))
    counts = tallied(responses.exclude(asked_known_document=""), "asked_known_document")
    return [*found, result("asked_known_document", asked("asked_known_document"), AskedKnown, counts)]


def asked(name: str) -> Any:
    """What a question of the survey is called."""
    field: Any = SurveyResponse._meta.get_field(name)
    return field.verbose_name


def result(name: str, question: Any, scale: Iterable[Any], counts: Mapping[Any, int]) -> dict[str, Any]:
    whole = sum(counts.values())
    enough = whole >= SMALLEST_GROUP
    return {
        "code": name,
        "question": capital(question),
        "whole": whole if enough else None,
        "answers": [{"label": str(step.label), "count": counts.get(step, 0) if enough else None} for step in scale],
    }


def outcomes(cases: Any) -> list[dict[str, Any]]:
    """How what was received in the year has ended by then: decided so or so, or not decided.

    Of fewer than five of a kind no outcome is even named: of one it would be read what became of it.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for kind, outcome, count in cases.order_by().values_list("kind", "outcome").annotate(count=Count("pk")):
        counts[kind, outcome] += count
    found = []
    for kind in JUDGED_KINDS:
        of_kind = {outcome: count for (its, outcome), count in counts.items() if its == kind}
        whole = sum(of_kind.values())
        told = of_kind if whole >= SMALLEST_GROUP else {}
        ends = [{"label": capital(end.label), "count": told[end]} for end in Outcome if end in told]
        if "" in told:
            ends.append({"label": "Без решение към този момент", "count": told[""]})
        found.append({"kind": kind.value, "label": capital(kind.label), "whole": whole, "outcomes": ends})
    return found


def subjects(cases: Any, as_of: datetime) -> list[dict[str, Any]]:
    """What complaints, signals and proposals were about: the service named in them, and the unit that works on them.

    Both bear the names of the aware moment `as_of`.
    """
    services, units = (names_at(model, as_of, attrgetter("name")) for model in (Service, Unit))
    judged = cases.filter(kind__in=JUDGED_KINDS)
    return [
        {
            "by": "service",
            "label": "По посочена услуга",
            "groups": grouped(judged, "service_id", services, "Без посочена услуга"),
        },
        {
            "by": "unit",
            "label": "По звено, което работи по тях",
            "groups": grouped(judged, "unit_id", units, "Без определено звено"),
        },
    ]


def grouped(cases: Any, column: str, names: Mapping[Any, str], without: str) -> list[dict[str, Any]]:
    """How many cases by one column, the largest first; small groups have no number, nor can they be subtracted."""
    counts = tallied(cases.annotate(group=F(column)), "group")
    states = {key: Counter({Fact.KEPT.value: count}) for key, count in counts.items()}
    if not may_be_named(states):
        return []
    visible = shown(states)
    rows = [(names.get(key, without), count if key in visible else None) for key, count in counts.items()]
    return [
        {"label": label, "count": count}
        for label, count in sorted(rows, key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
    ]


def measures(period: Period, as_of: datetime) -> list[dict[str, Any]]:
    """What the reports of shorter periods of the year that stood at `as_of` decided to do.

    Those of the year itself stand beside it.
    """
    shorter = Report.objects.standing_at(as_of).filter(period_start__gte=period.start, period_end__lte=period.end)
    rows = (
        CorrectiveAction.objects.filter(figure__report__in=shorter.exclude(period=period.code).values("pk"))
        .select_related("figure__report")
        .defer("figure__report__pdf")
        .order_by("figure__report__period_start", "figure__position", "due_on", "pk")
    )
    return [
        {
            "period": row.figure.report.period,
            "standard": row.figure.title,
            "what": row.what,
            "owner": row.owner,
            "due_on": row.due_on.isoformat(),
        }
        for row in rows
    ]


def frozen_satisfaction(report: Report) -> dict[str, Any] | None:
    """The part as it was frozen with a year's report, days as days again; None for a shorter period."""
    file = report.files.filter(name=SATISFACTION).first() if Period.parse(report.period).is_year else None
    if file is None:
        return None
    said: dict[str, Any] = json.loads(gzip.decompress(bytes(file.content)))
    for measure in said["measures"]:
        measure["due_on"] = date.fromisoformat(measure["due_on"])
    return said
