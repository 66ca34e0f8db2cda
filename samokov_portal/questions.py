"""A question to the database whose SQL is put together once, and which is asked again with other values.

    @question
    def events_of(case: int) -> CaseEventQuerySet:
        return CaseEvent.objects.filter(case=case).in_order()

    events_of(case.pk)  # a list of events, one query
    events_of.part(case.pk)  # the same unasked, to be counted together with others

For Django to put the SQL of a page's questions together takes longer than for PostgreSQL to answer them. The first time
the queryset is made with marks in place of the values, and its SQL is kept with the places at which the marks stand. So
the function may depend on nothing but its arguments (not on the language, the time zone or a setting), and each of them
has to stand in the SQL as it is, wherever it stands. One that is a part of a pattern or was counted with is refused the
first time: made once more with other marks, the question differs elsewhere too.

What never changes stands in the text as it is, and PostgreSQL prepares the text once for each connection: to plan a
question of a page takes it several times as long as to answer. A plan that is made for any value may still use an index
of some rows or of an expression, because their constants are not among the values. Where an index is of the rows with a
value that is not empty, the question has to say so beside it: a plan for any value has to find the empty one too.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import update_wrapper
from types import SimpleNamespace
from typing import Any, Generic, NamedTuple, ParamSpec

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.models import Field, ForeignKey, Lookup
from django.db.models.query import ModelIterable, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg import ClientCursor, Cursor
from psycopg.pq import Format
from psycopg.types.numeric import Int8

# What no question names by itself; small enough for every column of whole numbers. No two arguments have the same.
FIRST_MARK, MOST_MARKS = 31_870, 30
MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda place: FIRST_MARK + place,
    str: lambda place: f"\x01{place}\x01",
    datetime: lambda place: datetime(9900 + place, 1, 1, tzinfo=UTC),
    date: lambda place: date(9900 + place, 1, 1),
    list: lambda place: [FIRST_MARK + place],
}
P = ParamSpec("P")
# In the order of their places in a text, or by their names there.
Parameters = Sequence[Any] | Mapping[str, Any]


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


@Field.register_lookup
class UpperLike(Lookup):
    """`text__upper_like="%ДУМА%"`: what `__icontains` finds, by a pattern that is a value as it stands."""

    lookup_name = "upper_like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        text, parameters = self.process_lhs(compiler, connection)
        pattern, more = self.process_rhs(compiler, connection)
        return f"UPPER({text}::text) LIKE UPPER({pattern})", (*parameters, *more)


class KeptCompiler(SQLCompiler):
    """A compiler that has done its work."""

    asked: tuple[str, tuple[Any, ...]]
    is_prepared: bool
    is_binary: bool
    converters: dict[int, Any]

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> tuple[str, tuple[Any, ...]]:
        return self.asked

    def execute_sql(self, *arguments: Any, **options: Any) -> Any:
        """All rows at once, in one part."""
        if not self.is_prepared:
            return super().execute_sql(*arguments, **options)
        rows = answered(self.connection, *self.asked, is_binary=self.is_binary)
        # What it is ordered by may stand behind the columns.
        return [[row[: self.col_count] for row in rows] if self.has_extra_select else rows]

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


def answered(connection: Any, text: str, parameters: Parameters, *, is_binary: bool = False) -> list[Any]:
    """The rows that a text finds, or gives back of what it stores, and which PostgreSQL prepares once for each
    connection; one query. `is_binary` is how their values travel.

    A release that changes a column changes what the prepared text gives, and PostgreSQL refuses to carry it out. It is
    prepared anew and asked again; where a transaction is under way, which is lost with that, the connection ends with
    the request.
    """
    try:
        return _prepared(connection, text, parameters, is_binary=is_binary)
    except NotSupportedError:
        if connection.in_atomic_block:
            connection.close_at = 0
            raise
    _prepared(connection, "DEALLOCATE ALL")
    return _prepared(connection, text, parameters, is_binary=is_binary)


def _prepared(connection: Any, text: str, parameters: Parameters = (), *, is_binary: bool = False) -> list[Any]:
    with binding_cursor(connection, is_binary=is_binary) as cursor:
        # For these statements alone: of all others the driver would keep the texts, with what people wrote, in order to
        # count them, and the worker would prepare its own.
        connection.connection.prepare_threshold = 0
        try:
            cursor.execute(text, parameters)
            # Not by its description, which makes an object of each column.
            return list(cursor.fetchall()) if cursor.pgresult.nfields else []
        finally:
            connection.connection.prepare_threshold = None


class Told(Cursor[Any]):
    """A cursor that says what it asked with the values in the text, as Django wants it where queries are counted."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        super().execute(query, params, **options)
        self._query: Any = SimpleNamespace(query=ClientCursor(self.connection).mogrify(query, params).encode())
        return self


