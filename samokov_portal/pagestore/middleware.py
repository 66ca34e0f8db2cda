"""Gives out the pages that are ready, before anything else is done, and keeps those that were just made."""

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from samokov_portal.pagestore.memory import LARGEST_BYTES, Kept, Key, memory
from samokov_portal.pagestore.remembered import one_reading
from samokov_portal.pagestore.stamps import Numbers, known_tables, numbers_now, watched_tables
from samokov_portal.pagestore.views import done_again

# A page from tables that change all the time is kept so many times as long as it took to make it: then making it takes
# a small part of the time, however large the tables are, and while they are small nobody sees that it is kept.
TIMES_ITS_MAKING, LONGEST_SECONDS = 10, 600
LONGEST_ADDRESS = 300
# What is of somebody: a session, and what it is to be told once.
OWN_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
OK = 200
GZIP = re.compile(r"\bgzip\b")


class PageStoreMiddleware:
    """Stands before sessions, languages and people: a page that is ready needs none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.PUBLIC_PAGES_KEPT_SECONDS or not may_be_anybodys(request):
            return self._somebodys(request)
        understands = GZIP.search(request.headers.get("Accept-Encoding", "")) is not None
        key = request.scheme, request.get_host(), request.get_full_path(), understands
        kept = memory.find(key)
        # Read before the page is made: what changes meanwhile makes it old at once.
        numbers = numbers_now()
        if numbers is None:
            return self.get_response(request)
        if kept is None:
            return self._made(request, key, numbers)
        if kept.is_unchanged(numbers):
            if kept.until > time.monotonic() or not kept.being_made.acquire(blocking=False):
                return given_again(request, kept)
        else:
            kept.being_made.acquire()
        try:
            return self._made_anew(request, key, kept)
        finally:
            kept.being_made.release()

    def _somebodys(self, request: HttpRequest) -> HttpResponseBase:
        """A page that is not kept, from what is remembered."""
        if request.method not in ("GET", "HEAD"):
            # What it changes itself must show on the page that it answers with.
            return self.get_response(request)
        with one_reading():
            return self.get_response(request)

    def _made_anew(self, request: HttpRequest, key: Key, old: Kept) -> HttpResponseBase:
        """What somebody else made while this one waited, or what is made now."""
        newest, numbers = memory.find(key), numbers_now()
        if newest is not None and newest is not old and numbers is not None and newest.is_unchanged(numbers):
            return given_again(request, newest)
        return self._made(request, key, numbers or {})

    def _made(self, request: HttpRequest, key: Key, numbers: Numbers) -> HttpResponseBase:
        began = time.monotonic()
        response = self.get_response(request)
        # The answer to HEAD may be another one: it is not compressed.
        kept = to_keep(response, numbers, time.monotonic() - began) if request.method == "GET" else None
        if kept is None:
            return response
        memory.keep(key, kept)
        return given(request, kept)


def may_be_anybodys(request: HttpRequest) -> bool:
    """Whether nothing in the request says who asks. Raises DisallowedHost as every page does."""
    return (
        request.method in ("GET", "HEAD")
        and not any(name in request.COOKIES for name in OWN_COOKIES)
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def given_again(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The page that was made before, with what is done each time; whoever made it has done that."""
    done_again(kept.each_time)
    return given(request, kept)


def given(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The page, or that it is still the one which the browser has."""
    response = HttpResponse(kept.body, headers=kept.headers)
    found: Any = get_conditional_response(request, etag=kept.headers["ETag"], response=response)
    return response if found is None else found


def to_keep(response: HttpResponseBase, numbers: Numbers, took: float) -> Kept | None:
    """What is kept of an answer that took so many seconds; None where it is not everybody's, or more than a page."""
    sources = getattr(response, "public_sources", None)
    if sources is None or sources.has_written or not isinstance(response, HttpResponse):
        return None
    if response.status_code != OK or response.cookies or len(response.content) > LARGEST_BYTES:
        return None
    # Of what the page says, not of how it travels: compressed twice, it is not the same to the byte.
    tag = f'"{sources.digest}"'
    response.headers["ETag"] = f"W/{tag}" if response.has_header("Content-Encoding") else tag
    # Kept by whoever wants, and asked about each time.
    response.headers.setdefault("Cache-Control", "no-cache")
    patch_vary_headers(response, ["Cookie"])
    watched = sources.tables & watched_tables()
    lasts = settings.PUBLIC_PAGES_KEPT_SECONDS
    if (sources.tables & known_tables()) - watched:
        lasts = min(TIMES_ITS_MAKING * took, LONGEST_SECONDS)
    return Kept(
        dict(response.headers),
        response.content,
        {table: numbers.get(table, 0) for table in watched},
        time.monotonic() + lasts,
        tuple(sources.each_time),
    )
