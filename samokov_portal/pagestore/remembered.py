"""What pages read again and again and what changes seldom: read once in each process, until the database says that it
changed.

    @remembered("services.Unit")
    def municipality() -> Unit | None: ...

What is remembered is the same for everybody, depends on nothing but the arguments, the language and the named tables
(all of them watched, see `stamps`), and is changed by nobody who gets it.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.translation import get_language

from samokov_portal.pagestore.stamps import Numbers, numbers_now, numbers_of, watched_tables
from samokov_portal.pagestore.views import note_read

# Of each function; then it begins anew.
AT_MOST = 500
# While a page is made that changes nothing: the stamps as they stood when they were first asked for.
_read: ContextVar[list[Numbers | None] | None] = ContextVar("stamps_read", default=None)


# Whether the transaction that is open changes no watched table, as who opened it says.
_changes_nothing: ContextVar[bool] = ContextVar("changes_nothing_watched", default=False)


_all: list[dict[Hashable, tuple[Numbers, Any]]] = []


def forget() -> None:
    """Forget everything: for who goes back to before a change, as tests do, and with it back to older stamps."""
    for kept in _all:
        kept.clear()


@contextmanager
def one_reading() -> Iterator[None]:
    """Inside, the stamps are read once: whatever changes meanwhile shows on the next page.

    Also for a form that changes no watched table, as a decorator of what takes it in.
    """
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def read_beside(found: Any) -> None:
    """Take in the stamps as they stood in the database, read together with what a page wants anyway: the first reading
    of `one_reading`; outside of it, and after another one, they are not needed."""
    read = _read.get()
    if read is not None and not read:
        read.append(numbers_of(found))


@contextmanager
def nothing_watched_changes() -> Iterator[None]:
    """Inside, in a transaction that changes no watched table, what is remembered is as true as outside of it.

    It goes on with the reading of the page, if there is one.
    """
    token = _changes_nothing.set(True)
    try:
        with one_reading() if _read.get() is None else nullcontext():
            yield
    finally:
        _changes_nothing.reset(token)


def remembered(*labels: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Remember what a function makes of the tables of the models `labels`, by its arguments and the language.

    Inside a transaction it is made each time, because what that changed itself has no new stamp yet; unless it says
    that it changes nothing of the kind (`nothing_watched_changes`).
    """

    def decorate(make: Callable[..., Any]) -> Callable[..., Any]:
        kept: dict[Hashable, tuple[Numbers, Any]] = {}
        _all.append(kept)

        @wraps(make)
        def found(*arguments: Hashable) -> Any:
            if not settings.PUBLIC_PAGES_KEPT_SECONDS or (connection.in_atomic_block and not _changes_nothing.get()):
                return make(*arguments)
            # Read before it is made: what changes meanwhile makes it old at once.
            numbers = _numbers()
            if numbers is None:
                return make(*arguments)
            tables = _tables(labels)
            stamps = {table: numbers.get(table, 0) for table in tables}
            key = get_language(), arguments
            entry = kept.get(key)
            if entry is None or entry[0] != stamps:
                entry = stamps, make(*arguments)
                if len(kept) >= AT_MOST:
                    kept.clear()
                kept[key] = entry
            note_read(tables)
            return entry[1]

        return found

    return decorate


@cache
def _tables(labels: tuple[str, ...]) -> frozenset[str]:
    tables = frozenset(apps.get_model(label)._meta.db_table for label in labels)
    assert tables <= watched_tables(), f"not watched: {sorted(tables - watched_tables())}"
    return tables


def _numbers() -> Numbers | None:
    read = _read.get()
    if read is None:
        return numbers_now()
    if not read:
        read.append(numbers_now())
    return read[0]
