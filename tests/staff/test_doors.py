"""Each door of the staff against each role and each verb: permitted or refused, and no door that is in no line."""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver

from charter.models import CharterDraft, Figure, Observation, Report
from feedback.models import Attachment, Letter
from feedback.tasks import deliver_waiting_letters
from samokov_portal.files import shelf
from samokov_portal.history import save_with_history
from samokov_portal.signin.passing import BACKEND
from samokov_portal.staff.models import StaffUser
from services.models import CatalogueImport, ServiceDraft, Unit
from tests.audit.rows import BUILD
from tests.charter.consulting import opened, said
from tests.conftest import make_staff
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.sharing import check_now, shared_rows
from tests.staff import doors
from tests.staff.doors import ADMIN, DOORS, EVERY, FRAME, OPEN_DOORS, ROLES, Door, Table

pytestmark = pytest.mark.django_db
LOGIN, ADMIN_LOGIN = "/desk/login/", "/desk/admin/login/"
NUMBER, FOREIGN = "С-2026-000123", "С-2026-000124"
REFUSED, NOT_A_VERB, ASKED_TO_LOG_IN = "refused", "not a verb", "asked to log in"


def all_routes(resolver: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the portal as the maps have it, with its view."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from all_routes(entry, route)
        else:
            yield route, entry.callback


ROUTES = dict(all_routes(get_resolver()))
DESK_ROUTES = {route for route in ROUTES if route.startswith("desk/")}
ADMIN_ROUTES = {route for route in DESK_ROUTES if route.startswith("desk/admin/")} - OPEN_DOORS.keys()


def test_every_door_of_the_desk_has_a_line() -> None:
    assert {door.route for door in DOORS} | OPEN_DOORS.keys() == DESK_ROUTES - ADMIN_ROUTES


def test_every_page_of_the_administration_has_a_line() -> None:
    app_labels = "|".join(dict.fromkeys(name.split("/")[0] for name in ADMIN))
    frame = {f"desk/admin/{page.format(apps=app_labels)}" for page in FRAME}
    tables = {f"desk/admin/{name}/{page}" for name in ADMIN for page in (*doors.PAGES_OF_A_TABLE, doors.LEADS_ON)} | {
        f"desk/admin/{page}" for page in doors.MORE_OF_A_TABLE
    }
    versions = {route for route in ADMIN_ROUTES if route.endswith(doors.VERSION)}

    assert ADMIN_ROUTES - versions == frame | tables
    assert {route.removesuffix(f"/{doors.VERSION}").removeprefix("desk/admin/") for route in versions} <= ADMIN.keys()


def test_only_the_desk_has_doors_for_staff() -> None:
    """What `at_desk` guards lies under /desk/, so nothing for staff hides among the pages for all."""
    guarded = {route for route, view in ROUTES.items() if hasattr(view, "staff_permission")}

    assert guarded == {door.route for door in DOORS}


def outcome(answer: HttpResponse) -> str:
    """What became of a request: permitted, refused, not a verb, or asked to log in."""
    if answer.status_code == 302 and answer["Location"].startswith((LOGIN, ADMIN_LOGIN)):
        return ASKED_TO_LOG_IN
    return {403: REFUSED, 405: NOT_A_VERB}.get(answer.status_code, f"permitted ({answer.status_code})")


def ask(client: Client, verb: str, address: str) -> str:
    """The outcome of a request of which nothing stays."""
    with transaction.atomic():
        answer = getattr(client, verb)(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return outcome(answer)


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[dict[str, StaffUser], dict[str, Client]]]:
    """The staff, and each of them logged in: made once, since nothing stays of what a test does."""
    with shared_rows(django_db_blocker):
        staff = make_staff()
        clients = {role: logged_in(person) for role, person in staff.items()}
        check_now()
        yield staff, clients


def logged_in(person: StaffUser) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def staff(db: None, shared: Any) -> dict[str, StaffUser]:
    return shared[0]


@pytest.fixture
def people(db: None, shared: Any) -> dict[str, Client]:
    return shared[1]


@pytest.fixture
def place(staff: Any, now: Any, own_shelf: Any) -> Callable[[Door], str]:
    """An address of a door, with rows behind it: matters of the expert's unit."""
    return lambda door: f"/{address_of(door, staff, now)}"


def address_of(door: Door, staff: Any, now: Any) -> str:
    address = door.route
    for name, value in door.given:
        address = re.sub(rf"<slug:{name}>", value, address)
    first = address.split("/")[1]
    values = KEYS[first](staff, now) if "<" in address and first in KEYS else {}
    for name, value in values.items():
        address = re.sub(rf"<\w+:{name}>", str(value), address)
    assert "<" not in address
    return address


def case_keys(staff: Any, now: Any, unit: str = "hdettos", number: str = NUMBER) -> dict[str, Any]:
    oral = {"channel": "counter", "is_oral": True}
    case = CaseFactory(number=number, status="assigned", unit=Unit.objects.get(code=unit), **oral)
    attachment = Attachment.objects.create(
        case=case,
        name="доклад.pdf",
        content_type="application/pdf",
        size=4,
        received_sha256="a" * 64,
        sha256="b" * 64,
        stored=shelf.put(ContentFile(b"%PDF")),
        state="clean",
        added_at=at("2026-03-02"),
    )
    return {"number": number, "key": attachment.key}


def application_keys(staff: Any, now: Any, unit: str = "hdettos") -> dict[str, Any]:
    oral = {"channel": "counter", "is_oral": True}
    return {"number": ApplicationFactory(unit=Unit.objects.get(code=unit), **oral).number}


def letter_keys(staff: Any, now: Any) -> dict[str, Any]:
    letter = BUILD[Letter]()
    save_with_history(letter, by=None, why="проба")
    return {"pk": letter.pk}


def observation_keys(staff: Any, now: Any) -> dict[str, Any]:
    observation = BUILD[Observation]()
    save_with_history(observation, by=None, why="проба")
    return {"pk": observation.pk}


def consultation_keys(staff: Any, now: Any) -> dict[str, Any]:
    row = opened(staff, now)
    return {"pk": row.pk, "number": said(row, now).number}


def report_keys(staff: Any, now: Any) -> dict[str, Any]:
    report = BUILD[Report]()
    save_with_history(report, by=None, why="проба")
    facts = {"title": "Отговор на сигнал", "text": "…", "definition": "…", "kind": "legal", "verdict": "no_data"}
    figure = Figure.objects.create(
        report_id=report.pk, position=1, code="signal-decision", is_reconstructed=False, **facts
    )
    return {"pk": report.pk, "figure": figure.pk}


def person_keys(staff: Any, now: Any) -> dict[str, Any]:
    return {"pk": staff["clerk"].pk}


def nobodys_keys(staff: Any, now: Any) -> dict[str, Any]:
    """Of what belongs to one person and is not there for others, whatever their role."""
    return {"key": uuid.uuid4(), "pk": 1}


def draft_keys(staff: Any, now: Any) -> dict[str, Any]:
    """One key for both a draft and a file that was brought in."""
    draft, brought = BUILD[ServiceDraft](), BUILD[CatalogueImport]()
    save_with_history(draft, by=None, why="проба")
    brought.pk = draft.pk
    save_with_history(brought, by=None, why="проба")
    return {"pk": draft.pk}


def charter_draft_keys(staff: Any, now: Any) -> dict[str, Any]:
    draft = BUILD[CharterDraft]()
    save_with_history(draft, by=None, why="проба")
    return {"pk": draft.pk}


KEYS: dict[str, Callable[..., dict[str, Any]]] = {
    "exports": nobodys_keys,
    "prints": nobodys_keys,
    "filters": nobodys_keys,
    "second-factor": nobodys_keys,
    "cases": case_keys,
    "applications": application_keys,
    "letters": letter_keys,
    "observations": observation_keys,
    "consultations": consultation_keys,
    "reports": report_keys,
    "catalogue": draft_keys,
    "charter": charter_draft_keys,
    "staff": person_keys,
}


def expected(may: frozenset[str] | None, role: str) -> str:
    if may is None:
        return NOT_A_VERB
    return "permitted" if role in may else REFUSED


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_door_is_open_to_its_roles_and_closed_to_the_others(
    people: dict[str, Client], client: Client, place: Any, door: Door
) -> None:
    address = place(door)

    found = {(role, verb): ask(person, verb, address) for role, person in people.items() for verb in ("get", "post")}
    found |= {("", verb): ask(client, verb, address) for verb in ("get", "post")}

    table = {(role, verb): expected(getattr(door, verb), role) for role in ROLES for verb in ("get", "post")}
    table |= {("", verb): NOT_A_VERB if getattr(door, verb) is None else ASKED_TO_LOG_IN for verb in ("get", "post")}
    assert {key: value.split(" (")[0] for key, value in found.items()} == table
    assert not any("(5" in value for value in found.values())
    # A page is there for whoever may read it. What sends an empty form is told what is missing, or led on.
    read = {value for (role, verb), value in found.items() if verb == "get" and role in (door.get or ())}
    nothing_there = door.route.endswith("/pdf/") or door.route in doors.OF_ONE_PERSON
    assert read <= ({"permitted (404)"} if nothing_there else {"permitted (200)"})


OF_A_UNIT = [door for door in DOORS if "<number:number>" in door.route]


@pytest.mark.parametrize("door", OF_A_UNIT, ids=str)
def test_an_expert_finds_no_matter_of_another_unit(
    people: dict[str, Client], staff: Any, now: Any, own_shelf: Any, door: Door
) -> None:
    values = (case_keys if "cases" in door.route else application_keys)(staff, now, unit="mdt")
    address = "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(values[found[1]]), door.route)
    verb = "get" if door.get is not None else "post"

    by = getattr(door, verb)
    # Whoever sees every unit's; only the superior body refuses to extend.
    sees_all = "secretary" if "secretary" in by else "mayor"
    found = {role: ask(people[role], verb, address) for role in ("expert", sees_all)}

    assert found["expert"] == ("permitted (404)" if "expert" in by else REFUSED)
    assert found[sees_all] in {f"permitted ({status})" for status in (200, 302, 409, 422)}


def row_of(name: str) -> Any:
    """The key of a row of a table of the administration pages."""
    model = apps.get_model(name.replace("/", "."))
    row = model._default_manager.order_by("pk").first()
    if row is None and model in BUILD:
        row = BUILD[model]()
        save_with_history(row, by=None, why="проба")
    return row.pk if row is not None else MADE[name]()


def job() -> int:
    return int(deliver_waiting_letters.defer(timestamp=0))


def plain(label: str, **values: Any) -> Callable[[], int]:
    return lambda: apps.get_model(label).objects.create(**values).pk


MADE: dict[str, Callable[[], int]] = {
    "axes/accessattempt": plain("axes.AccessAttempt", username="clerk", failures_since_start=1),
    "axes/accesslog": plain("axes.AccessLog", username="clerk"),
    "axes/accessfailurelog": plain("axes.AccessFailureLog", username="clerk"),
    "procrastinate/procrastinatejob": job,
    "search/vainsearch": plain("search.VainSearch", text="лодка", times=1, last_on=at("2026-11-23").date()),
    "feedback/surveyresponse": plain(
        "feedback.SurveyResponse", at=at("2026-11-23"), source="kiosk", about="counter", overall=5
    ),
    "feedback/oralenquiry": plain(
        "feedback.OralEnquiry",
        kind="question",
        channel="counter",
        result="answered",
        minutes=5,
        is_sample=True,
        asked_at=at("2026-11-23"),
        recorded_at=at("2026-11-23"),
    ),
}


@pytest.mark.parametrize("name", ADMIN)
def test_a_table_of_the_administration_is_open_to_its_roles_only(
    people: dict[str, Client], client: Client, name: str
) -> None:
    key = row_of(name)
    pages = {f"{name}/{page}": needs for page, needs in doors.PAGES_OF_A_TABLE.items()}
    pages |= {page: needs for page, needs in doors.MORE_OF_A_TABLE.items() if page.startswith(f"{name}/")}

    wrong = []
    for page, needs in pages.items():
        address = "/desk/admin/" + re.sub("<[^>]+>", str(key), page)
        for verb, need in zip(("get", "post"), needs, strict=True):
            if need is None:
                continue
            for role, person in {**people, "": client}.items():
                found = ask(person, verb, address)
                if not fits(found, ADMIN[name], need, role):
                    wrong.append((page, verb, role, found))
    assert wrong == []


def fits(found: str, table: Table, need: str, role: str) -> bool:
    """Whether a page of a table answered as it should; who may not enter at all is shown the login of these pages."""
    if role not in doors.RECORDS:
        return found == ASKED_TO_LOG_IN
    may = role in getattr(table, need)
    return found.startswith("permitted") if may else found == REFUSED


def test_the_administration_pages_are_for_editor_and_auditor(people: dict[str, Client], client: Client) -> None:
    found = {role: ask(person, "get", "/desk/admin/") for role, person in {**people, "": client}.items()}

    assert {role for role, what in found.items() if what == "permitted (200)"} == doors.RECORDS
    assert {what for role, what in found.items() if role not in doors.RECORDS} == {ASKED_TO_LOG_IN}
    assert people.keys() == EVERY
