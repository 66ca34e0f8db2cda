"""Who needs no name and no contact is shown none, on any page of the desk; whoever answers people sees them."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client

from feedback.models import Case, InternalNote, Letter
from samokov_portal.history import save_with_history
from samokov_portal.staff.masking import initials, unnamed
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.roles import CLERK, ROLES, SECRETARY, permissions_of
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
    said = f"Казвам се {SENDER['name']}, живея на {SENDER['address']}"
    row = CaseFactory(
        status="assigned", subject=f"Дупка пред дома на Кукуренкова, {SENDER['email']}", text=said, **SENDER
    )
    letter = BUILD[Letter]()
    letter.case = row
    letter.event = row.events.create(kind="registered", at=row.registered_at, note=f"Уважаема {SENDER['name']}")
    letter.subject, letter.text = f"До {SENDER['name']}", f"Уважаема г-жо КУКУРЕНКОВА, {SENDER['email']}"
    note = InternalNote(case=row, text="Станислава се обади", by=staff["clerk"], at=row.registered_at)
    save_with_history(note, by=staff["clerk"], why="проба")
    letter.recipient, letter.address = SENDER["name"], SENDER["address"]
    save_with_history(letter, by=None, why="проба")
    row.name, row.phone = "Станислава Врабчова", "0888112233"
    save_with_history(row, by=None, why="поправка")
    return row


@pytest.fixture
def application(staff: Any) -> Application:
    words = {"text": "Удостоверение за Прокопий Чичибабин", "outcome_note": "Връчено на Чичибабин"}
    row = ApplicationFactory(unit=Unit.objects.get(code="hdettos"), completed=True, **words, **APPLICANT)
    told = row.events.create(kind="received", at=row.registered_at, note="Обадихме се на Прокопий, 0899445566")
    letter = Letter(
        application=row,
        application_event=told,
        kind="app_received",
        means="phone",
        recipient=APPLICANT["applicant_name"],
        address=APPLICANT["applicant_contact"],
        subject="Получихме",
        text="Уважаеми Прокопий Чичибабин, звъняхме на 0899445566.",
        created_at=row.registered_at,
    )
    save_with_history(letter, by=None, why="проба")
    return row


def body(answer: HttpResponse) -> str:
    """What an answer says, streamed or not, on a page, in a table or on paper."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return content.decode(errors="replace")


def told(answer: HttpResponse) -> set[str]:
    text = body(answer)
    return {word for word in SECRETS if word in text}


ALL_SENDER = {"Станислава", "Кукуренкова", "skukurenkova", "0888112233", "Врабчова"}
ALL_APPLICANT = {"Прокопий", "Чичибабин", "0899445566"}
BLIND = "blind"  # whoever may do all that a clerk and a secretary may, but see who people are


@pytest.fixture
def as_one(as_role: Any, staff: dict[str, StaffUser]) -> Any:
    """A client of a role, or of `BLIND`."""

    def login(role: str) -> Client:
        if role in staff:
            return as_role(role)
        staff[BLIND] = StaffUser.objects.create_user(BLIND)
        seeing = ["view_sender", "view_applicant"]
        may = Permission.objects.filter(
            pk__in=[row.pk for name in (CLERK, SECRETARY) for row in permissions_of(name)]
        ).exclude(codename__in=seeing)
        staff[BLIND].user_permissions.set(may)
        return as_role(BLIND)

    return login


def pages_of(role: str) -> set[str]:
    """The addresses that a role may read and that need no other row than a case, an application or its letter."""
    roles = {CLERK, SECRETARY} if role == BLIND else {role}
    doors = [door for door in DOORS if roles & (door.get or frozenset())]
    routes = {
        re.sub("<[a-z]+:([a-z_]+)>", lambda name, has=dict(door.given): has.get(name[1], name[0]), door.route)
        for door in doors
    }
    return {route for route in routes if not re.search("<(?!number)", route) or route.startswith("desk/letters/<")}


def address_of(route: str, case: Case, application: Application) -> str:
    number = (application if "applications" in route else case).number
    return "/" + route.replace("<number:number>", number).replace("<int:pk>", str(case.letters.get().pk))


