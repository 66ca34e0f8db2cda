"""Questions about many cases, and about what happened in them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case as Choice
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from feedback.choices import (
    NOTIFIED_KINDS,
    OPEN_STATUSES,
    UNDECIDED_STATUSES,
    DecreedDay,
    EventKind,
    LetterKind,
    LetterState,
    Status,
)
from feedback.life import FIRST_ROUND
from feedback.querysets.dialogue import UNSENT
from feedback.querysets.signs import WatchedQuerySet
from samokov_portal.audit.models import Tombstone
from samokov_portal.history import versions_at
from samokov_portal.legal.holidays import LONGEST_BREAK_DAYS
from samokov_portal.legal.terms import RULES, Unit
from samokov_portal.office.choices import Fact
from samokov_portal.office.phones import phone_digits, phone_digits_in
from samokov_portal.office.querysets import Sought, with_facts
from samokov_portal.office.queue import NO_DAY
from services.querysets import unit_of

if TYPE_CHECKING:
    from samokov_portal.staff.models import StaffUser


# By which the work list is ordered; what awaits no day comes last.
AWAITED_DAY = Coalesce(F("next_on"), Value(NO_DAY))
# What belongs to a case and most cases have not: by its name on the case, its table.
KEPT_APART = {
    "questions": "feedback_question",
    "reopenings": "feedback_reopening",
    "ratings": "feedback_rating",
    "attachments": "feedback_attachment",
    "notes": "feedback_internalnote",
    "extension_requests": "feedback_extensionrequest",
}
# Whether others are to get the answer of a case.
HAS_TIED = "EXISTS (SELECT FROM feedback_case AS other WHERE other.duplicate_of_id = feedback_case.id)"
# What a line of a list says of a case.
OF_A_LINE = ("number", "kind", "subject", "status", "unit", "next_on", "paused_at", "decided_at", "duplicate_of")
# It is counted by its own days like any other, and told apart.
IS_MERGED = Choice(When(duplicate_of__isnull=False, then=Value(True)), default=Value(False))


class CaseQuerySet(WatchedQuerySet):
    letter = "c"
    awaited_day = AWAITED_DAY
    is_open, is_running = Q(status__in=OPEN_STATUSES), Q(paused_at=None)
    waits_for_sender, is_being_forwarded = Q(status=Status.CLARIFICATION), Q(status=Status.FORWARDING)
    is_to_hand_over = Q(status=Status.DECIDED)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def known_at(self, as_of: datetime) -> Self:
        """Every case registered by the aware moment `as_of`, as the store knew it then, read from its history.

        So its kind, its unit and its last days are those of then, whatever was changed since.
        """
        known: Self = versions_at(type(self), self.model, as_of).filter(registered_at__lte=as_of)
        return known

    def touched_by(self, first: date, last: date) -> Self:
        """Cases of which an awaited day may move when days from `first` to `last` become working or days off.

        A superset: a term in calendar days or months moves only by days off at its end, one in working days by any.
        """
        until = last + timedelta(days=LONGEST_BREAK_DAYS)
        in_working_days = [term.code for term in RULES if term.unit is Unit.WORKING_DAYS]
        awaited = Q(next_on__gte=first) & (Q(next_on__lte=until) | Q(term_code__in=in_working_days))
        to_forward = Q(status__in=UNDECIDED_STATUSES, forward_due_on__gte=first, forward_due_on__lte=until)
        return self.open().filter(awaited | to_forward)

    def due_between(self, start: date, end: date) -> Self:
        """Cases whose last day for the answer lies in the half-open span [start, end) of days."""
        return self.filter(due_on__gte=start, due_on__lt=end)

    def notice_due_between(self, start: date, end: date) -> Self:
        """Cases whose last day for telling the sender of the answer lies in the half-open span [start, end)."""
        return self.filter(notify_due_on__gte=start, notify_due_on__lt=end)

    def registered_between(self, start: datetime, end: datetime) -> Self:
        """Cases registered in the half-open span [start, end) of aware moments."""
        return self.filter(registered_at__gte=start, registered_at__lt=end)

    def forwarded_between(self, start: datetime, end: datetime) -> Self:
        """Cases forwarded in the half-open span [start, end) of aware moments."""
        return self.filter(forwarded_at__gte=start, forwarded_at__lt=end)

    def ended_before(self, moment: datetime) -> Self:
        """Cases on which nobody has worked since before the aware `moment`, whose personal data are still there."""
        gone = Tombstone.objects.filter(what="feedback.Case", number=OuterRef("number"))
        ended_at = Coalesce("closed_at", "ended_at", "forwarded_at", "notified_at", "registered_at")
        ended = self.exclude(status__in=OPEN_STATUSES).annotate(work_ended_at=ended_at)
        return ended.filter(~Exists(gone), work_ended_at__lt=moment)

    def of_person(self, name: str, contact: str) -> Self:
        """Cases of whoever has exactly this name and this e-mail, telephone (digits alone count) or address."""
        digits = phone_digits(contact)
        by_phone = Q(phone_digits=digits) if digits else Q(pk=None)
        named = self.filter(name__iexact=name).annotate(phone_digits=phone_digits_in("phone"))
        return named.filter(Q(email__iexact=contact) | Q(address__iexact=contact) | by_phone)

    def of_somebody_like(self, name: str, phone: str) -> Self:
        """Cases whose sender's name holds `name` or, where it is given, whose telephone holds `phone`; newest first."""
        rows = self.annotate(phone_digits=phone_digits_in("phone"))
        rows = rows.filter(phone_digits__contains=phone) if phone else rows.filter(name__icontains=name)
        return rows.order_by("-pk")

    def tied_to(self, case: Any) -> Self:
        """Cases that are to get the answer of `case`, in the order of the register."""
        return self.filter(duplicate_of=case, status__in=FIRST_ROUND).order_by("pk")

    def undecided(self) -> Self:
        """Cases that still await their first decision."""
        return self.filter(status__in=UNDECIDED_STATUSES)

    def notified_before(self, moment: datetime) -> Self:
        """Cases whose sender was told of the answer before the aware `moment`, and which are not closed yet."""
        return self.filter(status=Status.NOTIFIED, notified_at__lt=moment)

    def lately_about(self, settlement: Any, *, since: datetime) -> Self:
        """Open cases about `settlement` received since the aware moment `since`, the newest first."""
        return self.open().filter(settlement=settlement, received_at__gte=since).order_by("-received_at", "-pk")

    def near(self, case: Any, *, within: timedelta) -> Self:
        """Other cases of the kind of `case` that wait for their first answer and came `within` so long of it; those
        about another settlement are left out where both name one.
        """
        kind = self.filter(kind=case.kind, status__in=FIRST_ROUND, duplicate_of=None).exclude(pk=case.pk)
        if case.settlement_id is not None:
            kind = kind.filter(Q(settlement=case.settlement_id) | Q(settlement=None))
        since, until = case.received_at - within, case.received_at + within
        return kind.filter(received_at__gte=since, received_at__lte=until).order_by("-received_at", "-pk")

    def sent_before(self, repeat_digest: str, *, since: datetime) -> Self:
        """Cases registered with the same contents from the same browser at or after the aware moment `since`; none by
        an empty digest, which what a clerk logs has."""
        # The second condition is that of the index: a plan for any digest cannot know that this one is not empty.
        same = self.filter(repeat_digest=repeat_digest, registered_at__gte=since)
        return same.exclude(repeat_digest="").order_by("pk")

    def seen_by(self, user: "StaffUser") -> Self:
        """The cases that `user` may open: all of them by permission, else those of the user's own unit.

        Never one that is directed against `user` (АПК, чл. 113).
        """
        if not user.has_perm("feedback.view_case"):
            return self.none()
        return self.seen_from(user.pk, sees_all=user.has_perm("feedback.view_all_cases"))

    def seen_from(self, user: int, *, sees_all: bool) -> Self:
        """The same of whoever has this key, may see cases, and by a permission all of them or not."""
        others = self.exclude(complained_of=user)
        if sees_all:
            return others
        # By a subquery, not a join: so the index on the unit and the awaited day gives the list in its order.
        return others.filter(unit=unit_of(user))

    def saying(self, words: Sequence[Sought]) -> Self:
        """Cases with each of `words` in what they are about or in their text."""
        said = self
        for one in words:
            said = said.filter(Q(subject__upper_like=one.pattern) | Q(text__upper_like=one.pattern))
        return said

    def with_frame(self) -> Self:
        """With what a list of cases names."""
        return self.select_related("unit", "settlement", "service")

    def with_what_there_is(self) -> Self:
        """With whether each case has what is kept apart, so that nobody asks for what is not there (`Case.present`).

        As SQL: put together as expressions they would take longer than the queries that they save.
        """
        there = {f"has_{name}": _is_there(table) for name, table in KEPT_APART.items()}
        return self.annotate(**there, has_tied=RawSQL(HAS_TIED, [], models.BooleanField()))

    def with_newest_version(self) -> Self:
        """With the key of the newest row of each case's history, read together with it (`of_case.last_version`)."""
        versions = self.model.history.filter(id=OuterRef("pk")).order_by("-history_id")
        return self.annotate(newest_version=Subquery(versions.values("history_id")[:1]))

    def with_line(self) -> Self:
        """With what a line of the work list says, and nothing else of the case."""
        return self.select_related("unit").only(*OF_A_LINE).with_unsent()

    def with_unsent(self) -> Self:
        """With since when a letter to the competent body waits to go out; None where none does."""
        letters = apps.get_model("feedback", "Letter").objects.to_bodies().filter(case=OuterRef("pk"))
        # Of all the letters of the case: narrowed to the unsent, the database would read all that an outage of mail has
        # left unsent, for each case again (see the indexes of letters).
        first = letters.order_by().values("case").annotate(since=Min("created_at", filter=UNSENT))
        return self.annotate(unsent_since=Subquery(first.values("since")))

    def with_last_event(self, statuses: Collection[str]) -> Self:
        """With the newest event of each case in one of `statuses`; None for the others."""
        events = apps.get_model("feedback", "CaseEvent").objects.filter(case=OuterRef("pk")).order_by("-pk")
        last = When(status__in=sorted(statuses), then=Subquery(events.values("pk")[:1]))
        return self.annotate(last_event=Choice(last, output_field=models.BigIntegerField()))

    def decision_facts(self, as_of: datetime) -> Self:
        """What each case of `known_at` says of the term of its answer at the aware moment `as_of`.

        `kept` decided by the last day, the extended one where it was lawfully extended; `late` decided after it;
        `unanswered` past it; `in_term` when the last day is not past, also when it is decided, or it waits by law for
        the sender; `forwarded`, `no_proceedings` and `withdrawn` within the term, so not ours to decide. What left or
        ended only after its last day was late before, and stays in the whole. A case that was re-opened is counted by
        its first answer, and one that is tied to another by its own last day and its own answer. Not for praise.
        """
        today = timezone.localtime(as_of).date()
        decided, ended = Q(decided_at__lte=as_of), Q(ended_at__lte=as_of, ended_on__lte=F("due_on"))
        waiting = Q(paused_at__isnull=False, paused_at__lte=as_of)
        state = Choice(
            When(decided & Q(due_on__gte=today), then=Value(Fact.IN_TERM)),
            When(decided & Q(decided_on__lte=F("due_on")), then=Value(Fact.KEPT)),
            When(decided, then=Value(Fact.LATE)),
            When(forwarded_at__lte=as_of, forwarded_on__lte=F("due_on"), then=Value(Fact.FORWARDED)),
            When(ended & ~Q(end_reason=""), then=Value(Fact.NO_PROCEEDINGS)),
            When(ended, then=Value(Fact.WITHDRAWN)),
            When(Q(due_on__lt=today) & ~waiting, then=Value(Fact.UNANSWERED)),
            default=Value(Fact.IN_TERM),
        )
        return with_facts(
            self._with_days(),
            state=state,
            counted_on=F("due_on"),
            began_on=F("came_on"),
            last_day=F("due_on"),
            done_on=Choice(When(decided, then=F("decided_on"))),
            extended=Choice(When(extended_at__lte=as_of, then=Value(True)), default=Value(False)),
            merged=IS_MERGED,
        )

    def missed_facts(self, kind: str, start: date, end: date, *, as_of: datetime) -> Self:
        """What each case of `known_at` says of the term that it missed as `kind` before it became another kind.

        That term ended in the half-open span [start, end) of days and had passed without an answer: a new name does not
        mend it. The last such day counts where it was missed twice.
        """
        became = apps.get_model("feedback", "CaseEvent").objects.filter(
            kind=EventKind.REQUALIFIED, ground=kind, until__gte=start, until__lt=end, at__lte=as_of
        )
        last = became.filter(case_id=OuterRef("id")).order_by("-until").values("until")[:1]
        rows = self.filter(id__in=became.values("case_id")).annotate(missed_on=Subquery(last))
        return with_facts(
            rows._with_days(),
            state=Value(Fact.UNANSWERED),
            counted_on=F("missed_on"),
            began_on=F("came_on"),
            last_day=F("missed_on"),
            merged=IS_MERGED,
        )

    def forwarding_facts(self, as_of: datetime) -> Self:
        """What each case of `known_at` forwarded by `as_of` says of the term for that."""
        state = Choice(When(forwarded_on__lte=F("forward_due_on"), then=Value(Fact.KEPT)), default=Value(Fact.LATE))
        return with_facts(
            self._with_days().filter(forwarded_at__lte=as_of),
            state=state,
            counted_on=F("forwarded_on"),
            began_on=F("came_on"),
            last_day=F("forward_due_on"),
            done_on=F("forwarded_on"),
            merged=IS_MERGED,
        )

    def notice_facts(self, as_of: datetime) -> Self:
        """What each decision given by `as_of` says of the term in which it is made known."""
        today = timezone.localtime(as_of).date()
        notified = Q(notified_at__lte=as_of)
        state = Choice(
            When(notify_due_on__gte=today, then=Value(Fact.IN_TERM)),
            When(notified & Q(notified_on__lte=F("notify_due_on")), then=Value(Fact.KEPT)),
            When(notified, then=Value(Fact.LATE)),
            default=Value(Fact.UNANSWERED),
        )
        return with_facts(
            self._with_days().filter(decided_at__lte=as_of),
            state=state,
            counted_on=F("notify_due_on"),
            began_on=F("decided_on"),
            last_day=F("notify_due_on"),
            done_on=Choice(When(notified, then=F("notified_on"))),
            merged=IS_MERGED,
        )

    def registration_facts(self) -> Self:
        """Whether each case was registered on the day it came."""
        state = Choice(When(registered_on=F("came_on"), then=Value(Fact.KEPT)), default=Value(Fact.LATE))
        return with_facts(
            self._with_days(),
            state=state,
            counted_on=F("came_on"),
            began_on=F("came_on"),
            last_day=F("came_on"),
            done_on=F("registered_on"),
        )

    def acknowledgement_facts(self, as_of: datetime) -> Self:
        """Whether the letter with the registration number of each case of `known_at` had left by `as_of`."""
        letters = apps.get_model("feedback", "Letter").objects.filter(case_id=OuterRef("id"), kind=LetterKind.RECEIVED)
        sent = letters.filter(state=LetterState.SENT, sent_at__lte=as_of).order_by("sent_at", "pk")
        rows = self._with_days().annotate(told_on=TruncDate(Subquery(sent.values("sent_at")[:1])))
        state = Choice(When(told_on__isnull=False, then=Value(Fact.KEPT)), default=Value(Fact.NOT_KEPT))
        return with_facts(rows, state=state, counted_on=F("came_on"), began_on=F("came_on"), done_on=F("told_on"))

    def _with_days(self) -> Self:
        """With the days in Europe/Sofia on which things happened."""
        return self.annotate(
            came_on=TruncDate("received_at"),
            registered_on=TruncDate("registered_at"),
            decided_on=TruncDate("decided_at"),
            forwarded_on=TruncDate("forwarded_at"),
            notified_on=TruncDate("notified_at"),
            ended_on=TruncDate("ended_at"),
        )


