"""What citizens send and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, OrderBy, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.choices import EventKind, Kind, Outcome, Status
from feedback.querysets import CaseEventQuerySet, CaseQuerySet, TrackingFailureQuerySet, next_day
from samokov_portal.history import history
from samokov_portal.office.choices import Channel


class Case(models.Model):
    """A signal, proposal, complaint, enquiry, praise or request for information, with the promise made on receipt.

    `due_on` is the last day in force, `first_due_on` the one promised on receipt; both are stored with the version of
    the rule and never recomputed behind anyone's back. Moments are stored in UTC; days are those of Europe/Sofia.
    """

    number = models.CharField(_("регистрационен номер"), max_length=20, unique=True)
    kind = models.CharField(_("вид"), max_length=12, choices=Kind.choices)
    citizen_kind = models.CharField(_("вид, посочен от подателя"), max_length=12, choices=Kind.choices)
    status = models.CharField(_("състояние"), max_length=12, choices=Status.choices, default=Status.REGISTERED)

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
    # Null where no form was used: unique values may then repeat.
    form_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    access_digest = models.CharField(max_length=64, editable=False)

    term_code = models.CharField(_("срок по"), max_length=30, blank=True)
    term_version = models.CharField(_("редакция на срока"), max_length=60, blank=True)
    first_due_on = models.DateField(_("първоначален срок"), null=True, blank=True)
    due_on = models.DateField(_("краен срок"), null=True, blank=True)
    extended_at = models.DateTimeField(_("удължена на"), null=True, blank=True)

    unit = models.ForeignKey("services.Unit", models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    forward_due_on = models.DateField(_("срок за препращане"))
    forwarded_at = models.DateTimeField(_("препратена на"), null=True, blank=True)
    forwarded_to = models.CharField(_("препратена до"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("решена на"), null=True, blank=True)
    outcome = models.CharField(_("изход"), max_length=16, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("отговор"), blank=True)
    notify_due_on = models.DateField(_("срок за уведомяване"), null=True, blank=True)
    notified_at = models.DateTimeField(_("уведомен на"), null=True, blank=True)
    closed_at = models.DateTimeField(_("приключена на"), null=True, blank=True)
    is_sample = models.BooleanField(_("примерна"), default=False, editable=False)

    objects = CaseQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("преписка")
        verbose_name_plural = _("преписки")
        permissions = [
            ("view_all_cases", "Can see the cases of every unit"),
            ("log_case", "Can log a case at the desk"),
            ("assign_case", "Can assign a case to a unit"),
            ("forward_case", "Can forward a case to the competent body"),
            ("extend_case", "Can extend the term of a case as the superior body"),
            ("answer_case", "Can answer and close a case"),
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
            models.Index(
                OrderBy(next_day(), nulls_last=True),
                "id",
                condition=Q(status__in=["registered", "assigned", "decided"]),
                name="feedback_case_open",
            ),
            models.Index(fields=["id"], condition=Q(is_sample=True), name="feedback_case_sample"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_at__gte=F("received_at")), name="feedback_case_registered_after_receipt"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PRAISE, due_on=None, first_due_on=None, term_code="")
                | Q(due_on__isnull=False, first_due_on__isnull=False) & ~Q(term_code=""),
                name="feedback_case_has_a_term_unless_praise",
            ),
            models.CheckConstraint(
                condition=Q(due_on=F("first_due_on"), extended_at=None)
                | Q(due_on__isnull=False, due_on__gt=F("first_due_on"), extended_at__isnull=False)
                | Q(due_on=None, extended_at=None),
                name="feedback_case_due_moves_only_by_extension",
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
                condition=Q(closed_at=None) | Q(notified_at__isnull=False, closed_at__gte=F("notified_at")),
                name="feedback_case_closed_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(forwarded_at=None, forwarded_to="")
                | Q(forwarded_at__isnull=False, forwarded_at__gte=F("received_at")) & ~Q(forwarded_to=""),
                name="feedback_case_forwarded_whole",
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
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_at__isnull=False, notified_at__isnull=False, forwarded_at=None)
                | Q(status=Status.FORWARDED, closed_at=None, decided_at=None, forwarded_at__isnull=False)
                | Q(status=Status.DECIDED, closed_at=None, decided_at__isnull=False, forwarded_at=None)
                | Q(
                    status__in=[Status.REGISTERED, Status.ASSIGNED], closed_at=None, decided_at=None, forwarded_at=None
                ),
                name="feedback_case_status_agrees_with_facts",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PRAISE) | ~Q(name="") & (~Q(address="") | ~Q(email="") | ~Q(phone="")),
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

    @property
    def place_in_queue(self) -> str:
        """Where the case stands in the work list, for the address of the next page."""
        day = self.notify_due_on if self.status == Status.DECIDED else self.due_on
        return f"{day.isoformat() if day else ''}~{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in (Status.REGISTERED, Status.ASSIGNED, Status.DECIDED)


class CaseEvent(models.Model):
    """What happened to a case, in order of time. Rows are only added."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", verbose_name=_("преписка"))
    kind = models.CharField(_("събитие"), max_length=12, choices=EventKind.choices)
    at = models.DateTimeField(_("кога"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("кой")
    )
    note = models.TextField(_("пояснение за подателя"), blank=True)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("събитие по преписка")
        verbose_name_plural = _("събития по преписки")
        indexes = [models.Index(fields=["case", "at"], name="feedback_caseevent_case")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"


class TrackingFailure(models.Model):
    """A wrong pair of number and access code; only a digest of the address is kept, to slow guessing down."""

    origin = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = TrackingFailureQuerySet.as_manager()

    class Meta:
        verbose_name = _("неуспешна справка")
        verbose_name_plural = _("неуспешни справки")
        indexes = [models.Index(fields=["origin", "at"], name="feedback_trackingfailure_seen")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"
