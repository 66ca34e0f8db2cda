"""Questions about many rows of the catalogue and of the applications for services."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case as Choice
from django.db.models import (
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from samokov_portal.audit.models import Tombstone
from samokov_portal.history import versions_at
from samokov_portal.legal.holidays import LONGEST_BREAK_DAYS
from samokov_portal.legal.terms import Unit as TermUnitCode
from samokov_portal.office.choices import Channel, Fact, Tab
from samokov_portal.office.phones import WRITTEN, phone_digits, phone_digits_in
from samokov_portal.office.querysets import Sought, with_facts
from samokov_portal.search.finding import find
from samokov_portal.search.sources import SERVICES
from services.choices import (
    AGAIN,
    WITHOUT_ACT,
    ApplicationEventKind,
    ApplicationOutcome,
    ApplicationStatus,
    Purpose,
    Speed,
)
from services.signs import WatchedQuerySet

if TYPE_CHECKING:
    from samokov_portal.staff.models import StaffUser
    from services.models import (
        ApplicationEvent,
        Authority,
        LifeEvent,
        PageVotes,
        RepealedAct,
        Service,
        ServiceGroup,
        ServiceOffer,
        Settlement,
        Tenure,
        Unit,
        Visit,
    )


# Nobody reads further.
MOST_FOUND = 100


class UnitQuerySet(models.QuerySet["Unit"]):
    def municipality(self) -> "Unit | None":
        """The municipality itself, or None before the units are loaded."""
        return self.filter(parent=None).first()

    def in_order(self) -> Self:
        """The municipality, then what belongs to it, by name."""
        return self.order_by(F("parent").asc(nulls_first=True), "name", "pk")

    def there_on(self, on: date) -> Self:
        """The units that there were on a day; one without a first or a last day was there before or is there still."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gt=on))

    def to_work_on(self, on: date) -> Self:
        """The units to which work of a day is given: those that there are, without the municipality itself."""
        return self.there_on(on).exclude(parent=None).order_by("name", "pk")


class AuthorityQuerySet(models.QuerySet["Authority"]):
    def held_on(self, on: date) -> Self:
        """As pages list them, each with the tenures of that day: one row or none; two queries."""
        of_the_day = apps.get_model("services", "Tenure")._default_manager.held_on(on)
        return self.order_by("position", "pk").prefetch_related(Prefetch("tenures", of_the_day, to_attr="of_the_day"))


class TenureQuerySet(models.QuerySet["Tenure"]):
    def held_on(self, on: date) -> Self:
        """Who was in office on a day."""
        return self.filter(Q(from_on=None) | Q(from_on__lte=on), Q(until_on=None) | Q(until_on__gt=on))


class RepealedActQuerySet(models.QuerySet["RepealedAct"]):
    def repealed_by(self, on: date) -> Self:
        """The acts that are not in force on a day."""
        return self.filter(until_on__lte=on).order_by("called")


class ServiceGroupQuerySet(models.QuerySet["ServiceGroup"]):
    def in_order(self) -> Self:
        """As the catalogue lists them, with the number of services in each as `size`."""
        return self.annotate(size=Count("service")).order_by("position", "pk")


class LifeEventQuerySet(models.QuerySet["LifeEvent"]):
    def in_order(self) -> Self:
        """As the catalogue lists them, with the number of services of each as `size`."""
        return self.annotate(size=Count("places")).order_by("position", "pk")


class PageVotesQuerySet(models.QuerySet["PageVotes"]):
    def by_service(self, since: date) -> Any:
        """The opinions since the first day of a month, all months of a service together, the least useful first."""
        rows = self.filter(month__gte=since).values("service__slug", "service__name")
        return rows.annotate(yes=Sum("useful"), no=Sum("useless")).order_by("-no", "yes", "service__name")


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def in_order(self) -> Self:
        """The town first, then by name."""
        return self.order_by(Choice(When(kind="гр.", then=0), default=1), "name")


