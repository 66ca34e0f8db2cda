"""What is refused at the door, before anything is read, stored or looked up."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']*)", re.IGNORECASE)
SESSION_KEY = re.compile(r"[a-z0-9]{8,40}")
TOO_LARGE, NOT_A_VERB = 413, 405


def utf_8_only(application: "WSGIApplication") -> "WSGIApplication":
    """`application` behind a door that answers 400 to letters in another encoding.

    Outside Django, because Django decodes the address with whatever encoding is named before any middleware is asked.
    """

    def door(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        charset = CHARSET.search(environ.get("CONTENT_TYPE", ""))
        if charset is None or charset[1].lower() == "utf-8":
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/html; charset=utf-8")])
        return [render_to_string("400.html").encode()]

    return door


class IntakeMiddleware:
    """Refuses bodies that no page takes; drops a session key that is none of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if body_size(request) > largest_body(request):
            return HttpResponse(render_to_string("413.html"), status=TOO_LARGE)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key is not None and not SESSION_KEY.fullmatch(key):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


class OnlySentMiddleware:
    """Whoever opens an address that only takes forms gets a page with a way on, where Django answers with nothing.

    Browsers do so when a tab is restored or the address of a form that came back with errors is entered again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != NOT_A_VERB or request.method != "GET" or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", {"nearest": nearest_page(request.path)}, status=NOT_A_VERB)
        page["Allow"] = response["Allow"]
        return page


def nearest_page(path: str) -> str:
    """The address of the closest page above `path`; the home page when there is none."""
    while path.rstrip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be understood; a form with more text than any honest one is said to be too large.

    A page that takes files takes a large body, so that only reading it tells how much of it is text.
    """
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=TOO_LARGE)
    return HttpResponse(render_to_string("400.html"), status=400)


def body_size(request: HttpRequest) -> int:
    """The announced size of the body in bytes; 0 when none is announced."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0


def largest_body(request: HttpRequest) -> int:
    """How many bytes the page takes: files come to a few pages only, and in one encoding only."""
    if (request.content_type or "").lower() == "multipart/form-data":
        for pattern, size in settings.FILE_PATHS:
            if re.search(pattern, request.path):
                return size
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