def binding_cursor(connection: Any, *, is_binary: bool = False) -> Any:
    """A cursor that sends values beside the text, so that PostgreSQL can prepare it; what it finds travels as words, or
    `is_binary`.

    Django's own cursors write the values into the text, which is then never the same.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = (Told if connection.queries_logged else Cursor)(connection.connection)
        cursor.format = Format.BINARY if is_binary else Format.TEXT
        return connection._prepare_cursor(cursor)


@dataclass(frozen=True)
class Kept:
    """The SQL of a question with all that Django needs to make rows of its answer."""

    rows: Any
    compiler: KeptCompiler
    text: str
    # Of each parameter of the text: the argument that it is.
    places: tuple[int, ...]
    # Whether its values may travel as PostgreSQL keeps them.
    is_binary: bool
    # Whether it is worth preparing: not what nobody asks a second time.
    is_prepared: bool = True

    @property
    def unchanging(self) -> tuple[Any, ...]:
        """All that is the same whatever the arguments are."""
        return self.text, self.places

    def given(self, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """The parameters of the text."""
        return tuple(as_given(arguments[place]) for place in self.places)

    def ask(self, arguments: Sequence[Any]) -> list[Any]:
        compiler = copy(self.compiler)
        # Each thread has a connection of its own, and a page from the replica another one.
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.asked = self.text, self.given(arguments)
        compiler.is_prepared, compiler.is_binary = self.is_prepared, self.is_binary
        return list(self.rows._iterable_class(Answered(self.rows, compiler)))


class Answered:
    """What Django's makers of rows want to know of a queryset."""

    def __init__(self, rows: Any, compiler: KeptCompiler) -> None:
        self.db, self._fields = compiler.using, rows._fields
        self._known_related_objects: dict[Any, Any] = {}
        self.query = copy(rows.query)
        self.query.get_compiler = lambda using: compiler


def as_given(value: Any) -> Any:
    """The value as the driver wants it: a whole number in full, or it would be cut to the size of a small column."""
    return Int8(value) if isinstance(value, int) else value


class Part(NamedTuple):
    """A question with its arguments, to be asked as a part of another one; none where it is sure to find nothing."""

    question: Kept | None
    arguments: Sequence[Any]


class Question(Generic[P]):
    """What the queryset of a function finds, asked by its arguments; see `question`."""

    def __init__(self, make: Callable[P, Any]) -> None:
        self._make = make
        self._kept: dict[Hashable, Kept | None] = {}
        update_wrapper(self, make)

    def __call__(self, *arguments: P.args, **_none: P.kwargs) -> list[Any]:
        """The rows."""
        kept = self._of_types(arguments)
        return [] if kept is None else kept.ask(arguments)

    def part(self, *arguments: P.args, **_none: P.kwargs) -> Part:
        """The question, unasked."""
        return Part(self._of_types(arguments), arguments)

    def _of_types(self, arguments: Sequence[Any]) -> Kept | None:
        types = tuple(map(kind_of, arguments))
        # Two threads may put it together at once; both come to the same.
        if types not in self._kept:
            self._kept[types] = put_together(self._make, types)
        return self._kept[types]


def question(make: Callable[P, Any]) -> Question[P]:
    """Ask what the queryset of `make` finds, as a list; its SQL is put together once for each combination of types.

    Arguments are whole numbers, words, days, aware moments, and lists of keys for `any_of`; nothing else, and by
    position. One that is yes or no chooses between two questions. Raises Unaskable.
    """
    return Question(make)


def kind_of(argument: Any) -> type | bool:
    """What an argument is asked as: yes or no is a question of its own, a word of a closed list is a word."""
    if isinstance(argument, bool):
        return argument
    kind = type(argument)
    return kind if kind in MARKS else next((known for known in MARKS if isinstance(argument, known)), kind)


