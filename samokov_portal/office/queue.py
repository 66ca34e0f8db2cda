"""A list of work over several registers: in order of days, a page at a time, and never counted in full.

Each row stands at a place: its day, its register, its key. A page begins after a place, which an index on the day and
the key finds at once, however far down it lies; paging by OFFSET reads all that comes before. A count beside a
tab stops at a number from which on nobody reads it any more.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, Func, Value
from django.db.models.lookups import GreaterThan

from samokov_portal.questions import Kept, Part, answered, binding_cursor, kept_of, kind_of, made_twice

# What awaits no day comes last.
NO_DAY = date.max
# The largest key that a table may have, and one before the first.
LAST_KEY, NO_KEY = 2**63 - 1, 0
PLACE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)?~(?P<register>[a-z])(?P<key>\d{1,18})")


class Place(NamedTuple):
    """Where a row stands in the list; the letter of its register decides between rows of one day."""

    day: date
    register: str
    key: int

    @classmethod
    def read(cls, written: str) -> "Place":
        """The place that an address names. Raises ValueError where it names none."""
        match = PLACE.fullmatch(written)
        if match is None:
            raise ValueError(written)
        day = date.fromisoformat(match["day"]) if match["day"] else NO_DAY
        return cls(day, match["register"], int(match["key"]))

    def __str__(self) -> str:
        return f"{'' if self.day == NO_DAY else self.day.isoformat()}~{self.register}{self.key}"

    def key_in(self, register: str) -> int:
        """After which key of the same day the rows of `register` follow this place."""
        if register == self.register:
            return self.key
        return LAST_KEY if register < self.register else NO_KEY


def follows(day: Any, place: Place, register: str) -> GreaterThan:
    """Whether a row of `register` stands after `place`: one comparison of rows, which an index on both answers."""
    return GreaterThan(_row(day, F("pk")), _row(Value(place.day), Value(place.key_in(register))))


def _row(*parts: Any) -> Func:
    return Func(*parts, function="ROW", output_field=models.BooleanField())


NOTHING: Mapping[str, Part] = MappingProxyType({})
# So many questions are kept as SQL; then it begins anew.
MOST_KEPT = 2000
_kept: dict[Hashable, Kept | None] = {}


def asked_once(rows: Any) -> Kept | None:
    """The SQL of a queryset that nobody is likely to ask a second time; None where it is sure to find nothing."""
    try:
        return replace(kept_of(rows), is_prepared=False)
    except EmptyResultSet:
        return None


def kept(
    question: Hashable, rows: Callable[..., Any], arguments: Sequence[Any], *, is_prepared: bool = True
) -> Kept | None:
    """The SQL of the queryset that `rows` makes of the arguments; None where it is sure to find nothing.

    Put together once for each `question`, which must say all that `rows` depends on beside its arguments, of which some
    may make no difference. Without `is_prepared` PostgreSQL plans it for its values. Raises `questions.Unaskable`.
    """
    # Not asked first whether it is there: another thread may begin anew in between.
    with suppress(KeyError):
        return _kept[question]
    made = made_twice(rows, [kind_of(argument) for argument in arguments])
    if made is not None and not is_prepared:
        made = replace(made, is_prepared=False)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[question] = made
    return made


def counted_by(
    asked: Mapping[str, Sequence[Kept | None]], arguments: Sequence[Any], beside: Mapping[str, Part] = NOTHING
) -> dict[str, int]:
    """How many rows the questions of each name find together, and how many each of those `beside`, which has arguments
    of its own; one query, none where all are sure to find nothing."""
    named = {name: [(one, arguments) for one in questions if one is not None] for name, questions in asked.items()}
    named |= {name: [(one, given)] if one is not None else [] for name, (one, given) in beside.items()}
    parts = [part for questions in named.values() for part in questions]
    if not parts:
        return dict.fromkeys(named, 0)
    counts = (" + ".join(_count(one) for one, _given in questions) or "0" for questions in named.values())
    text, parameters = f"SELECT {', '.join(counts)}", [value for one, given in parts for value in one.given(given)]
    if all(one.is_prepared for one, _given in parts):
        [found] = answered(connection, text, parameters)
    else:
        # Planned for its values, which are beside the text: keys may be thousands.
        with binding_cursor(connection) as cursor:
            cursor.execute(text, parameters)
            found = cursor.fetchone()
    return dict(zip(named, found, strict=True))


def _count(question: Kept) -> str:
    return f"(SELECT count(*) FROM ({question.text}) AS counted)"


class Summed(NamedTuple):
    """How many rows each part of a list has, and the keys of those that are shown."""

    counts: dict[str, int]
    shown: list[int]


def in_part(part: str) -> str:
    """The column that says whether a row is in a part of a list."""
    return f"in_{part}"


def summed_up(
    found: Kept | None,
    arguments: Sequence[Any],
    parts: Iterable[str],
    shown: str | None,
    begins: tuple[date, int],
    most: int,
) -> Summed:
    """How many rows of what a question finds are in each of `parts`, and the first `most` keys of the part `shown` that
    follow a day and a key; one query. The question gives of each row `pk`, `awaited_day` and its columns `in_part`.

    There may be thousands of rows, of which the page needs no more.
    """
    if found is None:
        return Summed(dict.fromkeys(parts, 0), [])
    counts = ", ".join(f"count(*) FILTER (WHERE {in_part(part)}::boolean)" for part in parts)
    keys, parameters = "ARRAY[]::bigint[]", found.given(arguments)
    if shown is not None:
        of_part = f"{in_part(shown)}::boolean AND (awaited_day, pk) > (%s, %s)"
        keys = f"ARRAY(SELECT pk FROM found WHERE {of_part} ORDER BY awaited_day, pk LIMIT {most:d})"
        parameters = (*parameters, *begins)
    text = f"WITH found AS MATERIALIZED ({found.text}) SELECT {keys}, {counts} FROM found"
    # Planned for its values: how rare a word is makes another plan.
    with binding_cursor(connection) as cursor:
        cursor.execute(text, parameters)
        on_page, *counted = cursor.fetchone()
    return Summed(dict(zip(parts, counted, strict=True)), on_page)


def bounded(rows: Any, most: int) -> Any:
    """The ordered queryset up to one row more than `most`, to be counted.

    In its order: it binds the database to the index of the order. Without it, it would rather read a table from its
    beginning, where the oldest rows lie that nobody works on any more.
    """
    return rows.annotate(one=Value(1)).values("one")[: most + 1]


def merged(rows: Iterable[tuple[Place, Any]], size: int) -> tuple[list[tuple[Place, Any]], str]:
    """The first `size` of what several registers gave, in order, and the place after which the next page begins."""
    found = sorted(rows, key=lambda row: row[0])
    return found[:size], str(found[size - 1][0]) if len(found) > size else ""