@pytest.mark.parametrize("role", ["mayor", BLIND])
def test_who_may_not_see_people_sees_nobody_on_any_page(
    as_one: Any, case: Case, application: Application, role: str
) -> None:
    client = as_one(role)
    routes = pages_of(role)

    answers = {route: client.get(address_of(route, case, application)) for route in routes}
    shown = {route: told(answer) for route, answer in answers.items()}

    assert {"desk/", "desk/export/csv/", "desk/export/xlsx/", "desk/cases/<number:number>/history/"} <= routes
    assert {"desk/cases/<number:number>/receipt/", "desk/applications/<number:number>/"} <= routes
    assert ("desk/letters/<int:pk>/paper/" in routes) is (role == BLIND)
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
    assert {route: words for route, words in shown.items() if words} == {}


# Where the words of a citizen stand, and for whom; to everybody else of the desk the page says none of them.
WHERE: dict[str, set[str]] = {
    "desk/": {"Кукуренкова", "skukurenkova"},
    "desk/export/csv/": {"Кукуренкова", "skukurenkova"},
    "desk/export/xlsx/": {"Кукуренкова", "skukurenkova"},
    "desk/cases/<number:number>/": ALL_SENDER,
    "desk/cases/<number:number>/history/": ALL_SENDER - {"skukurenkova"},
    "desk/cases/<number:number>/receipt/": ALL_SENDER - {"0888112233"},
    "desk/applications/": {"Прокопий", "Чичибабин"},
    "desk/applications/<number:number>/": ALL_APPLICANT,
    "desk/letters/<int:pk>/": {"Станислава", "Кукуренкова", "skukurenkova", "Врабчова"},
}


@pytest.mark.parametrize("role", [*ROLES, BLIND])
def test_each_page_names_people_to_whom_it_may_and_to_nobody_else(
    as_one: Any, case: Case, application: Application, role: str
) -> None:
    client, sees = as_one(role), role in ("clerk", "expert", "secretary")

    answers = {route: client.get(address_of(route, case, application), {"all": "1"}) for route in WHERE}
    shown = {route: told(answer) for route, answer in answers.items()}

    open_to = {route for route, answer in answers.items() if answer.status_code == 200}
    assert open_to == {route for route in WHERE if route in pages_of(role)}
    assert {route: shown[route] for route in open_to} == {route: WHERE[route] if sees else set() for route in open_to}
    assert {route: words for route, words in shown.items() if words and route not in open_to} == {}


@pytest.mark.parametrize(("role", "is_found"), [("clerk", True), ("secretary", True), (BLIND, False)])
def test_a_person_is_sought_only_by_who_may_see_people(as_one: Any, case: Case, role: str, is_found: bool) -> None:
    client = as_one(role)

    answer = client.post("/desk/log/people/", {"q": "Станислава"})

    assert answer.status_code == 200
    assert bool(answer.json()["results"]) is is_found
    assert told(answer) <= ({"Станислава"} if is_found else set())


def test_letters_to_applicants_are_masked_too(as_one: Any, application: Application) -> None:
    address = f"/desk/letters/{application.letters.get().pk}/"

    assert told(as_one("clerk").get(address)) == ALL_APPLICANT
    assert told(as_one(BLIND).get(address)) == set()
    assert "П. Ч." in body(as_one(BLIND).get(f"{address}paper/"))


def test_the_letter_of_somebody_masked_is_not_sent_to_the_mask(as_one: Any, case: Case) -> None:
    letter = case.letters.get()
    letter.state, letter.means = "failed", "email"
    save_with_history(letter, by=None, why="проба")

    form = as_one(BLIND).get(f"/desk/letters/{letter.pk}/").context["retry_form"]

    assert form.initial["address"] == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Пише Мария Стоянова от с. Бели Искър", "Пише М. С. от с. Бели Искър"),
        ("МАРИЯ, мария и Мариян", "М., М. и Мариян"),
        ("maria@example.bg и 0888 11 22 33", "скрито и скрито"),
        ("ул. „Мусала“ № 3, не 13", "скрито, не 13"),
        ("На Ив му е все едно", "На Ив му е все едно"),
        ("", ""),
    ],
)
def test_a_name_is_taken_out_of_what_anybody_wrote(text: str, shown: str) -> None:
    hide = unnamed(["Мария Ив Стоянова"], ["maria@example.bg", "0888 11 22 33", "ул. „Мусала“ № 3", ""])

    assert hide(text) == shown


def test_nobody_is_taken_out_of_anything() -> None:
    assert unnamed([""], ["", " "])("Няма никого") == "Няма никого"


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
    # E-mail, phone, address, that of the letter, the e-mail in the subject and the address in the text.
    assert (reachable.count("скрито"), other.count("скрито")) == (6, 1)
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
