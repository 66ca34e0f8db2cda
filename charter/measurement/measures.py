"""How each promise is counted: the one table of measures, each for a period and as of a moment.

Every record of the period is in the whole, or is left out for a reason that is counted too. A promise with a term is
counted in the period in which the term ends (the extended term, where it was lawfully extended): counted by receipt,
the quick ones of the last weeks would enter and the slow ones would not, and every fresh figure would flatter.
So what was done early counts only once its last day is past, too.
Nothing to count is „no data“, never 100 %.

All of them read what the store knew at the moment `as_of`, from its history: what was changed, entered or removed
later does not change the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case as Choice
from django.db.models import DateField, F, Func, OuterRef, Subquery, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from charter.choices import Span
from charter.measurement.periods import Period
from charter.measurement.shares import Share
from charter.measurement.tally import tally
from charter.models import Observation, Report
from feedback.choices import NOTIFIED_KINDS, Kind
from feedback.models import Case, CaseEvent, OralEnquiry, SurveyInvitation, SurveyResponse
from samokov_portal.legal.holidays import Calendar
from samokov_portal.office.choices import Channel, Fact
from samokov_portal.office.models import RegisterCounter, WorkingDayOverride
from samokov_portal.office.querysets import with_facts
from services.models import Application, Visit

# A person should be called within this many minutes (НАО, чл. 20, by press reports on ПМС 14/2020, not verified).
# `load_charter` refuses a standard that promises another number.
WAITING_LIMIT_MINUTES = 20
# A question on the spot or by phone should be answered within this many minutes (the same source).
ORAL_LIMIT_MINUTES = 20
# An applicant is told the last day where it is more than this many days away (АПК, чл. 26, ал. 1), and within so many:
# until when to tell is our proposal, the law as read names no day.
TELL_WITHIN_DAYS = 7

Facts = list[Any]
# Why an application is not in the whole of services given in time.
NOT_GIVEN = (Fact.IN_TERM, Fact.STANDING, Fact.REFUSED, Fact.NO_PROCEEDINGS, Fact.WITHDRAWN)
WITHOUT_SERVICE = (Fact.NO_VISIT, Fact.NO_PROCEEDINGS, Fact.WITHDRAWN)
DECIDED = (Fact.IN_TERM, Fact.FORWARDED, Fact.NO_PROCEEDINGS, Fact.WITHDRAWN)


@dataclass(frozen=True)
class Measure:
    """How one promise is counted.

    `facts` gives the records of a period as of a moment, as querysets with the columns of `with_facts`; `left_out` are
    the reasons for which one of them may not be in the whole; `span` is what their time is counted in; `by` are the
    columns by which the figure is also given for groups; `response` tells of a survey how many answered with a code
    and how many codes were given. It `adds_up` when a period has just the records of its quarters: not where a
    term that was missed twice counts once. It `is_numbered` when its records have a number of the register; what the
    others count is behind nobody's name.
    """

    facts: Callable[[Period, datetime], Facts]
    left_out: tuple[Fact, ...] = ()
    span: str = ""
    by: tuple[str, ...] = ("unit_id", "channel", "settlement_id")
    response: Callable[[Period, datetime], tuple[int, int]] | None = None
    adds_up: bool = True
    is_numbered: bool = False

    def __call__(self, period: Period, as_of: datetime) -> Share:
        """The share of `period` as the store knew it at the aware moment `as_of`."""
        facts, calendar = self.facts(period, as_of), self.calendar(as_of)
        share = tally(facts, left_out=self.left_out, span=self.span, calendar=calendar)
        return replace(share, response=self.response(period, as_of)) if self.response else share

    def calendar(self, as_of: datetime) -> Calendar:
        """The working calendar as it was known at `as_of`; read only where days are working days."""
        if self.span != Span.WORKING_DAYS:
            return Calendar()
        return WorkingDayOverride.objects.known_by(as_of).calendar()


def decisions(kind: Kind, period: Period, as_of: datetime) -> Facts:
    """Cases that were of `kind` at `as_of` and whose term ends in `period`, and those that missed it as this kind."""
    known = Case.objects.known_at(as_of)
    cases = known.of_kind(kind).due_between(*period.days)
    return [cases.decision_facts(as_of), known.exclude(kind=kind).missed_facts(kind, *period.days, as_of=as_of)]


def written_enquiry_answered(period: Period, as_of: datetime) -> Facts:
    """Enquiries answered by the stored last day: all that were registered, so also what a clerk wrote down."""
    return decisions(Kind.ENQUIRY, period, as_of)


def signal_decided(period: Period, as_of: datetime) -> Facts:
    """Signals decided by the last day (АПК, чл. 121), the extended one where it was lawfully extended."""
    return decisions(Kind.SIGNAL, period, as_of)


def proposal_decided(period: Period, as_of: datetime) -> Facts:
    """Proposals decided by the last day (АПК, чл. 118, ал. 1)."""
    return decisions(Kind.PROPOSAL, period, as_of)


def information_decided(period: Period, as_of: datetime) -> Facts:
    """Requests for information decided by the last day (ЗДОИ, чл. 28)."""
    return decisions(Kind.INFORMATION, period, as_of)


def forwarded(period: Period, as_of: datetime) -> Facts:
    """Of the cases forwarded in the period, those forwarded within seven days of receipt (АПК, чл. 112)."""
    return [Case.objects.known_at(as_of).forwarded_between(*period.span).forwarding_facts(as_of)]


def notified(period: Period, as_of: datetime) -> Facts:
    """Decisions on signals and proposals made known within seven days (АПК, чл. 118, ал. 1; чл. 123, ал. 1)."""
    cases = Case.objects.known_at(as_of).filter(kind__in=NOTIFIED_KINDS)
    return [cases.notice_due_between(*period.days).notice_facts(as_of)]


def registered_same_day(period: Period, as_of: datetime) -> Facts:
    """Cases registered on the day they came (АПК, чл. 111, ал. 2)."""
    return [Case.objects.known_at(as_of).received_between(*period.span).registration_facts()]


def term_said(rows: Any, as_of: datetime) -> Any:
    """What applications known at `as_of` say of the term of their services."""
    return rows.term_facts(as_of)


def telling_said(rows: Any, as_of: datetime) -> Any:
    """What they say of the telling of their last day."""
    return rows.told_facts(TELL_WITHIN_DAYS, as_of)


def visits_said(rows: Any, as_of: datetime) -> Any:
    """What those of them that ended say of how often their applicants came."""
    return rows.filter(completed_at__isnull=False).visit_facts(Visit.objects.known_at(as_of))


def waiting_said(rows: Any, as_of: datetime) -> Any:
    """What those at the counter say of how long the person waited."""
    return rows.waiting_facts(WAITING_LIMIT_MINUTES)


# What a single application is asked by the measure of the same name; the figures ask the same.
OF_AN_APPLICATION: dict[str, Callable[[Any, datetime], Any]] = {
    "service-term": term_said,
    "due-date-notice": telling_said,
    "single-counter": visits_said,
    "waiting-time": waiting_said,
}


def service_given(period: Period, as_of: datetime) -> Facts:
    """Services given within their term, the municipality's own or that of АПК, чл. 57.

    A refusal in term is a lawful answer, but no service given: it is left out, and counted there. Counted as kept, the
    figure would rise with every refusal.
    """
    return [term_said(Application.objects.known_at(as_of).due_between(*period.days), as_of)]


def waiting_time(period: Period, as_of: datetime) -> Facts:
    """People at the desk called within twenty minutes, by the time that the clerk recorded."""
    return [
        waiting_said(model.objects.known_at(as_of).received_between(*period.span), as_of)
        for model in (Case, Application)
    ]


def oral_answered(period: Period, as_of: datetime) -> Facts:
    """Questions on the spot or by phone answered within twenty minutes, by the time that the clerk recorded."""
    return [OralEnquiry.objects.asked_between(*period.span, as_of=as_of).answer_facts(ORAL_LIMIT_MINUTES)]


def solved_on_the_spot(period: Period, as_of: datetime) -> Facts:
    """Problems spoken of at the counter, solved there or with a promise of what follows and when."""
    return [OralEnquiry.objects.asked_between(*period.span, as_of=as_of).solution_facts()]


def satisfied(period: Period, as_of: datetime) -> Facts:
    """Answers to the survey that say „satisfied“ or „very satisfied“ (НАО, чл. 24)."""
    return [SurveyResponse.objects.given_between(*period.span, as_of=as_of).satisfaction_facts()]


def survey_response(period: Period, as_of: datetime) -> tuple[int, int]:
    """How many answered with a code in the period, and how many codes were given in it.

    When a code was used is not kept, so that nobody finds out who answered what: an answer in January to a code of
    December counts in January.
    """
    answered = SurveyResponse.objects.given_between(*period.span, as_of=as_of).invited()
    return answered.count(), SurveyInvitation.objects.issued_between(*period.span, as_of=as_of).count()


def documents_not_asked_again(period: Period, as_of: datetime) -> Facts:
    """Answers to the survey about a service: no document was asked for that the municipality already has."""
    return [SurveyResponse.objects.given_between(*period.span, as_of=as_of).about_services().documents_facts()]


def single_counter(period: Period, as_of: datetime) -> Facts:
    """Services applied for at the counter and completed in the period, for which the person came once."""
    return [visits_said(Application.objects.known_at(as_of).completed_between(*period.span), as_of)]


def due_date_told(period: Period, as_of: datetime) -> Facts:
    """Applications whose applicant is to be told the last day until a day in the period, where it is told by then."""
    first, end = period.span
    # A day more than needed, so that the clocks may change in between; the day itself decides.
    near = Application.objects.known_at(as_of).received_between(first - timedelta(days=TELL_WITHIN_DAYS + 1), end)
    rows = telling_said(near, as_of)
    return [rows.filter(counted_on__gte=period.start, counted_on__lt=period.end)]


def observed(code: str) -> Callable[[Period, datetime], Facts]:
    """What was seen on the spot of the promise with this code: by a mystery client, a check list or a sample."""

    def facts(period: Period, as_of: datetime) -> Facts:
        return [Observation.objects.known_at(as_of).of_standard(code, *period.days).facts()]

    return facts


def signals_acknowledged(period: Period, as_of: datetime) -> Facts:
    """Signals that came by e-mail, to whose sender the registration number was sent back."""
    cases = Case.objects.known_at(as_of).of_kind(Kind.SIGNAL).filter(channel=Channel.EMAIL)
    return [cases.received_between(*period.span).acknowledgement_facts(as_of)]


def extension_told(period: Period, as_of: datetime) -> Facts:
    """Extensions of signals and proposals of which the sender was told before the term so extended ended."""
    extensions: Any = CaseEvent.objects.extensions().notice_facts(as_of)
    return [extensions.filter(counted_on__gte=period.start, counted_on__lt=period.end)]


def annual_report_published(period: Period, as_of: datetime) -> Facts:
    """Years with cases whose report was published by its day in the next year (НАО, чл. 24; the day is a setting)."""
    spans = {year: Period.parse(str(year)).span for year in range(period.start.year - 1, period.end.year)}
    known = Case.objects.filter(registered_at__lte=as_of)
    owed = [year for year, span in spans.items() if known.registered_between(*span).exists()]
    years = RegisterCounter.objects.years().filter(year__in=owed)
    published = Report.objects.of_year(OuterRef("year")).published_by(as_of)
    month, day = map(int, settings.ANNUAL_REPORT_DAY.split("-"))
    last_day = Func(F("year") + 1, Value(month), Value(day), function="make_date", output_field=DateField())
    today = timezone.localtime(as_of).date()
    rows = years.annotate(
        promised_on=last_day, published_on=TruncDate(Subquery(published.values("published_at")[:1]))
    ).filter(promised_on__gte=period.start, promised_on__lt=period.end)
    state = Choice(
        When(published_on__lte=F("promised_on"), then=Value(Fact.KEPT)),
        When(published_on__isnull=False, then=Value(Fact.LATE)),
        When(promised_on__lt=today, then=Value(Fact.UNANSWERED)),
        default=Value(Fact.IN_TERM),
    )
    days = {"counted_on": F("promised_on"), "last_day": F("promised_on"), "done_on": F("published_on")}
    return [with_facts(rows, state=state, **days)]


BY_UNIT = ("unit_id",)
MEASURES: dict[str, Measure] = {
    "enquiry-answer": Measure(written_enquiry_answered, DECIDED, Span.WORKING_DAYS, adds_up=False, is_numbered=True),
    "signal-decision": Measure(signal_decided, DECIDED, Span.CALENDAR_DAYS, adds_up=False, is_numbered=True),
    "proposal-decision": Measure(proposal_decided, DECIDED, Span.CALENDAR_DAYS, adds_up=False, is_numbered=True),
    "information-decision": Measure(information_decided, DECIDED, Span.CALENDAR_DAYS, adds_up=False, is_numbered=True),
    "forward": Measure(forwarded, (), Span.CALENDAR_DAYS, is_numbered=True),
    "notify": Measure(notified, (Fact.IN_TERM,), Span.CALENDAR_DAYS, is_numbered=True),
    "registered-same-day": Measure(registered_same_day, (), Span.CALENDAR_DAYS, is_numbered=True),
    "service-term": Measure(service_given, NOT_GIVEN, Span.CALENDAR_DAYS, ("unit_id", "channel"), is_numbered=True),
    "waiting-time": Measure(waiting_time, (Fact.NOT_RECORDED,), Span.MINUTES, BY_UNIT, is_numbered=True),
    "oral-enquiry": Measure(oral_answered, (Fact.ASKED_IN_WRITING,), Span.MINUTES, BY_UNIT),
    "on-the-spot-resolution": Measure(solved_on_the_spot, (), Span.MINUTES, BY_UNIT),
    "satisfaction": Measure(satisfied, (Fact.NO_ANSWER,), "", BY_UNIT, survey_response),
    "no-repeat-documents": Measure(documents_not_asked_again, (Fact.FORGOTTEN, Fact.NO_ANSWER), "", BY_UNIT),
    "email-acknowledgement": Measure(signals_acknowledged, (), Span.CALENDAR_DAYS, is_numbered=True),
    "extension-notice": Measure(extension_told, (Fact.IN_TERM,), "", (), is_numbered=True),
    "annual-report": Measure(annual_report_published, (Fact.IN_TERM,), "", ()),
    "single-counter": Measure(single_counter, WITHOUT_SERVICE, Span.VISITS, BY_UNIT, is_numbered=True),
    "due-date-notice": Measure(
        due_date_told,
        (Fact.IN_TERM, Fact.DONE_SOON, Fact.DUE_SOON),
        Span.CALENDAR_DAYS,
        ("unit_id", "channel"),
        is_numbered=True,
    ),
    "after-hours": Measure(observed("after-hours"), by=BY_UNIT),
    "centre-name-and-hours": Measure(observed("centre-name-and-hours"), by=BY_UNIT),
    "accessible-premises": Measure(observed("accessible-premises"), by=BY_UNIT),
    "courteous-address": Measure(observed("courteous-address"), by=BY_UNIT),
    "staff-identification": Measure(observed("staff-identification"), by=BY_UNIT),
    "reasoned-decision": Measure(observed("reasoned-decision"), by=BY_UNIT),
    "document-acceptance": Measure(observed("document-acceptance"), (), Span.MINUTES, BY_UNIT),
    "document-handover": Measure(observed("document-handover"), (), Span.MINUTES, BY_UNIT),
}
