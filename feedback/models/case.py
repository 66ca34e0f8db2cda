"""What citizens send and where it stands."""

from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.choices import MERGED_KINDS, OPEN_STATUSES, EndReason, EventKind, Kind, Outcome, Status
from feedback.querysets import AWAITED_DAY, CaseEventQuerySet, CaseQuerySet
from feedback.querysets.signs import LEFT_AT, LEFT_IN_LAST_TENTH
from samokov_portal.history import Sealed, history
from samokov_portal.inserting import KeptInsert
from samokov_portal.office.choices import Channel
from samokov_portal.office.in_words import SaysChoices
from samokov_portal.office.late import AT_ONCE, LONGEST_REASON
from samokov_portal.office.phones import phone_digits_in
from samokov_portal.office.queue import NO_DAY, Place
from samokov_portal.office.signs import ENTERED_LATER
from samokov_portal.questions import nothing
from samokov_portal.reading import PlainRead

NOT_FORWARDED = Q(forwarded_at=None)
NOT_ENDED = Q(ended_at=None)
NOT_CLOSED = Q(closed_at=None)
UNDECIDED = Q(decided_at=None)
IS_OPEN = Q(status__in=OPEN_STATUSES)
# What the work list is narrowed by, beside the day.
IN_WORK_LIST = (
    "next_on",
    "status",
    "kind",
    "unit",
    "settlement",
    "channel",
    "service",
    "standard",
    "complained_of",
    "paused_at",
)
STATUS_AGREES = (
    Q(status__in=[Status.REGISTERED, Status.ASSIGNED, Status.CLARIFICATION], forwarded_to="")
    & UNDECIDED
    & NOT_FORWARDED
    & NOT_ENDED
    & NOT_CLOSED
    | Q(status=Status.FORWARDING) & ~Q(forwarded_to="") & UNDECIDED & NOT_FORWARDED & NOT_ENDED & NOT_CLOSED
    | Q(status=Status.FORWARDED, forwarded_at__isnull=False) & UNDECIDED & NOT_ENDED & NOT_CLOSED
    | Q(status=Status.DECIDED, decided_at__isnull=False) & NOT_FORWARDED & NOT_ENDED & NOT_CLOSED
    | Q(status__in=[Status.NOTIFIED, Status.REOPENED], notified_at__isnull=False)
    & NOT_FORWARDED
    & NOT_ENDED
    & NOT_CLOSED
    | Q(status=Status.CLOSED, closed_at__isnull=False) & NOT_FORWARDED & NOT_ENDED
    | Q(status=Status.NO_PROCEEDINGS, ended_at__isnull=False)
    & ~Q(end_reason="")
    & UNDECIDED
    & NOT_FORWARDED
    & NOT_CLOSED
    | Q(status=Status.WITHDRAWN, ended_at__isnull=False, end_reason="") & UNDECIDED & NOT_FORWARDED & NOT_CLOSED
)


