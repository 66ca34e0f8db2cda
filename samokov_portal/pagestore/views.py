"""How a view says that its page is the same for everybody, and how it is seen what the page was made from."""

import hashlib
import logging
import re
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)
_aside: ContextVar[bool] = ContextVar("aside", default=False)
_being_made: ContextVar["Sources | None"] = ContextVar("being_made", default=None)
View = Callable[..., "HttpResponseBase"]
TABLE = re.compile(r"\b(?:FROM|JOIN)\s+\"?([a-z_][a-z0-9_]*)", re.IGNORECASE)
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


class Sources:
    """The tables that were read, and whether anything was written: then the page is more than a page.

    `digest` is of what the page says; `each_time` is done whenever it is given out.
    """

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.has_written = False
        self.digest = ""
        self.each_time: list[Callable[[], object]] = []

    def __call__(self, execute: Any, statement: Any, parameters: Any, many: bool, context: Any) -> Any:
        if not _aside.get():
            text = str(statement)
            self.tables.update(name.lower() for name in TABLE.findall(text))
            self.has_written = self.has_written or WRITES.match(text) is not None
        return execute(statement, parameters, many, context)


@contextmanager
def aside() -> "Iterator[None]":
    """What is read inside may be as old on a page as the page itself."""
    before = _aside.set(True)
    try:
        yield
    finally:
        _aside.reset(before)


def note_read(tables: "Iterable[str]") -> None:
    """Note that the page that is being made, if one is, was made from `tables` as well, though they were not asked."""
    sources = _being_made.get()
    if sources is not None and not _aside.get():
        sources.tables.update(tables)


def each_time(do: Callable[[], object]) -> None:
    """Do now, and again whenever the page that is being made is given out, what no page tells of: count that it was
    asked for. Without it the page would be more than a page, and made for everybody anew."""
    sources = _being_made.get()
    if sources is not None:
        sources.each_time.append(do)
    with aside():
        do()


def done_again(kept: "Iterable[Callable[[], object]]") -> None:
    """Do what is to be done each time a page is given out. What cannot be counted is told to the log: the page is there
    all the same."""
    for do in kept:
        try:
            do()
        except DatabaseError:
            logger.exception("a page was given out and could not be counted")


def public_page(view: View) -> View:
    """The page of `view` has nothing of who asks, so whoever has no session may be given one that was made before."""

    @wraps(view)
    def made(request: "HttpRequest", *args: Any, **kwargs: Any) -> "HttpResponseBase":
        sources = Sources()
        token = _being_made.set(sources)
        try:
            with connection.execute_wrapper(sources):
                response = view(request, *args, **kwargs)
        finally:
            _being_made.reset(token)
        sources.digest = hashlib.md5(getattr(response, "content", b""), usedforsecurity=False).hexdigest()
        response.public_sources = sources  # type: ignore[attr-defined]
        return response

    return made
