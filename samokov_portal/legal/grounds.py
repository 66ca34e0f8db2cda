"""On what grounds a term stands still, is extended, or no proceedings are opened; each with its article.

What is not in these tables is not allowed. Articles marked `verified=False` are known in general and still to be
compared with the text of the law.
"""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What the answer to a question does to a term that stood still."""

    RUNS_ON = "runs_on"
    RESTARTS = "restarts"


@dataclass(frozen=True)
class SuspensionGround:
    """Why the terms with these codes may stand still, and how long the sender may take to answer (code of a term)."""

    code: str
    terms: frozenset[str]
    effect: Effect
    answer_term: str
    source: str
    verified: bool


# Chapter eight of АПК (signals, proposals) knows no suspension: a question to the sender does not stop their terms.
SUSPENSIONS: dict[str, SuspensionGround] = {
    ground.code: ground
    for ground in (
        SuspensionGround(
            "information-unclear",
            frozenset({"information-decision"}),
            Effect.RESTARTS,
            answer_term="information-clarify",
            source="ЗДОИ, чл. 29",
            verified=False,
        ),
        SuspensionGround(
            "defects",
            frozenset({"act-default"}),
            Effect.RUNS_ON,
            answer_term="defects",
            source="АПК, чл. 30",
            verified=False,
        ),
    )
}


@dataclass(frozen=True)
class ExtensionGround:
    """Why the term with code `term` may be extended, how far (code of a term counted from receipt), and by whom."""

    code: str
    term: str
    longest: str
    by_superior: bool
    source: str
    verified: bool


EXTENSIONS: dict[str, ExtensionGround] = {
    ground.code: ground
    for ground in (
        ExtensionGround("signal", "signal-decision", "signal-longest", True, "АПК, чл. 121", verified=False),
        ExtensionGround(
            "proposal", "proposal-decision", "proposal-longest", True, "АПК, чл. 118, ал. 2", verified=True
        ),
        ExtensionGround(
            "information-volume", "information-decision", "information-volume", False, "ЗДОИ, чл. 30", verified=False
        ),
        ExtensionGround(
            "information-consent", "information-decision", "information-consent", False, "ЗДОИ, чл. 31", verified=False
        ),
    )
}


def extensions_of(term: str) -> tuple[ExtensionGround, ...]:
    """The grounds on which the term with this code may be extended; none where the law knows no extension."""
    return tuple(ground for ground in EXTENSIONS.values() if ground.term == term)


def suspensions_of(term: str) -> tuple[SuspensionGround, ...]:
    """The grounds on which the term with this code may stand still."""
    return tuple(ground for ground in SUSPENSIONS.values() if term in ground.terms)


@dataclass(frozen=True)
class EndGround:
    """Why what is registered is ended without a decision; `kinds` are codes of what citizens send."""

    code: str
    kinds: frozenset[str]
    source: str
    verified: bool


ENDS: dict[str, EndGround] = {
    ground.code: ground
    for ground in (
        EndGround("anonymous", frozenset({"signal", "proposal"}), "АПК, чл. 111, ал. 4", verified=True),
        EndGround("too-old", frozenset({"signal"}), "АПК, чл. 111, ал. 4", verified=True),
        EndGround("repeated", frozenset({"signal"}), "АПК, чл. 124", verified=False),
        EndGround("late", frozenset({"complaint"}), "АПК, чл. 88, ал. 1", verified=True),
        EndGround("no-interest", frozenset({"complaint"}), "АПК, чл. 88, ал. 1", verified=True),
        EndGround("not-clarified", frozenset({"information"}), "ЗДОИ, чл. 29", verified=False),
    )
}


def ends_of(kind: str) -> tuple[EndGround, ...]:
    """The grounds on which what is of `kind` may be ended without a decision."""
    return tuple(ground for ground in ENDS.values() if kind in ground.kinds)
