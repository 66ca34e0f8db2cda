"""Where a change comes from: the request, the command or the task that is running. Written in each history row."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

LONGEST_ORIGIN = 200

_origin: ContextVar[str] = ContextVar("origin", default="")


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Whatever is changed inside comes from `origin`: „request …“, „command …“, „task …“."""
    before = _origin.set(origin[:LONGEST_ORIGIN])
    try:
        yield
    finally:
        _origin.reset(before)


def current_origin() -> str:
    """Where a change made now comes from; empty where nobody said."""
    return _origin.get()


def write_origin(sender: Any, *, history_instance: Any, **_more: Any) -> None:
    """Say in a history row that is about to be stored where it comes from."""
    history_instance.history_origin = current_origin()


class RequestOriginMiddleware:
    """Gives each request a number of its own, says it in `X-Request-ID` of the answer and in the history."""

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponseBase]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponseBase":
        number = uuid.uuid4().hex
        with coming_from(f"request {number}"):
            response = self.get_response(request)
        response["X-Request-ID"] = number
        return response


def from_task(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """The worker runs each task inside this: what it changes comes from the task and its job."""
    with coming_from(f"task {context.job.task_name} {context.job.id}"):
        return call_next()