class ServiceQuerySet(models.QuerySet["Service"]):
    def matching(self, query: str) -> Self:
        """Services that fit what somebody typed (`samokov_portal.search.finding`), best first."""
        slugs = [hit.key for hit in find(query, sources=[SERVICES], limit=MOST_FOUND).hits]
        places = [When(slug=slug, then=place) for place, slug in enumerate(slugs)]
        return self.filter(slug__in=slugs).order_by(Choice(*places, default=len(slugs)), "pk")

    def with_frame(self) -> Self:
        """With the group and the unit that a list of services names."""
        return self.select_related("group", "unit")

    def of_event(self, event: "LifeEvent") -> Self:
        """The services that are needed in a life event, in the order in which its page lists them."""
        return self.with_frame().filter(events__event=event).order_by("events__position", "name", "pk")


class ServiceOfferQuerySet(models.QuerySet["ServiceOffer"]):
    def in_order(self) -> Self:
        """The ordinary one first, then the quicker ones."""
        places = [When(speed=speed, then=place) for place, speed in enumerate(Speed.values)]
        return self.select_related("service").order_by(Choice(*places, default=len(places)))


def unit_of(user: "StaffUser | int") -> Subquery:
    """The key of the unit in which `user` (or who has that key) works, null where there is none, for comparing a column
    with it."""
    return Subquery(apps.get_model("services", "UnitMember")._default_manager.filter(user=user).values("unit"))


# By which the work list is ordered: while the applicant mends defects, the day until which they may.
AWAITED_DAY = Coalesce(F("mend_due_on"), F("due_on"))


# What a line of the work list says of an application.
OF_A_LINE = ("number", "status", "service", "unit", "due_on", "mend_due_on", "paused_at", "completed_at")


