"""The rules behind every last day, as the page of the calculator lists them: what in words, and the row of law."""

from dataclasses import dataclass
from typing import Any

from charter.forms import term_labels
from feedback.choices import EndReason, Extension, Kind
from feedback.clock import term_by_code
from samokov_portal.legal.grounds import (
    ENDS,
    EXTENSIONS,
    SUSPENSIONS,
    Effect,
    EndGround,
    ExtensionGround,
    SuspensionGround,
)
from samokov_portal.legal.receipt import RECEIPT
from samokov_portal.legal.terms import RULES, TERMS, Term
from samokov_portal.office.models import WorkingDayOverride


@dataclass(frozen=True)
class Rule:
    """A version of a legal term; `is_newest` unless a later one replaced it."""

    label: Any
    term: Term
    is_newest: bool


@dataclass(frozen=True)
class Suspension:
    """A ground on which a term stands still: of what, how long the sender may answer, what happens then."""

    labels: list[Any]
    ground: SuspensionGround
    answer_term: Term
    restarts: bool


@dataclass(frozen=True)
class Extended:
    """A ground on which a term is extended: of what, why, and the longest term it leads to."""

    of: Any
    label: Any
    ground: ExtensionGround
    longest: Term


@dataclass(frozen=True)
class End:
    """A ground on which there are no proceedings, and of what kinds."""

    label: Any
    ground: EndGround
    kinds: list[Any]


def tables() -> dict[str, Any]:
    """All that the calculator counts by, with the decreed days; one query."""
    return {
        "rules": rules(),
        "suspensions": suspensions(),
        "extensions": extensions(),
        "ends": ends(),
        "receipt": RECEIPT,
        "decrees": WorkingDayOverride.objects.by_day(),
    }


def rules() -> list[Rule]:
    """Every version of every legal term; the newest as the settings make it."""
    labels = term_labels()
    found = []
    for term in RULES:
        is_newest = TERMS[term.code] is term
        found.append(Rule(labels[term.code], term_by_code(term.code) if is_newest else term, is_newest))
    return found


def suspensions() -> list[Suspension]:
    labels = term_labels()
    return [
        Suspension(
            [labels[code] for code in sorted(ground.terms)],
            ground,
            term_by_code(ground.answer_term),
            ground.effect is Effect.RESTARTS,
        )
        for ground in SUSPENSIONS.values()
    ]


def extensions() -> list[Extended]:
    labels = term_labels()
    return [
        Extended(labels[ground.term], Extension(ground.code).label, ground, term_by_code(ground.longest))
        for ground in EXTENSIONS.values()
    ]


def ends() -> list[End]:
    return [
        End(EndReason(ground.code).label, ground, [kind.label for kind in Kind if kind in ground.kinds])
        for ground in ENDS.values()
    ]
