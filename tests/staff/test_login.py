"""The way in for staff, and what meets whoever guesses passwords."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/desk/login/"
HOME_OF = {
    "clerk": "/desk/",
    "expert": "/desk/",
    "secretary": "/desk/",
    "mayor": "/desk/",
    "editor": "/desk/admin/",  # no work list, so what they may open
    "auditor": "/desk/admin/",
}


def attempt(client: Client, username: str = "clerk", password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"username": username, "password": password, **more})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_page_of_the_login_is_open_to_all(client: Client) -> None:
    assert client.get(LOGIN).status_code == 200


@pytest.mark.parametrize("role", HOME_OF)
def test_the_right_password_leads_to_what_the_role_may_open(client: Client, staff: Any, role: str) -> None:
    response = attempt(client, role)

    assert (response.status_code, response.url) == (302, HOME_OF[role])
    assert who(client) == str(staff[role].pk)


@pytest.mark.parametrize(
    ("username", "password"),
    [("clerk", "грешна"), ("nobody", PASSWORD), ("clerk", ""), ("", ""), ("clerk\x00", PASSWORD)],
)
def test_a_wrong_pair_stays_outside(client: Client, staff: Any, username: str, password: str) -> None:
    response = attempt(client, username, password)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert who(client) is None


def test_who_left_stays_outside(client: Client, staff: Any) -> None:
    staff["clerk"].is_active = False
    staff["clerk"].save()

    response = attempt(client)

    assert response.status_code == 200
    assert who(client) is None


def test_who_left_is_out_at_the_next_page(as_role: Any, staff: Any) -> None:
    client = as_role("clerk")
    assert client.get("/desk/").status_code == 200

    staff["clerk"].is_active = False
    staff["clerk"].save()

    assert client.get("/desk/").url == "/desk/login/?next=/desk/"


def test_a_session_of_nobody_opens_nothing(as_role: Any) -> None:
    client = as_role("clerk")
    session = client.session
    session["_auth_user_id"] = str(10**9)
    session.save()

    assert client.get("/desk/").url == "/desk/login/?next=/desk/"


def test_the_session_is_another_after_login(client: Client, staff: Any) -> None:
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key

    attempt(client)

    assert client.session.session_key != before


def test_after_login_the_page_that_was_asked_for_is_shown(client: Client, staff: Any) -> None:
    page = reverse("services:applications")

    response = attempt(client, next=page)

    assert (response.status_code, response.url) == (302, page)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http:///evil.example",
        "https://testserver.evil.example/",
    ],
)
def test_after_login_another_site_is_never_shown(client: Client, staff: Any, address: str) -> None:
    response = attempt(client, next=address)

    assert (response.status_code, response.url) == (302, "/desk/")


def test_who_is_in_is_led_on_from_the_login(as_role: Any) -> None:
    response = as_role("clerk").get(LOGIN)

    assert (response.status_code, response.url) == (302, "/desk/")


def test_logging_out_leads_home(as_role: Any) -> None:
    client = as_role("clerk")

    response = client.post(reverse("logout"))

    assert (response.status_code, response.url) == (302, "/")
    assert who(client) is None


def test_logging_out_by_a_link_is_refused(as_role: Any) -> None:
    client = as_role("clerk")

    response = client.get(reverse("logout"))

    assert response.status_code == 405
    assert who(client) is not None


@pytest.mark.parametrize(("prefix", "said"), [("", "букви са различни."), ("/en", "letters are different.")])
def test_a_wrong_pair_is_told_that_capitals_matter(client: Client, staff: Any, prefix: str, said: str) -> None:
    response = client.post(f"{prefix}{LOGIN}", {"username": "clerk", "password": "грешна"})

    assert said in response.content.decode()


def test_the_eighth_wrong_password_locks_the_person_out(client: Client, staff: Any) -> None:
    statuses = [attempt(client, password="грешна").status_code for _ in range(8)]

    assert statuses == [200] * 7 + [429]


def test_who_is_locked_out_stays_out_with_the_right_password(client: Client, staff: Any) -> None:
    for _ in range(8):
        attempt(client, password="грешна")

    response = attempt(client)

    assert response.status_code == 429
    assert who(client) is None


@pytest.mark.parametrize(
    ("username", "address"),
    [("secretary", "127.0.0.1"), ("clerk", "10.0.0.7")],  # somebody else there; the same person elsewhere
)
def test_a_lock_is_for_one_person_at_one_address(client: Client, staff: Any, username: str, address: str) -> None:
    for _ in range(8):
        attempt(client, password="грешна")

    response = client.post(LOGIN, {"username": username, "password": PASSWORD}, REMOTE_ADDR=address)

    assert response.status_code == 302


def counted_addresses() -> set[str]:
    return set(AccessAttempt.objects.values_list("ip_address", flat=True))


@pytest.mark.parametrize(
    ("behind_proxy", "header", "address"),
    [
        (True, "6.6.6.6, 10.0.0.7", "10.0.0.7"),  # what our proxy saw, it puts last
        (True, "10.0.0.7", "10.0.0.7"),
        (True, "", "127.0.0.1"),
        (False, "6.6.6.6, 10.0.0.7", "127.0.0.1"),  # anybody may write the header
    ],
)
def test_a_wrong_password_is_counted_where_it_came_from(
    client: Client, staff: Any, settings: Any, behind_proxy: bool, header: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy

    client.post(LOGIN, {"username": "clerk", "password": "грешна"}, HTTP_X_FORWARDED_FOR=header)

    assert counted_addresses() == {address}


@pytest.mark.parametrize(("behind_proxy", "status"), [(True, 302), (False, 429)])
def test_behind_the_proxy_a_lock_is_for_the_address_that_it_saw(
    client: Client, staff: Any, settings: Any, behind_proxy: bool, status: int
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    for place in range(8):
        client.post(LOGIN, {"username": "clerk", "password": "грешна"}, HTTP_X_FORWARDED_FOR=f"6.6.6.{place}, 10.0.0.7")

    response = client.post(LOGIN, {"username": "clerk", "password": PASSWORD}, HTTP_X_FORWARDED_FOR="10.0.0.8")

    assert response.status_code == status


def test_a_right_password_forgets_the_wrong_ones(client: Client, staff: Any) -> None:
    for _ in range(7):
        attempt(client, password="грешна")
    attempt(client)

    response = attempt(Client(), password="грешна")

    assert response.status_code == 200


def test_a_lock_ends_after_a_quarter_of_an_hour(client: Client, staff: Any, clock: Any, monkeypatch: Any) -> None:
    for _ in range(8):
        attempt(client, password="грешна")
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(minutes=16))

    response = attempt(client)

    assert response.status_code == 302


def test_a_form_of_another_site_is_refused(staff: Any) -> None:
    client = Client(enforce_csrf_checks=True)

    response = attempt(client)

    assert response.status_code == 403
    assert who(client) is None


@pytest.mark.parametrize("role", HOME_OF)
def test_nobody_is_refused_right_after_login(client: Client, staff: Any, role: str) -> None:
    response = client.post(LOGIN, {"username": role, "password": PASSWORD}, follow=True)

    assert response.status_code == 200
