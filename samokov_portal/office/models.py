"""What the registry office keeps for all: the days that decrees moved and the counters of the registers."""

from datetime import date
from typing import Any, Self

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.legal.terms import FIRST_YEAR, LAST_YEAR


class WorkingDayOverrideQuerySet(models.QuerySet["WorkingDayOverride"]):
    def known_by(self, moment: Any) -> Self:
        """The overrides that the portal had learnt of by `moment` (an aware datetime)."""
        return self.filter(learnt_at__lte=moment)

    def calendar(self) -> Calendar:
        """The working calendar with these overrides."""
        return Calendar({row.day: Override(row.is_working, row.source) for row in self})


class WorkingDayOverride(models.Model):
    """A day made working or non-working by decree (КТ чл. 154, ал. 3), on top of the official holidays."""

    day = models.DateField(_("ден"), unique=True)
    is_working = models.BooleanField(_("работен"))
    source = models.CharField(_("основание"), max_length=200, help_text=_("Решение и брой на „Държавен вестник“."))
    learnt_at = models.DateTimeField(_("въведен на"), help_text=_("Кога порталът е научил за този ден."))

    objects = WorkingDayOverrideQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("разместен ден")
        verbose_name_plural = _("разместени дни")
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=""), name="office_workingdayoverride_has_source"),
            models.CheckConstraint(
                condition=models.Q(day__gte=date(FIRST_YEAR, 1, 1), day__lt=date(LAST_YEAR, 1, 1)),
                name="office_workingdayoverride_in_known_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"


class RegisterCounter(models.Model):
    """The last number given in a register in a year. Only `next_number` writes here."""

    register = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

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