class ApplicationQuerySet(WatchedQuerySet):
    letter = "u"
    awaited_day = AWAITED_DAY
    # What is issued or refused, or ended otherwise, is not open.
    is_open, is_running = Q(completed_at=None), Q(paused_at=None)
    # An open one, so that the index of those answers.
    waits_for_sender = is_open & Q(status=ApplicationStatus.DEFECTS)
    # An application is not forwarded.
    is_being_forwarded = Q(pk__in=())
    # The document is ready and nobody took it yet: by then it is not open.
    is_to_hand_over, beyond_open = Q(status=ApplicationStatus.READY), frozenset({Tab.HANDOVER})

    def known_at(self, as_of: datetime) -> Self:
        """Every application registered by the aware moment `as_of`, as the store knew it then, from its history."""
        known: Self = versions_at(type(self), self.model, as_of).filter(registered_at__lte=as_of)
        return known

    def due_between(self, start: date, end: date) -> Self:
        """Applications whose last day lies in the half-open span [start, end) of days."""
        return self.filter(due_on__gte=start, due_on__lt=end)

    def completed_between(self, start: datetime, end: datetime) -> Self:
        """Applications completed in the half-open span [start, end) of aware moments."""
        return self.filter(completed_at__gte=start, completed_at__lt=end)

    def touched_by(self, first: date, last: date) -> Self:
        """Open applications that may move when days from `first` to `last` become working or days off.

        A superset: a term in calendar days or months moves only by days off at its end, one in working days by any.
        """
        horizon = last + timedelta(days=LONGEST_BREAK_DAYS)
        in_working_days = Q(term_version__contains=TermUnitCode.WORKING_DAYS.value)
        running = Q(Q(due_on__lte=horizon) | in_working_days, paused_at=None, due_on__gte=first)
        # While the term stands still, only the day until which the applicant may mend can move.
        return self.open().filter(running | Q(mend_due_on__gte=first, mend_due_on__lte=horizon))

    def seen_by(self, user: "StaffUser") -> Self:
        """The applications that `user` may open: all of them by permission, else those of the user's own unit."""
        may = [user.has_perm(f"services.view_{which}") for which in ("application", "all_applications")]
        return self.seen_from(user.pk, sees_some=may[0], sees_all=may[1])

    def seen_from(self, user: int, *, sees_some: bool, sees_all: bool) -> Self:
        """The same of whoever has this key and may see those of the own unit, all of them, or none."""
        if sees_all:
            return self
        if not sees_some:
            return self.none()
        # By a subquery, not a join: so the index on the unit and the last day gives the list in its order.
        return self.filter(unit=unit_of(user))

    def newest_first(self) -> Self:
        return self.order_by("-received_at", "-pk")

    def by_due_date(self) -> Self:
        """Soonest last day first."""
        return self.order_by("due_on", "pk")

    def with_frame(self) -> Self:
        """With what a list of applications names."""
        return self.select_related("service", "unit")

    def with_line(self) -> Self:
        """With what a line of the work list says, and nothing else of the application."""
        return self.with_frame().only(*OF_A_LINE)

    def about(self, words: Sequence[Sought], named: Sequence[list[int]]) -> Self:
        """Applications with each of `words` in what the applicant said, or for one of the services `named` by it, of
        which the keys are given (`services.known.services_named`): so the database knows how many there may be."""
        said = self
        for one, services in zip(words, named, strict=True):
            # The second condition is that of the index.
            in_text = Q(text__upper_like=one.pattern) & ~Q(text="")
            said = said.filter(Q(service__any_of=services) | in_text)
        return said

    def waiting_at_counter(self) -> Self:
        """Applications whose document is ready and not taken, the longest waiting first."""
        return self.filter(status=ApplicationStatus.READY).order_by("completed_at", "pk")

    def ended_before(self, moment: datetime) -> Self:
        """Applications handed over or completed before the aware `moment`, whose personal data are still there."""
        gone = Tombstone.objects.filter(what="services.Application", number=OuterRef("number"))
        return self.filter(~Exists(gone), completed_at__isnull=False).filter(
            Q(handed_over_at__lt=moment) | Q(handed_over_at=None, completed_at__lt=moment)
        )

    def of_person(self, name: str, contact: str) -> Self:
        """Applications of whoever has exactly this name and this e-mail or telephone (digits alone count)."""
        digits = phone_digits(contact)
        by_phone = Q(contact_digits=digits, applicant_contact__regex=WRITTEN) if digits else Q(pk=None)
        named = self.filter(applicant_name__iexact=name)
        named = named.annotate(contact_digits=phone_digits_in("applicant_contact"))
        return named.filter(Q(applicant_contact__iexact=contact) | by_phone)

    def of_somebody_like(self, name: str, phone: str) -> Self:
        """Applications whose name holds `name` or, where it is given, whose contact holds `phone`; newest first."""
        rows = self.annotate(phone_digits=phone_digits_in("applicant_contact"))
        rows = rows.filter(phone_digits__contains=phone) if phone else rows.filter(applicant_name__icontains=name)
        return rows.order_by("-pk")

    def term_facts(self, as_of: datetime) -> Self:
        """What each application says of its term at the aware moment `as_of`: done by the last day, late, or neither.

        Past the last day and not done is unanswered, whatever follows; until it is past, the term still runs. What
        ended within its term without the service is left out: refused, left without proceedings, withdrawn. After its
        last day it was late before, and neither a refusal nor a withdrawal mends that. While the applicant mends
        defects the term stands still.
        """
        today = timezone.localtime(as_of).date()
        known = Q(completed_at__lte=as_of)
        in_time = known & Q(completed_on__lte=F("due_on"))
        state = Choice(
            When(in_time & Q(outcome=ApplicationOutcome.WITHDRAWN), then=Value(Fact.WITHDRAWN)),
            When(in_time & Q(outcome=ApplicationOutcome.NO_PROCEEDINGS), then=Value(Fact.NO_PROCEEDINGS)),
            When(in_time & Q(outcome=ApplicationOutcome.REFUSED), then=Value(Fact.REFUSED)),
            When(paused_at__lte=as_of, then=Value(Fact.STANDING)),
            When(due_on__gte=today, then=Value(Fact.IN_TERM)),
            When(in_time, then=Value(Fact.KEPT)),
            When(known & ~Q(outcome__in=WITHOUT_ACT), then=Value(Fact.LATE)),
            default=Value(Fact.UNANSWERED),
        )
        rows = self.annotate(came_on=TruncDate("received_at"), completed_on=TruncDate("completed_at"))
        return with_facts(
            rows,
            state=state,
            counted_on=F("due_on"),
            began_on=F("came_on"),
            last_day=F("due_on"),
            done_on=Choice(When(known, then=F("completed_on"))),
        )

    def told_facts(self, days: int, as_of: datetime) -> Self:
        """Whether each applicant was told within so many `days` a last day that is more than those away.

        What was due or ready within them needed no telling, unless it was told. Each is counted on the last of them.
        """
        today = timezone.localtime(as_of).date()
        rows = self.annotate(
            came_on=TruncDate("received_at"), told_on=TruncDate("due_told_at"), completed_on=TruncDate("completed_at")
        ).annotate(tell_by=ExpressionWrapper(F("came_on") + Value(days), output_field=DateField()))
        state = Choice(
            When(first_due_on__lte=F("tell_by"), then=Value(Fact.DUE_SOON)),
            When(tell_by__gte=today, then=Value(Fact.IN_TERM)),
            When(told_on__lte=F("tell_by"), then=Value(Fact.KEPT)),
            When(told_on__isnull=False, then=Value(Fact.LATE)),
            When(completed_on__lte=F("tell_by"), then=Value(Fact.DONE_SOON)),
            default=Value(Fact.UNANSWERED),
        )
        return with_facts(
            rows,
            state=state,
            counted_on=F("tell_by"),
            began_on=F("came_on"),
            last_day=F("tell_by"),
            done_on=F("told_on"),
        )

    def visit_facts(self, visits: "VisitQuerySet") -> Self:
        """Of the completed ones that came at the counter: whether the person came once until then, by `visits`.

        Who came again had come to apply, also where nobody recorded that first time; nor is it the first time when
        the application itself is said to be of a later visit. Who withdrew, or mended nothing, and was not made to come
        again got no service, so they are left out.
        """
        until_then = visits.filter(application_id=OuterRef("id"), at__lte=OuterRef("completed_at")).order_by()
        again = until_then.filter(purpose__in=AGAIN).values("application_id").annotate(times=Count("pk"))
        # Who had been sent away before there was an application came again too.
        before = Coalesce(F("visit_number"), 1) - 1
        rows = self.filter(channel=Channel.COUNTER).annotate(
            came_on=TruncDate("received_at"),
            completed_on=TruncDate("completed_at"),
            applied=Exists(until_then.filter(purpose=Purpose.APPLY)),
            again=Coalesce(Subquery(again.values("times")), 0) + before,
        )
        state = Choice(
            When(again__gt=0, then=Value(Fact.NOT_KEPT)),
            When(outcome=ApplicationOutcome.WITHDRAWN, then=Value(Fact.WITHDRAWN)),
            When(outcome=ApplicationOutcome.NO_PROCEEDINGS, then=Value(Fact.NO_PROCEEDINGS)),
            When(applied=True, then=Value(Fact.KEPT)),
            default=Value(Fact.NO_VISIT),
        )
        return with_facts(
            rows,
            state=state,
            counted_on=F("completed_on"),
            began_on=F("came_on"),
            done_on=F("completed_on"),
            lasted=Choice(When(Q(applied=True) | Q(again__gt=0), then=F("again") + 1)),
        )


class ApplicationEventQuerySet(models.QuerySet["ApplicationEvent"]):
    def in_order(self) -> Self:
        """As they happened."""
        return self.order_by("at", "pk")

    def seen_by_people(self) -> Self:
        """All but what the worker notes when a letter has left."""
        return self.exclude(kind=ApplicationEventKind.TOLD, by=None)

    def defects(self) -> Self:
        """What the applicant was told is missing, in order."""
        return self.filter(kind=ApplicationEventKind.DEFECTS).in_order()


class VisitQuerySet(models.QuerySet["Visit"]):
    def known_at(self, as_of: datetime) -> Self:
        """Every visit recorded by the aware moment `as_of`, from its history."""
        known: Self = versions_at(type(self), self.model, as_of).filter(recorded_at__lte=as_of)
        return known

    def in_order(self) -> Self:
        """As the page of an application lists them: in the order in which the person came."""
        return self.select_related("recorded_by").order_by("at", "pk")
