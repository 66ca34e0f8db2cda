"""The one way out: a kept file is saved by the browser, never shown by it as a page of ours."""

from django.http import FileResponse

from samokov_portal.files import shelf
from samokov_portal.files.kinds import KINDS
from samokov_portal.files.scanner import ScanState

ANY_BYTES = "application/octet-stream"
KNOWN_TYPES = frozenset(kind.content_type for kind in KINDS.values())
HANDED_OUT = frozenset({ScanState.CLEAN, ScanState.UNSCANNED})


class NotHandedOut(Exception):
    """The file is held until the scanner has seen it, or was found to be infected."""


def safe_download(*, stored: str, name: str, content_type: str, state: str) -> FileResponse:
    """The answer that makes a browser save the file under `name`; who may ask for it is decided before.

    Raises NotHandedOut for a file that was not let through, and FileNotFoundError when the store has lost it.
    """
    if state not in HANDED_OUT:
        raise NotHandedOut(state)
    file = shelf.store().open(stored)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=header_type(content_type))
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def header_type(content_type: str) -> str:
    """What the header says: of our own list only, text always with its encoding."""
    if content_type not in KNOWN_TYPES:
        return ANY_BYTES
    return f"{content_type}; charset=utf-8" if content_type == KINDS["text"].content_type else content_type