class Case(SaysChoices, PlainRead, KeptInsert, models.Model):
    """A signal, proposal, complaint, enquiry, praise or request for information, with the promise made on receipt.

    `due_on` is the last day in force, `first_due_on` the one promised on receipt; both are stored with the version of
    the rule and never recomputed behind anyone's back. `decided_at`, `outcome`, `answer` and `notified_at` are of the
    first answer for ever, because that is what a promise is measured by; a re-opened case keeps what follows in
    `Reopening`. Moments are stored in UTC; days are those of Europe/Sofia.
    """

    number = models.CharField(_("регистрационен номер"), max_length=20, unique=True)
    kind = models.CharField(_("вид"), max_length=12, choices=Kind.choices)
    citizen_kind = models.CharField(_("вид, посочен от подателя"), max_length=12, choices=Kind.choices)
    status = models.CharField(_("състояние"), max_length=16, choices=Status.choices, default=Status.REGISTERED)
    # The last day of what is awaited next, by which the work list is ordered; null where no day is awaited.
    next_on = models.DateField(_("следващ срок"), null=True, blank=True)

    subject = models.CharField(_("относно"), max_length=120)
    text = models.TextField(_("текст"), max_length=10_000)
    happened_on = models.DateField(_("кога се е случило"), null=True, blank=True)
    act_reference = models.CharField(_("оспорен акт"), max_length=200, blank=True)
    place = models.CharField(_("място"), max_length=200, blank=True)
    settlement = models.ForeignKey(
        "services.Settlement", models.PROTECT, null=True, blank=True, verbose_name=_("населено място")
    )
    service = models.ForeignKey("services.Service", models.PROTECT, null=True, blank=True, verbose_name=_("услуга"))
    standard = models.ForeignKey(
        "charter.Standard", models.PROTECT, null=True, blank=True, verbose_name=_("нарушен стандарт")
    )

    name = models.CharField(_("име"), max_length=150, blank=True)
    address = models.CharField(_("адрес"), max_length=250, blank=True)
    email = models.EmailField(_("имейл"), blank=True)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)

    channel = models.CharField(_("начин на подаване"), max_length=10, choices=Channel.choices)
    waited_minutes = models.PositiveSmallIntegerField(_("чакане на гише, минути"), null=True, blank=True)
    received_at = models.DateTimeField(_("постъпила на"))
    registered_at = models.DateTimeField(_("регистрирана на"))
    # Why it was entered later than it came; empty for what was entered in time, and before this was asked.
    late_reason = models.CharField(_("защо е въведена по-късно"), max_length=LONGEST_REASON, blank=True)
    # Said, not written: it needs a protocol (АПК, чл. 29).
    is_oral = models.BooleanField(_("устна"), default=False)
    # Of what came at a counter: which time the person came for this matter; null where nobody asked.
    visit_number = models.PositiveSmallIntegerField(_("кое идване е по въпроса"), null=True, blank=True)
    # Null where no form was used: unique values may then repeat.
    form_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    # The same contents from the same browser; empty for what a clerk logs.
    repeat_digest = models.CharField(max_length=64, blank=True, editable=False)
    access_digest = models.CharField(max_length=64, editable=False)

    term_code = models.CharField(_("срок по"), max_length=30, blank=True)
    term_version = models.CharField(_("редакция на срока"), max_length=60, blank=True)
    first_due_on = models.DateField(_("първоначален срок"), null=True, blank=True)
    due_on = models.DateField(_("краен срок"), null=True, blank=True)
    extended_at = models.DateTimeField(_("удължена на"), null=True, blank=True)
    due_moved_at = models.DateTimeField(_("срокът е променен на"), null=True, blank=True)
    # Only by a decree; where `notify_due_on` lay before is kept with the event.
    notice_moved_at = models.DateTimeField(_("срокът за уведомяване е преместен на"), null=True, blank=True)
    paused_at = models.DateTimeField(_("срокът е спрял на"), null=True, blank=True)

    unit = models.ForeignKey("services.Unit", models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    # Never decides on it, nor sees it (АПК, чл. 113).
    complained_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("служител, срещу когото е"),
    )
    forward_due_on = models.DateField(_("срок за препращане"))
    forwarded_at = models.DateTimeField(_("препратена на"), null=True, blank=True)
    forwarded_to = models.CharField(_("препратена до"), max_length=600, blank=True)
    decided_at = models.DateTimeField(_("решена на"), null=True, blank=True)
    outcome = models.CharField(_("изход"), max_length=16, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("отговор"), blank=True)
    notify_due_on = models.DateField(_("срок за уведомяване"), null=True, blank=True)
    notified_at = models.DateTimeField(_("уведомен на"), null=True, blank=True)
    closed_at = models.DateTimeField(_("приключена на"), null=True, blank=True)
    # Without a decision: no proceedings, for this reason, or withdrawn.
    ended_at = models.DateTimeField(_("прекратена на"), null=True, blank=True)
    end_reason = models.CharField(_("защо няма производство"), max_length=16, choices=EndReason.choices, blank=True)
    # The case together with which this one is handled; the database refuses chains. It stays after the answer.
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tied",
        db_index=False,
        verbose_name=_("слята с"),
    )
    is_sample = models.BooleanField(_("примерна"), default=False, editable=False)
    # No column: only a case that was read `with_unsent` has it.
    unsent_since: datetime | None

    objects = CaseQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("преписка")
        verbose_name_plural = _("преписки")
        permissions = [
            ("view_all_cases", "Can see the cases of every unit"),
            ("view_sender", "Can see the name and contact of a sender"),
            ("log_case", "Can log a case at the desk"),
            ("backdate_case", "Can log a case that came before the previous working day"),
            ("assign_case", "Can assign a case to a unit"),
            ("forward_case", "Can forward a case to the competent body"),
            ("extend_case", "Can extend the term of a case as the superior body"),
            ("answer_case", "Can ask, answer, end and close a case"),
            ("merge_case", "Can tie a case to another about the same, and separate it"),
            ("post_letter", "Can send and hand over letters"),
            ("oversee_cases", "Can see where promises are about to be broken, and signs of gaming"),
        ]
        indexes = [
            models.Index(fields=["kind", "due_on"], name="feedback_case_kind_due"),
            models.Index(
                fields=["notify_due_on"], condition=Q(notify_due_on__isnull=False), name="feedback_case_notify_due"
            ),
            models.Index(
                fields=["forwarded_at"], condition=Q(forwarded_at__isnull=False), name="feedback_case_forwarded"
            ),
            models.Index(fields=["received_at"], name="feedback_case_received"),
            # The work list: a part of it, of a unit or of all. What it is narrowed by lies in the index, so that
            # counting beside a tab reads the index alone.
            models.Index(AWAITED_DAY, "id", condition=IS_OPEN, include=IN_WORK_LIST, name="feedback_case_open"),
            models.Index(
                *("status", AWAITED_DAY, "id"),
                condition=IS_OPEN,
                include=[name for name in IN_WORK_LIST if name != "status"],
                name="feedback_case_open_status",
            ),
            models.Index(
                *("unit", AWAITED_DAY, "id"),
                condition=IS_OPEN,
                include=[name for name in IN_WORK_LIST if name != "unit"],
                name="feedback_case_open_of_unit",
            ),
            GinIndex(
                OpClass(Upper("subject"), "gin_trgm_ops"),
                OpClass(Upper("text"), "gin_trgm_ops"),
                condition=IS_OPEN,
                name="feedback_case_open_words",
            ),
            # A second sending of the same contents is looked for among those of the last day.
            models.Index(fields=["duplicate_of"], condition=Q(duplicate_of__isnull=False), name="feedback_case_tied"),
            models.Index(fields=["repeat_digest"], condition=~Q(repeat_digest=""), name="feedback_case_repeat"),
            # Closed by the worker when the time to ask for another look is over.
            models.Index(
                fields=["status", "notified_at"], condition=Q(status="notified"), name="feedback_case_notified"
            ),
            models.Index(fields=["id"], condition=Q(is_sample=True), name="feedback_case_sample"),
            # Somebody who was here before is found by a part of the name or of the telephone.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="feedback_case_name_like"),
            GinIndex(OpClass(phone_digits_in("phone"), name="gin_trgm_ops"), name="feedback_case_phone_like"),
            # Signs that the Secretary watches: only the cases that bear one are in these.
            models.Index(
                LEFT_AT,
                condition=LEFT_IN_LAST_TENTH & ~Q(status=Status.WITHDRAWN),
                name="feedback_case_last_tenth",
            ),
            models.Index(fields=["registered_at"], condition=ENTERED_LATER, name="feedback_case_entered_later"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_at__gte=F("received_at")), name="feedback_case_registered_after_receipt"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PRAISE, due_on=None, term_code="")
                | ~Q(kind=Kind.PRAISE) & Q(due_on__isnull=False, first_due_on__isnull=False) & ~Q(term_code=""),
                name="feedback_case_has_a_term_unless_praise",
            ),
            models.CheckConstraint(
                condition=Q(due_on=F("first_due_on"))
                | Q(due_moved_at__isnull=False)
                | Q(due_on=None, first_due_on=None),
                name="feedback_case_due_moves_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(extended_at=None) | Q(due_moved_at__isnull=False), name="feedback_case_extended_moves_due"
            ),
            models.CheckConstraint(
                condition=Q(forward_due_on__gte=TruncDate("received_at"))
                & (Q(first_due_on=None) | Q(first_due_on__gte=TruncDate("received_at")))
                & (Q(notify_due_on=None) | Q(decided_at__isnull=False, notify_due_on__gte=TruncDate("decided_at"))),
                name="feedback_case_last_days_follow",
            ),
            models.CheckConstraint(
                condition=Q(waited_minutes=None) | Q(channel=Channel.COUNTER), name="feedback_case_waited_at_counter"
            ),
            models.CheckConstraint(
                condition=Q(is_oral=False) | Q(channel__in=AT_ONCE), name="feedback_case_oral_in_person_or_by_phone"
            ),
            models.CheckConstraint(
                condition=Q(visit_number=None) | Q(channel=Channel.COUNTER, visit_number__gte=1),
                name="feedback_case_visit_number_at_counter",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(notified_at__isnull=False, closed_at__gte=F("notified_at")),
                name="feedback_case_closed_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(forwarded_at=None) | Q(forwarded_at__gte=F("received_at")) & ~Q(forwarded_to=""),
                name="feedback_case_forwarded_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | Q(ended_at__isnull=False, ended_at__gte=F("received_at")),
                name="feedback_case_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="", answer="", notify_due_on=None)
                | Q(decided_at__isnull=False, decided_at__gte=F("received_at")) & ~Q(outcome="") & ~Q(answer=""),
                name="feedback_case_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(decided_at__isnull=False, notified_at__gte=F("decided_at")),
                name="feedback_case_notified_after_decision",
            ),
            models.CheckConstraint(condition=STATUS_AGREES, name="feedback_case_status_agrees_with_facts"),
            models.CheckConstraint(
                condition=~Q(status=Status.ASSIGNED) | Q(unit__isnull=False), name="feedback_case_assigned_to_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(status__in=OPEN_STATUSES), name="feedback_case_next_day_while_open"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(status=Status.CLARIFICATION), name="feedback_case_paused_by_a_question"
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None)
                | ~Q(duplicate_of=F("id"))
                & Q(kind__in=MERGED_KINDS)
                & ~Q(status__in=[Status.CLARIFICATION, Status.NO_PROCEEDINGS]),
                name="feedback_case_tied_to_another",
            ),
            models.CheckConstraint(
                # Whoever writes through the portal is asked for a name; what comes otherwise without one is
                # registered too, and no proceedings follow (АПК, чл. 111, ал. 4).
                condition=Q(kind=Kind.PRAISE)
                | Q(kind__in=[Kind.SIGNAL, Kind.PROPOSAL]) & ~Q(channel=Channel.WEB)
                | ~Q(name="") & (~Q(address="") | ~Q(email="") | ~Q(phone="")),
                name="feedback_case_can_be_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("feedback:case", args=[self.number])

    def last_event_id(self) -> int | None:
        """The key of the newest event, one query; None before the first."""
        return self.events.aggregate(last=models.Max("pk"))["last"]

    def present(self, name: str) -> Any:
        """What belongs to the case and is kept apart (`reopenings` and so on), in no order; without a query where the
        case was read `with_what_there_is` and has none."""
        return getattr(self, name).all() if self.may_have(name) else _nothing_of(name)

    def may_have(self, name: str) -> bool:
        """Whether `present` would ask the database: False where it is known that there is none."""
        return getattr(self, f"has_{name}", True)

    @property
    def queue_place(self) -> Place:
        """Where the case stands in the work list."""
        return Place(self.next_on or NO_DAY, CaseQuerySet.letter, self.pk)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def awaits_main(self) -> bool:
        """Whether its answer is to be that of the case it is tied to."""
        return self.duplicate_of_id is not None and self.decided_at is None

    @property
    def is_mergeable(self) -> bool:
        """Whether others of its kind may be tied to it, or it to them: one answer is given to all, by name."""
        return self.kind in MERGED_KINDS and not self.is_anonymous

    @property
    def is_anonymous(self) -> bool:
        """Whether there is nobody to answer: no name, or no way to reach them."""
        return not (self.name and (self.address or self.email or self.phone))


@cache
def _nothing_of(name: str) -> Any:
    related: Any = Case._meta.get_field(name).related_model
    return nothing(related._default_manager.all())


class CaseEvent(SaysChoices, Sealed):
    """What happened to a case, in order of time. Rows are only added."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", verbose_name=_("преписка"))
    kind = models.CharField(_("събитие"), max_length=12, choices=EventKind.choices)
    at = models.DateTimeField(_("кога"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("кой")
    )
    note = models.TextField(_("пояснение за подателя"), blank=True)
    # What the clock reads: the term in force from this event on, the ground, the day to which it was extended, and the
    # last day that follows, where the event moved it. Where a decree moved another day than that of the answer, the
    # ground says which (DecreedDay), and `until` where it lay before.
    term_code = models.CharField(max_length=30, blank=True)
    term_version = models.CharField(max_length=60, blank=True)
    ground = models.CharField(max_length=30, blank=True)
    until = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("събитие по преписка")
        verbose_name_plural = _("събития по преписки")
        indexes = [
            models.Index(fields=["case", "at"], name="feedback_caseevent_case"),
            # What the Secretary counts of a quarter.
            models.Index(fields=["at"], condition=Q(kind="requalified"), name="feedback_caseevent_requalified"),
            models.Index(fields=["at"], condition=Q(kind="asked") & ~Q(ground=""), name="feedback_caseevent_suspended"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"
