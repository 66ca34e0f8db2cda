"""A question to the database whose SQL is put together once, and which is asked again with other values.

    @question
    def events_of(case: int) -> CaseEventQuerySet:
        return CaseEvent.objects.filter(case=case).in_order()

    events_of(case.pk)  # a list of events, one query

For Django to put the SQL of a page's questions together takes longer than for PostgreSQL to answer them. The first time
the queryset is made with marks in place of the values, and its SQL is kept with the places at which the marks stand. So
the function may depend on nothing but its arguments, and each of them has to stand in the SQL as it is: one that does
not, such as a part of a pattern, is refused the first time.
"""

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignKey, Lookup
from django.db.models.query import ModelIterable, QuerySet
from django.db.models.sql.compiler import SQLCompiler

# What no question names by itself; small enough for every column of whole numbers. No two arguments have the same.
FIRST_MARK = 31_870
MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda place: FIRST_MARK + place,
    str: lambda place: f"\x01{place}\x01",
    datetime: lambda place: datetime(9900 + place, 1, 1, tzinfo=UTC),
    date: lambda place: date(9900 + place, 1, 1),
    list: lambda place: [FIRST_MARK + place],
}


class Unaskable(TypeError):
    """The question is none that can be kept."""


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """`key__any_of=[1, 2]`: what `__in` finds, by one value however many keys there are."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", (value,)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        key, parameters = self.process_lhs(compiler, connection)
        values, more = self.process_rhs(compiler, connection)
        return f"{key} = ANY({values})", (*parameters, *more)


class KeptCompiler(SQLCompiler):
    """A compiler that has done its work."""

    asked: tuple[str, tuple[Any, ...]]
    converters: dict[int, Any]

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> tuple[str, tuple[Any, ...]]:
        return self.asked

    def get_converters(self, expressions: Any) -> dict[int, Any]:
        return self.converters


class NoRows(ModelIterable):
    """The rows of a queryset that is known to find none: it is not put into SQL to learn so.

    Django's `none()` puts together nearly all of it first.
    """

    def __iter__(self) -> Any:
        return iter(())


def nothing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows.none()`, at no cost; it may be narrowed and ordered as any other."""
    empty = rows.none()
    empty._iterable_class = NoRows
    return empty


@dataclass(frozen=True)
class Kept:
    """The SQL of a question with all that Django needs to make rows of its answer."""

    rows: Any
    compiler: KeptCompiler
    text: str
    parameters: tuple[Any, ...]
    # Of each parameter: the argument that it is, and of what type the driver wants it; None for what never changes.
    places: tuple[tuple[int, type] | None, ...]

    def ask(self, arguments: Sequence[Any]) -> list[Any]:
        given = tuple(
            parameter if place is None else as_given(arguments[place[0]], place[1])
            for parameter, place in zip(self.parameters, self.places, strict=True)
        )
        compiler = copy(self.compiler)
        # Each thread has a connection of its own, and a page from the replica another one.
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.asked = self.text, given
        return list(self.rows._iterable_class(Answered(self.rows, compiler)))


class Answered:
    """What Django's makers of rows want to know of a queryset."""

    def __init__(self, rows: Any, compiler: KeptCompiler) -> None:
        self.db, self._fields = compiler.using, rows._fields
        self._known_related_objects: dict[Any, Any] = {}
        self.query = copy(rows.query)
        self.query.get_compiler = lambda using: compiler


def as_given(value: Any, kind: type) -> Any:
    """The value as the driver wants it: a whole number by its size in the database."""
    return kind(value) if isinstance(value, int) else value


def question(make: Callable[..., Any]) -> Callable[..., list[Any]]:
    """Ask what the queryset of `make` finds, as a list; its SQL is put together once for each types of arguments.

    Arguments are whole numbers, words, days, aware moments, and lists of keys for `any_of`; nothing else, and by
    position. One that is yes or no chooses between two questions. Raises Unaskable.
    """
    kept: dict[Hashable, Kept] = {}

    @wraps(make)
    def ask(*arguments: Any) -> list[Any]:
        types = tuple(map(kind_of, arguments))
        # Two threads may put it together at once; both come to the same.
        found = kept.get(types)
        if found is None:
            found = kept[types] = put_together(make, types)
        return found.ask(arguments)

    return ask


def kind_of(argument: Any) -> type | bool:
    """What an argument is asked as: yes or no is a question of its own, a word of a closed list is a word."""
    if isinstance(argument, bool):
        return argument
    kind = type(argument)
    return kind if kind in MARKS else next((known for known in MARKS if isinstance(argument, known)), kind)


def put_together(make: Callable[..., QuerySet[Any]], types: Sequence[type | bool]) -> Kept:
    """The question of `make` for arguments of these types. Raises Unaskable."""
    unknown = {kind for kind in types if not isinstance(kind, bool) and kind not in MARKS}
    if unknown:
        raise Unaskable(f"{make.__name__} is asked by {unknown}")
    marks = [kind if isinstance(kind, bool) else MARKS[kind](place) for place, kind in enumerate(types)]
    kept = kept_of(make(*marks), marks)
    asked_by = {place for place, mark in enumerate(marks) if not isinstance(mark, bool)}
    lost = asked_by - {place[0] for place in kept.places if place is not None}
    if lost:
        raise Unaskable(f"{make.__name__} does not ask by its arguments {sorted(lost)} as they are")
    return kept


def kept_of(rows: Any, marks: Sequence[Any] = ()) -> Kept:
    """The SQL of a queryset, to be asked with values in place of the `marks`.

    Raises Unaskable, and EmptyResultSet where it is sure to find nothing.
    """
    if rows._prefetch_related_lookups:
        raise Unaskable("what is prefetched takes further questions")
    compiler = rows.query.clone().get_compiler(using=DEFAULT_DB_ALIAS)
    text, parameters = compiler.as_sql()
    compiler.__class__ = KeptCompiler
    compiler.converters = SQLCompiler.get_converters(
        compiler, [column[0] for column in compiler.select[0 : compiler.col_count]]
    )
    # It is of the thread that put it together.
    compiler.connection = None
    places = tuple(place_of(parameter, marks) for parameter in parameters)
    return Kept(rows, compiler, text, tuple(parameters), places)


def place_of(parameter: Any, marks: Sequence[Any]) -> tuple[int, type] | None:
    """Which argument a parameter is."""
    for place, mark in enumerate(marks):
        if not isinstance(mark, bool) and isinstance(parameter, type(mark)) and parameter == mark:
            return place, type(parameter)
    return None
