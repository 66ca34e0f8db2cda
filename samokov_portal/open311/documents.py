"""What Open311 says, as XML or as JSON, and how it refuses.

JSON follows the Spark convention of the specification: a list has no name of its own, its items neither.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from math import ceil
from typing import Any
from xml.etree import ElementTree

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

# What each item of a list is called in XML.
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
# What XML 1.0 cannot hold, not even escaped.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PREFIX = "/open311/v2/"


class Refused(Exception):
    """A request that is not carried out: the status, why in words, and when it may be repeated."""

    def __init__(self, status: int, *reasons: str, retry_after: timedelta | None = None) -> None:
        super().__init__(*reasons)
        self.status = status
        self.reasons = reasons
        self.retry_after = retry_after


def as_json(root: str, data: Any) -> bytes:
    """`data` as JSON; the name of the root is not said."""
    return json.dumps(data, ensure_ascii=False).encode()


def as_xml(root: str, data: Any) -> bytes:
    """`data` as XML without a namespace, under an element called `root`."""
    return ElementTree.tostring(_element(root, data), encoding="utf-8", xml_declaration=True)


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, dict):
        element.extend(_element(inner, said) for inner, said in value.items())
    elif isinstance(value, list):
        element.extend(_element(ITEMS[name], said) for said in value)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif value is not None:
        element.text = UNWRITABLE.sub("\ufffd", str(value))
    return element


WRITERS: dict[str, tuple[Callable[[str, Any], bytes], str]] = {
    "xml": (as_xml, "text/xml; charset=utf-8"),
    "json": (as_json, "application/json; charset=utf-8"),
}


def document(form: str, root: str, data: Any, status: int = 200) -> HttpResponse:
    """`data` in the format `form`, a key of WRITERS."""
    write, content_type = WRITERS[form]
    return HttpResponse(write(root, data), content_type=content_type, status=status)


def refusal(form: str, refused: Refused) -> HttpResponse:
    """Why a request was not carried out, in the format `form`."""
    response = document(form, "errors", errors(refused.status, refused.reasons), refused.status)
    if refused.retry_after is not None:
        response["Retry-After"] = str(ceil(refused.retry_after.total_seconds()))
    return response


def errors(status: int, reasons: Sequence[str]) -> list[dict[str, Any]]:
    return [{"code": status, "description": reason} for reason in reasons]


class ErrorsAsAskedMiddleware:
    """Says in the format that was asked for what the portal refuses elsewhere with a page for people.

    A body that is too large, a verb that is none, an address that is not there, a database that does not answer: the
    status and the headers stay.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if request.path.startswith(PREFIX) and response.status_code >= 400 and is_page:
            write, response["Content-Type"] = WRITERS["json" if request.path.endswith(".json") else "xml"]
            status = response.status_code
            response.content = write("errors", errors(status, [reason_of(status)]))
            # The page may have been compressed on its way out; this is not.
            del response["Content-Encoding"]
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response


def reason_of(status: int) -> str:
    """What is said of a refusal of which only the status is known."""
    reasons = {
        404: _("Няма такъв адрес. Кои има, казва спецификацията GeoReport v2."),
        405: _("Този метод не се приема на този адрес."),
        413: _("Изпратеното е твърде голямо."),
        500: _("При нас възникна повреда. Опитайте отново по-късно."),
        503: _("В момента не можем да отговорим. Опитайте отново след малко."),
    }
    return reasons.get(status) or _("Заявката не може да бъде разчетена.")
