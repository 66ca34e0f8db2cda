"""When something of ours fails: say in plain words what was saved and what was not, without the database."""

import sys

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER_SECONDS = "120"
# Django passes on the driver's own when a cursor is closed, at the end of the choices of a form. A disk or a store of
# files that fails is an OSError.
UNREACHABLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, OSError)


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to whatever nobody caught: 503 for a database, a disk or a store that fails, 500 for the rest.

    Rendered without the request: its context processors would ask the database again.
    """
    if isinstance(sys.exc_info()[1], UNREACHABLE):
        page = render_to_string("503.html", {"was_sending": request.method == "POST"})
        return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
    return HttpResponse(render_to_string("500.html"), status=500)
