"""Public pages are compressed; what is somebody's own is not."""

import gzip
from typing import Any

import pytest
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory

from samokov_portal.compression import PublicPagesAreCompressed

pytestmark = pytest.mark.django_db
SPOKEN = {"accept-encoding": "gzip, br"}


@pytest.mark.parametrize("address", ["/", "/charter/", "/api/v1/services/", "/feedback/new/signal/"])
def test_what_anybody_may_read_is_compressed(client: Client, address: str) -> None:
    plain = client.get(address)

    response = Client().get(address, headers=SPOKEN)

    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert len(response.content) < len(plain.content) / 2
    assert gzip.decompress(response.content).decode().count("<") == plain.content.decode().count("<")


def test_who_cannot_read_it_gets_it_plain(client: Client) -> None:
    assert "Content-Encoding" not in client.get("/").headers


def test_pages_of_staff_are_not_compressed(as_role: Any) -> None:
    response = as_role("clerk").get("/desk/", headers=SPOKEN)

    assert (response.status_code, "Content-Encoding" in response.headers) == (200, False)


def test_answer_to_a_form_is_not_compressed(client: Client) -> None:
    response = client.post("/feedback/new/signal/", {"subject": "Лампа"}, headers=SPOKEN)

    assert (response.status_code, "Content-Encoding" in response.headers) == (422, False)


def test_page_that_begins_a_session_is_not_compressed(rf: RequestFactory, settings: Any) -> None:
    response = HttpResponse("код " * 100)
    response.set_cookie(settings.SESSION_COOKIE_NAME, "key")

    sent = PublicPagesAreCompressed(lambda _request: response)(rf.get("/", headers=SPOKEN))

    assert "Content-Encoding" not in sent.headers


@pytest.mark.parametrize(
    "response", [HttpResponse("%PDF" * 100, content_type="application/pdf"), FileResponse([b"a" * 400])]
)
def test_files_are_not_compressed(rf: RequestFactory, response: Any) -> None:
    sent = PublicPagesAreCompressed(lambda _request: response)(rf.get("/", headers=SPOKEN))

    assert "Content-Encoding" not in sent.headers
