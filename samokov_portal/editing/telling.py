"""What two documents say otherwise, told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Difference:
    """One thing that two documents say otherwise; empty where one of them says nothing of it."""

    label: str
    before: str
    after: str


def told_otherwise(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    """What is said otherwise under each label, in the order of `after`, then what only `before` says."""
    labels = list(dict.fromkeys([*after, *before]))
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [Difference(label, old, new) for label, old, new in pairs if old != new]


def changed_runs(label: str, before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """The runs of paragraphs that differ, so that one that was put in does not make all that follow differ."""
    runs = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    return [
        Difference(label, "\n".join(before[first:last]), "\n".join(after[start:end]))
        for kind, first, last, start, end in runs
        if kind != "equal"
    ]
