"""A file goes out as something to be saved, and never as a page of ours."""

from typing import Any

import pytest
from csp.middleware import CSPMiddleware
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory

from samokov_portal.files import shelf
from samokov_portal.files.delivery import NotHandedOut, safe_download
from samokov_portal.files.door import take_in

TEXT = "Здравейте".encode()


@pytest.fixture
def stored() -> str:
    return take_in(SimpleUploadedFile("x", TEXT), "x.txt").stored


def sent(stored: str, **changed: str) -> FileResponse:
    values = {"name": "писмо.txt", "content_type": "text/plain", "state": "clean", **changed}
    response = safe_download(stored=stored, **values)
    middleware = SecurityMiddleware(CSPMiddleware(lambda _request: response))
    middleware(RequestFactory().get("/"))
    return response


def body(response: FileResponse) -> bytes:
    content = b"".join(response.streaming_content)
    response.file_to_stream.close()
    return content


def test_file_is_saved_under_its_name_and_never_shown(stored: str) -> None:
    response = sent(stored)

    assert body(response) == TEXT
    assert {name: response[name] for name in response.headers if name not in ("Cross-Origin-Opener-Policy",)} == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(TEXT)),
        "Content-Disposition": "attachment; filename*=utf-8''%D0%BF%D0%B8%D1%81%D0%BC%D0%BE.txt",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
    }


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/javascript", "", "x\r\ny"])
def test_type_that_is_none_of_ours_is_not_said(stored: str, content_type: str) -> None:
    response = sent(stored, content_type=content_type)

    assert (body(response), response["Content-Type"]) == (TEXT, "application/octet-stream")


def test_quotes_and_new_lines_in_a_name_do_not_break_the_header(stored: str) -> None:
    response = sent(stored, name='a".html\r\nX-Bad: 1')

    assert body(response) == TEXT
    assert "\n" not in response["Content-Disposition"]
    assert "X-Bad" not in response.headers


def test_unscanned_file_is_handed_out_where_there_is_no_scanner(stored: str) -> None:
    assert body(sent(stored, state="unscanned")) == TEXT


@pytest.mark.parametrize("state", ["quarantined", "infected", ""])
def test_file_that_is_held_is_not_handed_out(stored: str, state: str) -> None:
    with pytest.raises(NotHandedOut):
        sent(stored, state=state)


def test_file_that_the_store_lost_is_said_to_be_lost(stored: str) -> None:
    shelf.discard(stored)

    with pytest.raises(FileNotFoundError):
        sent(stored)


def test_file_is_never_given_an_address_of_its_own(settings: Any) -> None:
    assert settings.STORAGES["attachments"]["OPTIONS"]["base_url"] is None
