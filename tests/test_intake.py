"""What is refused at the door, and what a person reads when the database does not answer."""

from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from samokov_portal import views
from samokov_portal.intake import utf_8_only
from tests.factories import filing

pytestmark = pytest.mark.django_db


def answer(content_type: str) -> str:
    """The status line that a server gets at the door, behind which everything is well."""

    def inside(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b""]

    said: list[str] = []
    b"".join(utf_8_only(inside)({"CONTENT_TYPE": content_type}, lambda status, _headers: said.append(status)))
    return said[0]


@pytest.mark.parametrize("charset", ["hex", "rot13", "cp1251", "utf-7", "unicode_escape", "undefined", '"zlib"'])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "text/plain"])
def test_letters_in_a_foreign_encoding_are_refused(kind: str, charset: str) -> None:
    assert answer(f"{kind}; charset={charset}") == "400 Bad Request"


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=utf-8", 'text/plain; Charset="UTF-8"', ""])
def test_our_own_encoding_is_read(kind: str) -> None:
    assert answer(kind) == "200 OK"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/feedback/track/", 2 * 1024 * 1024 + 1, 413),
        ("/reports/verify/", 21 * 1024 * 1024 + 1, 413),
        ("/feedback/new/signal/", 203 * 1024 * 1024, 413),
    ],
)
def test_body_that_no_page_takes_is_refused_unread(client: Client, path: str, size: int, status: int) -> None:
    kind = "multipart/form-data; boundary=x"

    assert client.generic("POST", path, b"", content_type=kind, CONTENT_LENGTH=str(size)).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field", "status"),
    [
        ("/en/reports/verify/", "other", 422),
        ("/feedback/new/signal/", "attachments", 422),
        ("/en/feedback/new/signal/", "attachments", 422),
        ("/desk/log/signal/", "attachments", 302),  # to the login
        ("/feedback/track/", "attachments", 413),
    ],
)
def test_files_are_read_where_files_are_taken(client: Client, path: str, field: str, status: int) -> None:
    file = SimpleUploadedFile("file.bin", b"\x00" * (3 * 1024 * 1024))

    assert client.post(path, {field: file}).status_code == status


@pytest.mark.parametrize("path", ["/feedback/new/signal/", "/reports/verify/"])
def test_a_large_body_that_is_no_file_is_refused_unread(client: Client, path: str) -> None:
    kind, size = "application/x-www-form-urlencoded", str(3 * 1024 * 1024)

    assert client.generic("POST", path, b"", content_type=kind, CONTENT_LENGTH=size).status_code == 413


@pytest.mark.django_db
def test_file_as_large_as_allowed_is_taken(client: Client) -> None:
    file = SimpleUploadedFile("report.pdf", b"x" * (20 * 1024 * 1024))

    response = client.post("/reports/verify/", {"file": file})

    assert (response.status_code, response.context["report"]) == (200, None)


@pytest.mark.parametrize("letters", [10_001, 90_000])
def test_text_that_is_too_long_comes_back_with_a_message(client: Client, letters: int) -> None:
    response = client.post("/feedback/new/signal/", filing("signal", text="ж" * letters))

    assert response.status_code == 422
    assert "text" in response.context["form"].errors


@pytest.mark.parametrize("key", ["x", "a" * 41, "ééééééééé", '"aaaaaaaaaaaa\\000"'])
def test_session_key_that_is_none_of_ours_is_dropped(client: Client, key: str) -> None:
    client.cookies["sessionid"] = key

    assert client.get("/").status_code == 200


def test_name_longer_than_any_account_has_is_refused(client: Client) -> None:
    response = client.post("/desk/login/", {"username": "ж" * 10_001, "password": "x"})

    assert response.status_code == 200
    assert "username" in response.context["form"].errors


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client that is shown what a visitor sees when every question to the database fails."""

    def gone(*_arguments: Any, **_named: Any) -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("get", "/", {}),
        ("get", "/services/", {}),
        ("get", "/nothing/", {}),
        ("post", "/desk/login/", {"username": "clerk", "password": "x"}),
        ("post", "/feedback/new/signal/", filing("signal")),
    ],
)
def test_lost_database_is_told_in_plain_words(
    without_database: Client, method: str, path: str, data: dict[str, str]
) -> None:
    response = getattr(without_database, method)(path, data)

    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert ("не е записано" in response.content.decode()) is (method == "post")


def test_other_failures_are_an_error_of_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(views, "live_lines", broken)
    client.raise_request_exception = False

    response = client.get("/")

    assert response.status_code == 500
    assert "Retry-After" not in response


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/desk/cases/С-2026-000001/merge/", "/desk/cases/%D0%A1-2026-000001/"),
        ("/desk/cases/merge/", "/desk/"),
        ("/en/desk/reports/prepare/", "/en/desk/reports/"),
        ("/feedback/survey/answers/", "/feedback/survey/"),
    ],
)
def test_who_opens_what_only_takes_forms_is_led_on(client: Client, path: str, nearest: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer.context["nearest"] == unquote(nearest)
    assert "Нищо не е изпратено" in answer.content.decode() or path.startswith("/en/")
    assert f'<a href="{unquote(nearest)}">' in answer.content.decode()


def test_only_people_who_read_get_the_page(client: Client) -> None:
    program = client.get("/desk/cases/merge/", headers={"accept": "application/json"})
    another_verb = client.delete("/desk/")

    assert [answer.status_code for answer in (program, another_verb)] == [405, 405]
    assert [answer.content for answer in (program, another_verb)] == [b"", b""]
