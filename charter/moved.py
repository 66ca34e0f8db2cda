"""What a correction of a report changed, in words and numbers as people write them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.choices import Span, StandardKind, Verdict
from charter.report import Line, changes, moved
from samokov_portal.office.choices import Fact
from samokov_portal.office.templatetags.bulgarian import number, percent, spell, target

NAMES = {
    "kind": gettext_lazy("вид"),
    "title": gettext_lazy("кратко име"),
    "text": gettext_lazy("обещанието"),
    "definition": gettext_lazy("как се брои"),
    "target": gettext_lazy("цел"),
    "part": gettext_lazy("спазени"),
    "whole": gettext_lazy("всички"),
    "share": gettext_lazy("дял"),
    "excluded": gettext_lazy("извън сметката"),
    "verdict": gettext_lazy("оценка"),
    "is_reconstructed": gettext_lazy("възстановен"),
    "not_measured_reason": gettext_lazy("защо няма резултат"),
    "interval_low": gettext_lazy("95 % интервал, от"),
    "interval_high": gettext_lazy("95 % интервал, до"),
    "unanswered": gettext_lazy("с изтекъл срок и без отговор"),
    "extended_part": gettext_lazy("спазени от удължените"),
    "extended_whole": gettext_lazy("с удължен срок"),
    "merged": gettext_lazy("слети с друга преписка"),
    "span": gettext_lazy("в какво се брои времето"),
    "median": gettext_lazy("половината – до"),
    "ninetieth": gettext_lazy("девет от десет – до"),
    "worst": gettext_lazy("най-много"),
    "answered": gettext_lazy("отговорили с код"),
    "invited": gettext_lazy("дадени кодове"),
}
SHARES = {"share", "interval_low", "interval_high"}
TIMES = {"median", "ninetieth", "worst"}
CODES: Mapping[str, Any] = {"kind": StandardKind, "verdict": Verdict, "span": Span}


@dataclass(frozen=True)
class Change:
    """A number or a text of a standard that is another than before."""

    title: str
    name: Any
    was: str
    became: str


def moved_rows(old: Iterable[Line], new: Iterable[Line]) -> list[Change]:
    """Every change of a correction in the order of its lines; a standard that was not there before is one change."""
    found = []
    for before, line in moved(old, new):
        if before is None:
            found.append(Change(line.title, _("стандартът"), _("нямаше го"), _("добавен")))
            continue
        found += [
            Change(line.title, NAMES[name], timed(before, name, was), timed(line, name, became))
            for name, was, became in changes(before, line)
        ]
    return found


def timed(line: Line, name: str, value: Any) -> str:
    """A value of a column of `line`; a time with what it is counted in."""
    span = line.details.get("span")
    return spell(value, span) if name in TIMES and span and value is not None else said(name, value)


def said(name: str, value: Any) -> str:
    """A value of a column as a page says it; a dash for nothing."""
    if value is None or value == "":
        return "–"
    if name == "excluded":
        return "; ".join(f"{Fact(reason).label} – {number(count)}" for reason, count in value.items() if count) or "–"
    if name in CODES:
        return str(CODES[name](value).label)
    if name == "target":
        return target(Decimal(str(value)))
    if name in SHARES:
        return percent(value)
    if isinstance(value, bool):
        return _("да") if value else _("не")
    return number(value) if isinstance(value, int) else str(value)
