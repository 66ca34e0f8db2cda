"""What the registry office keeps for all: the days that decrees moved and the counters of the registers."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.legal.terms import FIRST_YEAR, LAST_YEAR
from samokov_portal.office.tally import Tally  # noqa: F401 (Django finds models here only)


class WorkingDayOverrideQuerySet(models.QuerySet["WorkingDayOverride"]):
    def known_by(self, moment: Any) -> Self:
        """The overrides that the portal had learnt of by `moment` (an aware datetime)."""
        return self.filter(learnt_at__lte=moment)

    def calendar(self) -> Calendar:
        """The working calendar with these overrides; of several for one day the one learnt last is true."""
        return Calendar({row.day: Override(row.is_working, row.basis) for row in self.order_by("learnt_at", "pk")})

    def by_day(self) -> Self:
        """The latest day first; of several for one day the one learnt last, which is the true one."""
        return self.select_related("ordered_by").order_by("-day", "-learnt_at", "-pk")

    def waiting(self) -> Self:
        """Overrides of which nobody has decided yet that open cases shall move by them, the earliest day first."""
        return self.filter(applied_at=None, ordered_at=None).order_by("day", "learnt_at", "pk")

    def being_applied(self) -> Self:
        """Overrides by which open cases shall move, and the worker is not through yet; in the order of the decision."""
        return self.filter(applied_at=None, ordered_at__isnull=False).order_by("ordered_at", "day", "pk")


class WorkingDayOverride(models.Model):
    """A day made working or non-working by decree (КТ чл. 154, ал. 3), on top of the official holidays.

    Rows are only added: what was known at a moment must stay answerable. A decree that changes another is a new row for
    the same day. Open cases move by it only when somebody orders it (`ordered_at`, by whom and why); `applied_at` is
    when the worker was through with all of them.
    """

    day = models.DateField(_("ден"))
    is_working = models.BooleanField(_("работен"))
    source = models.CharField(
        _("основание"),
        max_length=200,
        help_text=_("Решението, например: Решение № 123 на Министерския съвет от 2026 г."),
    )
    gazette = models.CharField(
        _("обнародвано в"), max_length=60, help_text=_("Брой на „Държавен вестник“, например: ДВ, бр. 12 от 2026 г.")
    )
    learnt_at = models.DateTimeField(_("въведен на"), help_text=_("Кога порталът е научил за този ден."))
    ordered_at = models.DateTimeField(_("наредено е да се приложи на"), null=True, blank=True, editable=False)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("кой нареди"),
    )
    order_reason = models.CharField(_("защо"), max_length=500, blank=True, editable=False)
    applied_at = models.DateTimeField(_("приложен на"), null=True, blank=True, editable=False)

    objects = WorkingDayOverrideQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("разместен ден")
        verbose_name_plural = _("разместени дни")
        permissions = [("apply_workingdayoverride", "Can move open cases by a day moved by decree")]
        constraints = [
            models.UniqueConstraint(fields=["day", "learnt_at"], name="office_workingdayoverride_learnt_once"),
            models.CheckConstraint(
                condition=~models.Q(source="") & ~models.Q(gazette=""), name="office_workingdayoverride_has_source"
            ),
            models.CheckConstraint(
                condition=models.Q(day__gte=date(FIRST_YEAR, 1, 1), day__lt=date(LAST_YEAR, 1, 1)),
                name="office_workingdayoverride_in_known_years",
            ),
            models.CheckConstraint(
                condition=models.Q(ordered_at=None, ordered_by=None, order_reason="")
                | models.Q(ordered_at__gte=models.F("learnt_at"), ordered_by__isnull=False)
                & ~models.Q(order_reason=""),
                name="office_workingdayoverride_ordered_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(applied_at=None) | models.Q(applied_at__gte=models.F("ordered_at")),
                name="office_workingdayoverride_applied_after_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"

    @property
    def basis(self) -> str:
        """The decree and where it was published, as explanations name it."""
        return f"{self.source}, {self.gazette}"


class RegisterCounterQuerySet(models.QuerySet["RegisterCounter"]):
    def years(self) -> Self:
        """One row for each year in which something was registered."""
        first = self.model._default_manager.filter(year=models.OuterRef("year")).order_by("pk")
        return self.filter(pk=models.Subquery(first.values("pk")[:1]))


class RegisterCounter(models.Model):
    """The last number given in a register in a year. Only `next_number` writes here."""

    register = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    objects = RegisterCounterQuerySet.as_manager()

    class Meta:
        verbose_name = _("брояч на регистър")
        verbose_name_plural = _("броячи на регистри")
        constraints = [
            models.UniqueConstraint(fields=["register", "year"], name="office_registercounter_one_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.year}: {self.last}"


NEXT_NUMBER = """
    INSERT INTO office_registercounter AS counter (register, year, last) VALUES (%(register)s, %(year)s, %(count)s)
    ON CONFLICT (register, year) DO UPDATE SET last = counter.last + %(count)s
    RETURNING last
"""


def next_number(register: str, registered_on: date, count: int = 1) -> int:
    """The next free number of `register` for the year of `registered_on`; the first of `count` when several are taken.

    Gap-free: the counter's row stays locked until the caller's transaction ends, and a rollback gives the number back.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A register number is allocated in the transaction that stores its row.")
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, {"register": register, "year": registered_on.year, "count": count})
        return cursor.fetchone()[0] - count + 1
