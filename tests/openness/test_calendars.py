"""Last days as a calendar: opened by a secret address, and without anybody's data."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from icalendar import Calendar

from samokov_portal.openness.ical import Day, calendar, calendar_key, folded, user_of
from samokov_portal.staff.models import StaffUser
from services.models import Unit
from tests.factories import ApplicationFactory, CaseFactory, at

pytestmark = pytest.mark.django_db
NOW = at("2026-11-23")


def address(user: StaffUser) -> str:
    return f"/calendar/{calendar_key(user)}.ics"


def entries(client: Client, user: StaffUser) -> dict[str, Any]:
    """The entries of the calendar by their titles."""
    read = Calendar.from_ical(client.get(address(user)).content)
    return {str(event["SUMMARY"]): event for event in read.walk("VEVENT")}


def test_open_cases_and_applications_stand_on_their_last_days(client: Client, staff: Any) -> None:
    case = CaseFactory()
    application = ApplicationFactory()
    CaseFactory(closed=True)

    found = entries(client, staff["clerk"])

    assert set(found) >= {f"{case.number}: сигнал, регистрирана", f"{application.number}: заявление за услуга"}
    event = found[f"{case.number}: сигнал, регистрирана"]
    assert event["DTSTART"].dt == case.next_on
    assert str(event["URL"]) == f"http://testserver/desk/cases/{quote(case.number)}/"
    assert len([title for title in found if "сигнал" in title]) == 1


def test_a_calendar_holds_neither_names_nor_words(client: Client, staff: Any) -> None:
    case = CaseFactory(subject="Тайна тема", text="Таен текст", name="Тайно Име", email="secret@example.bg")

    body = client.get(address(staff["clerk"])).content.decode()

    assert case.number in body.replace("\r\n ", "")
    assert [word for word in ("Тайн", "secret@") if word in body] == []


def test_an_expert_sees_the_last_days_of_their_unit_only(client: Client, staff: Any) -> None:
    ours = CaseFactory(status="assigned", unit=Unit.objects.get(code="hdettos"))
    CaseFactory()

    assert list(entries(client, staff["expert"])) == [f"{ours.number}: сигнал, възложена"]


def test_a_key_that_is_none_opens_nothing(client: Client, staff: Any) -> None:
    right = calendar_key(staff["clerk"])
    wrong = [
        "x",
        "1-",
        "-",
        "9" * 30,
        right[:-1],
        right + "0",
        f"{staff['expert'].pk}-{right.partition('-')[2]}",
        "я-я",
    ]

    assert [key for key in wrong if client.get(f"/calendar/{key}.ics").status_code != 404] == []


def test_a_new_password_closes_the_old_address(client: Client, staff: Any) -> None:
    old = address(staff["clerk"])
    staff["clerk"].set_password("another, long enough")
    staff["clerk"].save()

    assert client.get(old).status_code == 404
    assert client.get(address(staff["clerk"])).status_code == 200


def test_who_left_sees_no_calendar(client: Client, staff: Any) -> None:
    staff["clerk"].is_active = False
    staff["clerk"].save()

    assert client.get(address(staff["clerk"])).status_code == 404
    assert user_of(calendar_key(staff["clerk"])) is None


def test_the_page_shows_the_address_to_who_may_see_cases(as_role: Any, staff: Any) -> None:
    page = as_role("clerk").get("/desk/deadlines/").content.decode()

    assert f"http://testserver{address(staff['clerk'])}" in page
    assert as_role("editor").get("/desk/deadlines/").status_code == 403


def test_a_calendar_is_only_read_and_not_kept(client: Client, staff: Any) -> None:
    response = client.get(address(staff["clerk"]))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert client.post(address(staff["clerk"])).status_code == 405


def test_more_cases_make_no_more_queries(client: Client, staff: Any, count_queries: Any) -> None:
    CaseFactory()
    ApplicationFactory()
    few = count_queries(client.get, address(staff["clerk"]))
    for _more in range(5):
        CaseFactory()
        ApplicationFactory()

    assert count_queries(client.get, address(staff["clerk"])) == few


def test_lines_are_folded_between_letters() -> None:
    line = "SUMMARY:" + "я" * 100

    sent = folded(line).encode()

    assert max(map(len, sent.split(b"\r\n"))) <= 75
    assert sent.decode().replace("\r\n ", "").rstrip("\r\n") == line


def test_odd_words_come_back_as_they_were() -> None:
    title = "а; б, в\\ г\nд" + "е" * 90
    text = calendar("к", [Day("x-1", date(2026, 12, 31), title, "https://a.bg/")], NOW)

    [event] = Calendar.from_ical(text).walk("VEVENT")

    assert (str(event["SUMMARY"]), event["DTEND"].dt) == (title, date(2027, 1, 1))
