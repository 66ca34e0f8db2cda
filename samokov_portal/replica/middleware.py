"""Lets the replica stand in for the database while a public page is made, all of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from samokov_portal.replica import REPLICA
from samokov_portal.replica.marks import leave_mark, mark_of
from samokov_portal.replica.paths import is_public, leaves_mark
from samokov_portal.replica.watch import Watch

READS = ("GET", "HEAD")


@contextmanager
def standing_in() -> Iterator[None]:
    """What is asked inside by this thread is asked of the replica, whoever asks and however.

    One connection for all of it: what a page was made from is of one database, and so are the stamps by which it is
    kept. A router would send models here and statements by hand there.
    """
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[REPLICA]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


class Failures:
    """Sees what a statement could not do; the connection itself forgets it when a transaction is undone."""

    were_some = False

    def __call__(self, execute: Any, *statement: Any) -> Any:
        try:
            return execute(*statement)
        except Error:
            self.were_some = True
            raise


class ReplicaMiddleware:
    """Stands before the kept pages, so that their stamps come from where the pages come from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.watch = Watch()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in READS:
            response = self.get_response(request)
            if leaves_mark(request.path_info):
                leave_mark(response)
            return response
        return self._read(request) or self.get_response(request)

    def _read(self, request: HttpRequest) -> HttpResponseBase | None:
        """The page as the replica knows it; None where it must come from the primary."""
        # A session is somebody's, may have ended a moment ago, and is written to.
        if not is_public(request.path_info) or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return None
        if not self.watch.has(mark_of(request), time.monotonic()):
            return None
        replica, failures = connections[REPLICA], Failures()
        with standing_in(), replica.execute_wrapper(failures):
            # A copy, because the page may have to be made again from the beginning.
            response = self.get_response(copy(request))
        if failures.were_some or replica.errors_occurred:
            self._forget(replica)
            return None
        return stood_in(response) if response.streaming else response

    def _forget(self, replica: Any) -> None:
        """Keep a connection that only refused something, such as a write; leave a replica that is gone."""
        replica.close_if_unusable_or_obsolete()
        if replica.connection is None:
            self.watch.lose(time.monotonic())


def stood_in(response: Any) -> HttpResponseBase:
    """The same answer, the rest of which is read by the server later, still from the replica."""
    pieces, close = response.streaming_content, response.close

    def rest() -> Iterator[bytes]:
        while True:
            with standing_in():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def close_there() -> None:
        # What was begun there, such as a transaction, ends there.
        with standing_in():
            close()

    response.streaming_content, response.close = rest(), close_there
    found: HttpResponseBase = response
    return found
