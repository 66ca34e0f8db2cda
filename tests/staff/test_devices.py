"""A login from a browser not seen before is told by letter to whose account it is."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from samokov_portal.staff.devices import COOKIE
from samokov_portal.staff.models import StaffDevice, StaffEvent, StaffUser
from samokov_portal.staff.tasks import forget_devices, tell_of_device
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def log_in(client: Client, username: str = "clerk", **headers: str) -> Client:
    client.post("/desk/login/", {"username": username, "password": PASSWORD}, **headers)
    return client


def letters_ordered() -> int:
    return ProcrastinateJob.objects.filter(task_name="staff.tell_of_device").count()


def test_a_new_browser_is_told_of_once(client: Client, staff: dict[str, StaffUser]) -> None:
    log_in(client)
    client.post("/desk/logout/")
    log_in(client)

    assert (StaffDevice.objects.count(), letters_ordered()) == (1, 1)
    assert StaffEvent.objects.filter(user=staff["clerk"], kind="device").count() == 1


def test_another_browser_and_another_person_are_told_of_too(client: Client, staff: dict[str, StaffUser]) -> None:
    log_in(client)
    log_in(Client())
    client.post("/desk/logout/")
    log_in(client, "secretary")

    assert letters_ordered() == 3
    assert StaffDevice.objects.filter(user=staff["clerk"]).count() == 2


@pytest.mark.parametrize("forged", ["x", "", "\x00", "a" * 5000])
def test_a_forged_cookie_is_a_new_browser(client: Client, staff: Any, forged: str) -> None:
    log_in(client)
    client.post("/desk/logout/")
    client.cookies[COOKIE] = forged

    log_in(client)

    assert letters_ordered() == 2


def test_a_wrong_password_tells_nobody(client: Client, staff: Any) -> None:
    client.post("/desk/login/", {"username": "clerk", "password": "грешна"})

    assert (letters_ordered(), StaffDevice.objects.count()) == (0, 0)


def test_the_cookie_is_for_the_server_only_and_the_store_has_its_digest(client: Client, staff: Any) -> None:
    log_in(client)

    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie.value not in StaffDevice.objects.get().digest


def test_the_letter_says_when_from_where_and_what_to_do(client: Client, staff: dict[str, StaffUser]) -> None:
    staff["clerk"].email = "clerk@samokov.example"
    staff["clerk"].save()
    log_in(client, HTTP_USER_AGENT="Firefox <140>")

    tell_of_device(device_id=StaffDevice.objects.get().pk)

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["clerk@samokov.example"], "Вход в портала от ново устройство")
    assert "127.0.0.1" in letter.body
    assert "Firefox <140>" in letter.body
    assert "сменете паролата си" in letter.body


def test_who_has_no_address_gets_no_letter(client: Client, staff: Any) -> None:
    log_in(client)

    tell_of_device(device_id=StaffDevice.objects.get().pk)

    assert mail.outbox == []


def test_a_browser_is_forgotten_with_its_cookie(client: Client, staff: Any) -> None:
    log_in(client)
    log_in(Client())
    old = StaffDevice.objects.earliest("pk")
    old.last_at = timezone.now() - timedelta(days=401)  # noqa: TID251
    old.save()

    forget_devices(timestamp=0)

    assert StaffDevice.objects.count() == 1
