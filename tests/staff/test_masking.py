"""Who needs no name and no contact is shown none, on any page of the desk; whoever answers people sees them."""

import re
from typing import Any

import pytest
from django.http import HttpResponse

from feedback.models import Case, Letter
from samokov_portal.history import save_with_history
from samokov_portal.staff.masking import initials
from services.models import Application, Unit
from tests.audit.rows import BUILD
from tests.factories import ApplicationFactory, CaseFactory
from tests.staff.doors import DOORS

pytestmark = pytest.mark.django_db
SECRETS = {"Станислава", "Кукуренкова", "skukurenkova", "0888112233", "Врабчова", "Прокопий", "Чичибабин", "0899445566"}
SENDER = {
    "name": "Станислава Кукуренкова",
    "email": "skukurenkova@example.bg",
    "phone": "",
    "address": "ул. „Врабчова“ № 3",
}
APPLICANT = {"applicant_name": "Прокопий Чичибабин", "applicant_contact": "0899445566"}


@pytest.fixture
def case(staff: Any) -> Case:
    row = CaseFactory(status="assigned", **SENDER)
    letter = BUILD[Letter]()
    letter.case = row
    letter.event = row.events.create(kind="registered", at=row.registered_at)
    letter.recipient, letter.address = SENDER["name"], SENDER["address"]
    save_with_history(letter, by=None, why="проба")
    row.name, row.phone = "Станислава Врабчова", "0888112233"
    save_with_history(row, by=None, why="поправка")
    return row


@pytest.fixture
def application(staff: Any) -> Application:
    row = ApplicationFactory(unit=Unit.objects.get(code="hdettos"), completed=True, **APPLICANT)
    told = row.events.create(kind="received", at=row.registered_at)
    letter = Letter(
        application=row,
        application_event=told,
        kind="app_received",
        means="phone",
        recipient=APPLICANT["applicant_name"],
        address=APPLICANT["applicant_contact"],
        subject="Получихме",
        text="…",
        created_at=row.registered_at,
    )
    save_with_history(letter, by=None, why="проба")
    return row


def body(answer: HttpResponse) -> str:
    """What an answer says, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def told(answer: HttpResponse) -> set[str]:
    text = body(answer)
    return {word for word in SECRETS if word in text}


def readable(role: str) -> set[str]:
    """The addresses that a role may read and that need no other row than a case, an application or its letter."""
    return {door.route for door in DOORS if role in (door.get or ()) and not re.search("<(?!number)", door.route)}


def address_of(route: str, case: Case, application: Application) -> str:
    return "/" + route.replace("<number:number>", (application if "applications" in route else case).number)


def test_no_page_of_the_desk_shows_a_mayor_who_somebody_is(as_role: Any, case: Case, application: Application) -> None:
    mayor = as_role("mayor")
    routes = readable("mayor")

    shown = {route: told(mayor.get(address_of(route, case, application))) for route in routes}

    assert {"desk/", "desk/cases/<number:number>/", "desk/applications/<number:number>/"} <= routes
    assert {route: words for route, words in shown.items() if words} == {}


@pytest.mark.parametrize("query", ["?all=1", "?number={number}"])
def test_neither_does_a_list_that_was_narrowed(as_role: Any, case: Case, application: Application, query: str) -> None:
    answer = as_role("mayor").get(f"/desk/applications/{query.format(number=application.number)}")

    assert "П. Ч." in body(answer)
    assert told(answer) == set()


@pytest.mark.parametrize("role", ["clerk", "expert", "secretary"])
def test_whoever_answers_people_sees_them(as_role: Any, case: Case, application: Application, role: str) -> None:
    client = as_role(role)

    on_case, on_application = (client.get(row.get_absolute_url()) for row in (case, application))

    assert told(on_case) >= {"Станислава", "skukurenkova", "0888112233", "Врабчова"}
    assert told(on_application) == {"Прокопий", "Чичибабин", "0899445566"}


def test_what_is_masked_is_told_apart_from_what_is_not_there(as_role: Any, case: Case) -> None:
    by_mail_only = CaseFactory(status="assigned")
    mayor = as_role("mayor")

    reachable, other = (body(mayor.get(row.get_absolute_url())) for row in (case, by_mail_only))

    assert "С. В." in reachable
    assert (reachable.count("скрито"), other.count("скрито")) == (
        4,
        1,
    )  # e-mail, phone, address, and that of the letter
    assert "mailto:скрито" not in reachable


def test_a_change_by_who_sees_initials_leaves_the_name(as_role: Any, case: Case) -> None:
    as_role("mayor").post(f"{case.get_absolute_url()}extend/", {"extend-ground": "signal", "extend-reason": "проверка"})

    assert Case.objects.get(pk=case.pk).name == "Станислава Врабчова"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Мария Стоянова", "М. С."), ("Елит ООД", "Е. О."), ("мария", "м."), ("“”", "скрито"), ("  ", "скрито")],
)
def test_initials(name: str, shown: str) -> None:
    assert initials(name) == shown
