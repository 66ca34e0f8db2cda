"""How dates, numbers and the reasons of the clock are written for people. Built into every template."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone, translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from samokov_portal.legal.terms import Step, Term, Unit, Why

register = template.Library()
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


@register.filter
def day(value: date | datetime | None) -> str:
    """23.11.2026 г. in Bulgarian, 23 November 2026 in English; empty for None."""
    if value is None:
        return ""
    return _day(timezone.localtime(value) if isinstance(value, datetime) else value, translation.get_language())


def _day(value: date, language: str | None) -> str:
    if language == "en":
        return f"{value.day}{NO_BREAK_SPACE}{value:%B}{NO_BREAK_SPACE}{value.year}"
    # Without strftime, which takes several times as long for what stands on a page twenty times.
    return f"{value.day:02}.{value.month:02}.{value.year}{NO_BREAK_SPACE}г."


@register.filter
def moment(value: datetime | None) -> str:
    """The day and the hour in Europe/Sofia: 23.11.2026 г., 14:05 ч."""
    if value is None:
        return ""
    local, language = timezone.localtime(value), translation.get_language()
    said = f"{_day(local, language)}, {local.hour:02}:{local.minute:02}"
    return said if language == "en" else f"{said}{NO_BREAK_SPACE}ч."


@register.filter
def number(value: int | Decimal | float | None, places: int = 0) -> str:
    """With a narrow no-break space in thousands and the decimal sign of the language; empty for None."""
    if value is None:
        return ""
    sign = "." if translation.get_language() == "en" else ","
    return f"{value:,.{places}f}".replace(",", NARROW_SPACE).replace(".", sign)


@register.filter
def percent(value: Decimal | float | None) -> str:
    """A share that is already rounded to one decimal: 97,5 %."""
    return "" if value is None else f"{number(value, 1)}{NARROW_SPACE}%"


@register.filter
def target(value: Decimal | int | None) -> str:
    """A target in per cent without needless zeros: 100 %, 97,5 %."""
    if value is None:
        return ""
    places = 0 if value == int(value) else 1
    return f"{number(value, places)}{NARROW_SPACE}%"


@register.filter
def money(value: Decimal, currency: str) -> str:
    """An amount with two decimals and its currency: 10,23 €, 20,00 лв."""
    return f"{number(value, 2)}{NO_BREAK_SPACE}{currency}"


@register.filter
def period_name(code: str) -> str:
    """The name of a period by its code (2026, 2026-H1, 2026-Q3, 2026-07): трето тримесечие на 2026 г."""
    year, _dash, part = code.partition("-")
    parts = {
        "Q1": _("първо тримесечие на %(year)s г."),
        "Q2": _("второ тримесечие на %(year)s г."),
        "Q3": _("трето тримесечие на %(year)s г."),
        "Q4": _("четвърто тримесечие на %(year)s г."),
        "H1": _("първо полугодие на %(year)s г."),
        "H2": _("второ полугодие на %(year)s г."),
        "": _("%(year)s г."),
    }
    name = parts.get(part, _("%(month)s %(year)s г.")) % {"month": month_name(part), "year": year}
    return name.replace(" г.", f"{NO_BREAK_SPACE}г.")


def month_name(part: str) -> str:
    """The month of this number within a sentence: a small letter in Bulgarian, a capital in English."""
    name = str(MONTHS[int(part)]) if part.isdigit() else ""
    return name if translation.get_language() == "en" else name.lower()


@register.filter
def weekday(value: date) -> str:
    return [_("понеделник"), _("вторник"), _("сряда"), _("четвъртък"), _("петък"), _("събота"), _("неделя")][
        value.weekday()
    ]


@register.filter
def duration(term: Term) -> str:
    """How long a term is: 7 работни дни, 14 дни, 2 месеца, 1 месец, 2 години."""
    one, many = {
        Unit.WORKING_DAYS: (_("работен ден"), _("работни дни")),
        Unit.CALENDAR_DAYS: (_("ден"), _("дни")),
        Unit.MONTHS: (_("месец"), _("месеца")),
        Unit.YEARS: (_("година"), _("години")),
    }[term.unit]
    return f"{term.amount}{NO_BREAK_SPACE}{one if term.amount == 1 else many}"


@register.filter
def spell(count: int, unit: str) -> str:
    """A count of minutes, days or visits in words: 1 минута, 12 дни, 7 работни дни, 2 посещения."""
    one, many = {
        "minutes": (_("минута"), _("минути")),
        "working_days": (_("работен ден"), _("работни дни")),
        "calendar_days": (_("ден"), _("дни")),
        "visits": (_("посещение"), _("посещения")),
    }[unit]
    return f"{number(count)}{NO_BREAK_SPACE}{one if count == 1 else many}"


@register.filter
def within(count: int, unit: str) -> str:
    """How soon something was done: до 12 дни, до 1 минута; of nought what that means: в същия ден, веднага.

    Nought working days is no same day: what came on a Friday may have been done on the Sunday.
    """
    at_once = {
        "minutes": _("веднага"),
        "working_days": _("преди следващия работен ден"),
        "calendar_days": _("в същия ден"),
    }
    if not count and unit in at_once:
        return at_once[unit]
    return _("до %(time)s") % {"time": spell(count, unit)}


@register.filter
def why(step: Step) -> str:
    """The reason why a day was counted or skipped, in a few words."""
    text = {
        Why.RECEIVED: _("денят на получаване не се брои"),
        Why.COUNTED: _("брои се"),
        Why.SAME_DATE: _("същото число на последния месец (или последният му ден)"),
        Why.SUSPENDED: _("срокът е спрял, докато се чака подателят"),
        Why.RESTARTED: _("подателят отговори – срокът започва отначало, а този ден не се брои"),
        Why.EXTENDED: _("нов последен ден след удължаване"),
        Why.WEEKEND: _("почивен ден"),
        Why.HOLIDAY: _("неработен ден"),
        Why.LAST_DAY_OFF: _("последен ден, но неработен – срокът се пренася"),
        Why.ROLLED: _("първият следващ работен ден"),
    }[step.why]
    return f"{text}: {step.note}" if step.note else text