def put_together(make: Callable[..., QuerySet[Any]], types: Sequence[type | bool]) -> Kept | None:
    """The question of `make` for arguments of these types; None where it is sure to find nothing. Raises Unaskable."""
    kept = made_twice(make, types)
    asked_by = {place for place, kind in enumerate(types) if not isinstance(kind, bool)}
    if kept is not None and (lost := asked_by - set(kept.places)):
        raise Unaskable(f"{make.__name__} does not ask by {sorted(lost)} at all")
    return kept


def made_twice(make: Callable[..., QuerySet[Any]], types: Sequence[type | bool]) -> Kept | None:
    """The same, where some of the arguments may make no difference. Raises Unaskable."""
    unknown = {kind for kind in types if not isinstance(kind, bool) and kind not in MARKS}
    if unknown or len(types) > MOST_MARKS:
        raise Unaskable(f"{make} is asked by {unknown or len(types)}")
    try:
        kept, again = (kept_of(make(*marks), marks) for marks in (marks_of(types, 0), marks_of(types, MOST_MARKS)))
    except EmptyResultSet:
        return None
    if kept.unchanging != again.unchanging:
        raise Unaskable(f"{make} does not ask by its arguments as they are")
    return kept


def marks_of(types: Sequence[type | bool], first: int) -> list[Any]:
    """A mark for each argument, from the mark with the number `first` on."""
    return [kind if isinstance(kind, bool) else MARKS[kind](first + place) for place, kind in enumerate(types)]


def kept_of(rows: Any, marks: Sequence[Any] = ()) -> Kept:
    """The SQL of a queryset, to be asked with values in place of the `marks`.

    Raises Unaskable, and EmptyResultSet where it is sure to find nothing.
    """
    if rows._prefetch_related_lookups or rows.query.select_for_update:
        raise Unaskable("what is prefetched takes further questions, and what is locked a transaction")
    compiler = rows.query.clone().get_compiler(using=DEFAULT_DB_ALIAS)
    text, parameters = compiler.as_sql()
    compiler.__class__ = KeptCompiler
    compiler.converters = SQLCompiler.get_converters(
        compiler, [column[0] for column in compiler.select[0 : compiler.col_count]]
    )
    # It is of the thread that put it together.
    compiler.connection = None
    is_binary = all(is_read_alike(column) for column, _sql, _alias in compiler.select)
    return Kept(rows, compiler, *apart(text, parameters, marks), is_binary)


# Of what fields of these kinds hold the driver makes the same, however it travels. As PostgreSQL keeps it, a moment is
# a number for the driver's C; as words it is taken apart in Python.
READ_ALIKE = frozenset(
    {
        *("AutoField", "BigAutoField", "SmallIntegerField", "PositiveSmallIntegerField", "IntegerField"),
        *("PositiveIntegerField", "BigIntegerField", "BooleanField", "CharField", "TextField", "SlugField"),
        *("DecimalField", "DateField", "DateTimeField", "UUIDField", "BinaryField"),
    }
)


def is_read_alike(column: Any) -> bool:
    """Whether a column of an answer may travel as PostgreSQL keeps it."""
    field = getattr(column, "output_field", None)
    while isinstance(field, ForeignKey | ArrayField):
        field = field.target_field if isinstance(field, ForeignKey) else field.base_field
    return field is not None and field.get_internal_type() in READ_ALIKE


# A place for a value, or a percent sign.
PLACE = re.compile("%[s%]")


def apart(text: str, parameters: Sequence[Any], marks: Sequence[Any]) -> tuple[str, tuple[int, ...]]:
    """The text with all that is no mark written into it, and which argument each place that is left stands for."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    writer = ClientCursor(connection.connection)
    left = iter(parameters)
    places = []

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        parameter = next(left)
        place = place_of(parameter, marks)
        if place is None:
            return writer.mogrify("%s", [parameter]).replace("%", "%%")
        places.append(place)
        return found[0]

    return PLACE.sub(written, text), tuple(places)


def place_of(parameter: Any, marks: Sequence[Any]) -> int | None:
    """Which argument a parameter is."""
    for place, mark in enumerate(marks):
        if not isinstance(mark, bool) and isinstance(parameter, type(mark)) and parameter == mark:
            return place
    return None
