"""A figure by groups, so that no small group can be read from it, nor had by subtraction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samokov_portal.office.choices import COUNTED, Fact

# Fewer people than this could be known again.
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Group:
    """A group of a figure by one column; `part` and `whole` are None where they are withheld."""

    key: Any
    part: int | None
    whole: int | None


def shown(states: Mapping[Any, Counter[str]], spans: Sequence[Mapping[Any, Counter[str]]] = ()) -> set[Any]:
    """Which groups of `states` may be shown, where any may be named (`may_be_named`).

    A group of fewer than five counted records is withheld, and so many of the next smallest that those withheld are at
    least two and together at least five: whoever subtracts what is shown from the total learns no small group. `spans`
    are the shorter periods that `states` is made of and that are reported too: a group withheld in one of them, and
    shown in the rest, could be had by subtracting those from the longer period, so it is withheld here as well.
    """
    sizes = {key: counted(found) for key, found in states.items() if counted(found)}
    withheld = {key for key, size in sizes.items() if size < SMALLEST_GROUP}
    for span in spans:
        withheld |= {key for key, found in span.items() if counted(found) and key not in shown(span)}
    withheld &= sizes.keys()
    for key in sorted(sizes.keys() - withheld, key=lambda key: (sizes[key], str(key))):
        if not withheld or (len(withheld) > 1 and sum(sizes[one] for one in withheld) >= SMALLEST_GROUP):
            break
        withheld.add(key)
    return sizes.keys() - withheld


def may_be_named(states: Mapping[Any, Counter[str]], spans: Sequence[Mapping[Any, Counter[str]]] = ()) -> bool:
    """Whether the groups of `states` may be named at all, also those whose numbers are withheld.

    Not where the whole is a small group itself, nor where one of the shorter `spans` is: beside a total of three, a
    name is whose three they were, and the names of the year less those of its other quarters name it too.
    """
    wholes = [sum(map(counted, one.values())) for one in (states, *spans)]
    return all(whole >= SMALLEST_GROUP for whole in wholes if whole)


def counted(found: Mapping[str, int]) -> int:
    """How many records of a group are in the whole."""
    return sum(found.get(state, 0) for state in COUNTED)


def groups(states: Mapping[Any, Counter[str]], spans: Sequence[Mapping[Any, Counter[str]]] = ()) -> list[Group]:
    """The groups of a figure by one column, those that may be shown with their share, the rest without; by key.

    None where no group may be named.
    """
    if not may_be_named(states, spans):
        return []
    visible = shown(states, spans)
    return [
        Group(key, found[Fact.KEPT], counted(found)) if key in visible else Group(key, None, None)
        for key, found in sorted(states.items(), key=lambda item: str(item[0]))
        if counted(found)
    ]


def merged(spans: Iterable[Mapping[Any, Counter[str]]]) -> dict[Any, Counter[str]]:
    """The states of several periods together."""
    total: dict[Any, Counter[str]] = {}
    for span in spans:
        for key, found in span.items():
            total.setdefault(key, Counter()).update(found)
    return total
