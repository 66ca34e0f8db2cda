"""The applications for services: what was asked for and promised, what happened since, and who came for it."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import Sealed, history
from samokov_portal.inserting import KeptInsert
from samokov_portal.office.choices import Channel
from samokov_portal.office.late import AT_ONCE, LONGEST_REASON
from samokov_portal.office.phones import phone_digits_in
from samokov_portal.office.queue import Place
from samokov_portal.office.signs import ENTERED_LATER
from samokov_portal.reading import PlainRead
from services.choices import (
    OPEN_STATUSES,
    ApplicationEventKind,
    ApplicationOutcome,
    ApplicationStatus,
    PaidBy,
    Purpose,
    Speed,
)
from services.models.catalogue import Service, Unit
from services.querysets import AWAITED_DAY, ApplicationEventQuerySet, ApplicationQuerySet, VisitQuerySet
from services.signs import LEFT_IN_LAST_TENTH

NOT_ENDED = Q(completed_at=None, outcome="", handed_over_at=None)
IS_OPEN = Q(completed_at=None)
# What the work list is narrowed by, beside the day.
IN_WORK_LIST = ("due_on", "mend_due_on", "paused_at", "status", "unit", "channel", "service")
IS_READY = Q(status=ApplicationStatus.READY)
RUNNING = Q(paused_at=None, mend_due_on=None)
STATUS_AGREES = (
    Q(status__in=[ApplicationStatus.RECEIVED, ApplicationStatus.IN_WORK]) & NOT_ENDED & RUNNING
    | Q(status=ApplicationStatus.DEFECTS, paused_at__isnull=False, mend_due_on__isnull=False) & NOT_ENDED
    | Q(status=ApplicationStatus.READY, outcome=ApplicationOutcome.READY, handed_over_at=None) & RUNNING
    | Q(status=ApplicationStatus.HANDED_OVER, outcome=ApplicationOutcome.READY, handed_over_at__isnull=False) & RUNNING
    | Q(status=ApplicationStatus.REFUSED, outcome=ApplicationOutcome.REFUSED) & RUNNING
    | Q(status=ApplicationStatus.NO_PROCEEDINGS, outcome=ApplicationOutcome.NO_PROCEEDINGS) & RUNNING
    | Q(status=ApplicationStatus.WITHDRAWN, outcome=ApplicationOutcome.WITHDRAWN) & RUNNING
)


def listed_by(name: str, condition: Q, index: str) -> models.Index:
    """The index of the work list by a column, with all else that the list is narrowed by beside it."""
    beside = [one for one in IN_WORK_LIST if one != name]
    return models.Index(name, AWAITED_DAY, "id", condition=condition, include=beside, name=index)


class Application(PlainRead, KeptInsert, models.Model):
    """A request for a service, logged at the desk, with the promise made on receipt.

    `completed_at` is when it ended, in whatever way `outcome` says; what may happen to it until then and after stands
    in `services.life`. Amounts are in euro; null is unknown, never nothing.
    """

    number = models.CharField(_("регистрационен номер"), max_length=20, unique=True)
    status = models.CharField(
        _("състояние"), max_length=16, choices=ApplicationStatus.choices, default=ApplicationStatus.RECEIVED
    )
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("услуга"))
    speed = models.CharField(_("поръчка"), max_length=8, choices=Speed.choices, default=Speed.ORDINARY)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    applicant_name = models.CharField(_("заявител"), max_length=150)
    applicant_contact = models.CharField(_("телефон или имейл"), max_length=150, blank=True)
    channel = models.CharField(_("начин на подаване"), max_length=10, choices=Channel.choices)
    waited_minutes = models.PositiveSmallIntegerField(_("чакане на гише, минути"), null=True, blank=True)
    received_at = models.DateTimeField(_("постъпило на"))
    registered_at = models.DateTimeField(_("регистрирано на"))
    # Why it was entered later than it came; empty for what was entered in time, and before this was asked.
    late_reason = models.CharField(_("защо е въведено по-късно"), max_length=LONGEST_REASON, blank=True)
    # Said, not written: it needs a protocol (АПК, чл. 29).
    is_oral = models.BooleanField(_("устно"), default=False)
    # Of what came at a counter: which time the person came for this matter; null where nobody asked.
    visit_number = models.PositiveSmallIntegerField(_("кое идване е по въпроса"), null=True, blank=True)
    # What the applicant said beside the name of the service.
    text = models.TextField(_("какво се иска"), max_length=10_000, blank=True)
    # Null where no form was used: unique values may then repeat.
    form_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Of the code with which the applicant follows it; empty where none was given out.
    access_digest = models.CharField(max_length=64, blank=True, editable=False)
    term_source = models.CharField(_("основание на срока"), max_length=120)
    term_version = models.CharField(_("редакция на срока"), max_length=60)
    # The last day in force, and the one promised on receipt; they differ when a decree moved days off.
    due_on = models.DateField(_("краен срок"))
    first_due_on = models.DateField(_("първоначален срок"))
    due_moved_at = models.DateTimeField(_("срокът е преместен на"), null=True, blank=True)
    # When the applicant was told the last day (АПК, чл. 26, ал. 1: owed where it takes more than seven days).
    due_told_at = models.DateTimeField(_("срокът е съобщен на"), null=True, blank=True)
    # While the applicant mends defects, the term stands still since `paused_at`; until when they may is `mend_due_on`.
    paused_at = models.DateTimeField(_("срокът е спрян на"), null=True, blank=True)
    mend_due_on = models.DateField(_("срок за отстраняване на недостатъците"), null=True, blank=True)
    fee = models.DecimalField(_("дължима такса в евро"), max_digits=8, decimal_places=2, null=True, blank=True)
    paid = models.DecimalField(_("платена такса в евро"), max_digits=8, decimal_places=2, null=True, blank=True)
    paid_at = models.DateTimeField(_("платена на"), null=True, blank=True)
    paid_by = models.CharField(_("как е платена"), max_length=4, choices=PaidBy.choices, blank=True)
    completed_at = models.DateTimeField(_("приключено на"), null=True, blank=True)
    outcome = models.CharField(_("резултат"), max_length=14, choices=ApplicationOutcome.choices, blank=True)
    outcome_note = models.TextField(_("мотиви или бележка"), blank=True)
    handed_over_at = models.DateTimeField(_("получено на"), null=True, blank=True)
    is_sample = models.BooleanField(_("примерно"), default=False, editable=False)

    objects = ApplicationQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("заявление за услуга")
        verbose_name_plural = _("заявления за услуги")
        permissions = [
            ("view_all_applications", "Can see the applications of every unit"),
            ("view_applicant", "Can see the name and contact of an applicant"),
            ("log_application", "Can log an application at the desk"),
            ("backdate_application", "Can log an application that came before the previous working day"),
            ("complete_application", "Can complete and hand over an application"),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="services_application_received"),
            models.Index(fields=["due_on"], name="services_application_due"),
            models.Index(fields=["id"], condition=Q(is_sample=True), name="services_application_sample"),
            # The work list: a part of it, of a unit or of all. What it is narrowed by lies in each index, so that
            # counting beside a tab reads the index alone.
            models.Index(AWAITED_DAY, "id", condition=IS_OPEN, include=IN_WORK_LIST, name="services_application_open"),
            listed_by("unit", IS_OPEN, "services_open_of_unit"),
            listed_by("status", IS_OPEN, "services_open_status"),
            models.Index(
                *(AWAITED_DAY, "id"), condition=IS_READY, include=IN_WORK_LIST, name="services_application_handover"
            ),
            # Of documents that nobody took there may be years: narrowed, they are not read one by one.
            listed_by("unit", IS_READY, "services_handover_of_unit"),
            listed_by("channel", IS_READY, "services_handover_by_channel"),
            # Few say more than the name of the service.
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), condition=~Q(text=""), name="services_words"),
            # Somebody who was here before is found by a part of the name or of the telephone.
            GinIndex(OpClass(Upper("applicant_name"), name="gin_trgm_ops"), name="services_applicant_name_like"),
            GinIndex(
                OpClass(phone_digits_in("applicant_contact"), name="gin_trgm_ops"), name="services_applicant_phone_like"
            ),
            # What waits at the counter, the longest waiting first.
            models.Index(
                fields=["completed_at", "id"],
                condition=Q(status=ApplicationStatus.READY),
                name="services_application_ready",
            ),
            # What the Secretary counts of a quarter.
            models.Index(fields=["completed_at"], condition=LEFT_IN_LAST_TENTH, name="services_application_lasttenth"),
            models.Index(fields=["registered_at"], condition=ENTERED_LATER, name="services_application_late"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_at__gte=F("received_at")), name="services_application_registered_after_receipt"
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("received_at")),
                name="services_application_completed_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=TruncDate("received_at"), first_due_on__gte=TruncDate("received_at")),
                name="services_application_due_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(due_on=F("first_due_on")) | Q(due_moved_at__isnull=False),
                name="services_application_due_moves_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(due_told_at=None) | Q(due_told_at__gte=F("received_at")),
                name="services_application_due_told_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(waited_minutes=None) | Q(channel=Channel.COUNTER),
                name="services_application_waited_at_counter",
            ),
            models.CheckConstraint(
                condition=Q(is_oral=False) | Q(channel__in=AT_ONCE),
                name="services_application_oral_in_person_or_by_phone",
            ),
            models.CheckConstraint(
                condition=Q(visit_number=None) | Q(channel=Channel.COUNTER, visit_number__gte=1),
                name="services_application_visit_number_at_counter",
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None, outcome="") | Q(completed_at__isnull=False) & ~Q(outcome=""),
                name="services_application_completed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at=None)
                | Q(
                    completed_at__isnull=False, handed_over_at__gte=F("completed_at"), outcome=ApplicationOutcome.READY
                ),
                name="services_application_handed_over_after_completed",
            ),
            models.CheckConstraint(condition=STATUS_AGREES, name="services_application_status_agrees_with_facts"),
            models.CheckConstraint(
                condition=~Q(outcome__in=[ApplicationOutcome.REFUSED, ApplicationOutcome.NO_PROCEEDINGS])
                | ~Q(outcome_note=""),
                name="services_application_refused_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None)
                | Q(paused_at__gte=F("received_at"), mend_due_on__gte=TruncDate("paused_at")),
                name="services_application_paused_whole",
            ),
            models.CheckConstraint(condition=Q(fee=None) | Q(fee__gte=0), name="services_application_fee_not_negative"),
            models.CheckConstraint(
                condition=Q(paid=None, paid_at=None, paid_by="")
                | Q(paid__gt=0, paid_at__isnull=False, paid_at__gte=F("received_at"), paid_by__in=PaidBy.values),
                name="services_application_paid_whole",
            ),
            models.CheckConstraint(condition=Q(speed__in=Speed.values), name="services_application_known_speed"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("services:application", args=[self.number])

    def last_event_id(self) -> int | None:
        """The key of the newest event that somebody at work must have seen, one query; None before the first.

        That a letter has left, which the worker notes seconds after a page was opened, is nobody's change.
        """
        last: int | None = self.events.seen_by_people().aggregate(last=models.Max("pk"))["last"]
        return last

    @property
    def queue_place(self) -> Place:
        """Where the application stands in the work list."""
        return Place(self.mend_due_on or self.due_on, ApplicationQuerySet.letter, self.pk)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def owes_fee(self) -> bool:
        """Whether a known fee is not paid, or not all of it; of an unknown one nothing is known."""
        return bool(self.fee) and (self.paid is None or self.paid < (self.fee or 0))


class ApplicationEvent(Sealed):
    """What happened to an application, in order of time. Rows are only added."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="events", verbose_name=_("заявление"))
    kind = models.CharField(_("събитие"), max_length=14, choices=ApplicationEventKind.choices)
    at = models.DateTimeField(_("кога"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("кой")
    )
    note = models.TextField(_("пояснение за заявителя"), blank=True)
    # What the clock reads: on what ground the term stands still or goes on, until when the applicant may mend, and the
    # last day that follows, where the event moved it.
    ground = models.CharField(max_length=30, blank=True)
    until = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    objects = ApplicationEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("събитие по заявление")
        verbose_name_plural = _("събития по заявления")
        indexes = [
            models.Index(fields=["application", "at"], name="services_applicationevent_of"),
            models.Index(fields=["at"], condition=Q(kind="defects"), name="services_applicationevent_stop"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ApplicationEventKind.values), name="services_applicationevent_known_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ApplicationEventKind.DEFECTS) | Q(until__isnull=False) & ~Q(ground="") & ~Q(note=""),
                name="services_applicationevent_defects_told_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"


class Visit(models.Model):
    """One time that a person came to a counter about an application. Rows are only added; the database refuses more.

    It also refuses a visit before the application was received, and one that nobody recorded, unless it is a sample.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="visits", verbose_name=_("заявление"))
    at = models.DateTimeField(_("кога"))
    counter = models.CharField(_("гише"), max_length=40, blank=True)
    purpose = models.CharField(_("защо"), max_length=9, choices=Purpose.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("записал")
    )
    recorded_at = models.DateTimeField(_("записано на"))
    # Null where no form was used: unique values may then repeat.
    form_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    content_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = VisitQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("идване на гише")
        verbose_name_plural = _("идвания на гише")
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="services_visit_known_purpose"),
            models.CheckConstraint(condition=Q(recorded_at__gte=F("at")), name="services_visit_recorded_afterwards"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(purpose=Purpose.APPLY), name="services_visit_applied_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_purpose_display()}"