def _is_there(table: str) -> RawSQL:
    return RawSQL(f"EXISTS (SELECT FROM {table} WHERE case_id = feedback_case.id)", [], models.BooleanField())


class CaseEventQuerySet(models.QuerySet[Any]):
    def extensions(self) -> Self:
        """Extensions of the terms of signals and proposals."""
        return self.filter(kind=EventKind.EXTENDED, ground__in=NOTIFIED_KINDS)

    def notice_facts(self, as_of: datetime) -> Self:
        """Whether the letter that tells the sender of each extension made by `as_of` left by the last day before it.

        That day is the one by the latest event that moved it, or the first. The extension is counted on it.
        """
        letters = apps.get_model("feedback", "Letter").objects.filter(event=OuterRef("pk"), kind=LetterKind.EXTENDED)
        sent = letters.filter(state=LetterState.SENT, sent_at__lte=as_of).order_by("sent_at", "pk")
        earlier = self.model._default_manager.filter(case_id=OuterRef("case_id"), pk__lt=OuterRef("pk"))
        moved = earlier.exclude(due_on=None).order_by("-pk").values("due_on")[:1]
        rows = self.filter(at__lte=as_of).annotate(
            made_on=TruncDate("at"),
            told_on=TruncDate(Subquery(sent.values("sent_at")[:1])),
            tell_by=Coalesce(Subquery(moved), F("case__first_due_on")),
        )
        state = Choice(
            When(tell_by__gte=timezone.localtime(as_of).date(), then=Value(Fact.IN_TERM)),
            When(told_on__lte=F("tell_by"), then=Value(Fact.KEPT)),
            When(told_on__isnull=False, then=Value(Fact.LATE)),
            default=Value(Fact.UNANSWERED),
        )
        known = {"began_on": F("made_on"), "last_day": F("tell_by"), "done_on": F("told_on")}
        return with_facts(rows, state=state, counted_on=F("tell_by"), **known)

    def in_order(self) -> Self:
        """As they happened."""
        return self.order_by("at", "pk")

    def decreed(self, day: DecreedDay, *, since: datetime, until: datetime | None) -> Self:
        """Moves of `day` by a decree between two moments, both included; up to now when `until` is None."""
        moves = self.filter(kind=EventKind.MOVED, ground=day, at__gte=since)
        return moves if until is None else moves.filter(at__lte=until)
