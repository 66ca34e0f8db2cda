"""The desk: who may see and do what, and that nothing of it is kept by browsers or changed by a link."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from feedback.models import Case
from samokov_portal.signin.passing import BACKEND
from services.models import Unit
from tests.factories import CaseFactory, at
from tests.feedback.desk_forms import DESK, LOG, ROLES, VERBS, change, page

pytestmark = pytest.mark.django_db
NUMBER = "С-2026-000123"
NOT_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"
CASE = f"/desk/cases/{NUMBER}/"
PAGES = [
    ("get", DESK),
    ("get", LOG),
    ("get", f"{LOG}signal/"),
    ("post", f"{LOG}signal/"),
    ("get", CASE),
    *[("post", f"{CASE}{verb}/") for verb in VERBS],
]


@pytest.fixture
def case() -> Case:
    """A case of the expert's unit that came on Monday 28.09.2026."""
    return CaseFactory(number=NUMBER, status="assigned", received_at=at("2026-09-28"), first_due_on=date(2026, 11, 30))


@pytest.mark.parametrize(("method", "address"), PAGES)
def test_who_is_not_logged_in_is_asked_to(client: Client, case: Case, method: str, address: str) -> None:
    response = getattr(client, method)(address)

    assert response.status_code == 302
    assert response.url.startswith("/desk/login/?next=/desk/")
    assert Case.history.count() == 1


@pytest.mark.parametrize(("method", "address"), PAGES)
def test_nothing_of_the_desk_is_kept_by_browsers(
    client: Client, as_role: Any, case: Case, method: str, address: str
) -> None:
    responses = [getattr(somebody, method)(address) for somebody in (client, as_role("clerk"))]

    # On the way to the login, on the page, and on the page with an error or a refusal.
    assert responses[0].status_code == 302
    assert responses[1].status_code in ({200} if method == "get" else {409, 422})
    assert {response["Cache-Control"] for response in responses} == {NOT_KEPT}


def test_a_public_page_may_be_kept(client: Client) -> None:
    assert "Cache-Control" not in client.get("/feedback/")


PERMITTED = [
    ("get", DESK, {"clerk", "expert", "secretary", "mayor"}),
    ("get", LOG, {"clerk", "secretary"}),
    ("get", f"{LOG}signal/", {"clerk", "secretary"}),
    ("post", f"{LOG}signal/", {"clerk", "secretary"}),
    ("get", CASE, {"clerk", "expert", "secretary", "mayor"}),
    *[("post", f"{CASE}{verb}/", roles) for verb, roles in VERBS.items()],
]


@pytest.mark.parametrize(("method", "address", "may"), PERMITTED)
def test_a_page_is_for_its_roles_and_refused_to_the_others(
    as_role: Any, case: Case, method: str, address: str, may: set[str]
) -> None:
    statuses = {role: getattr(as_role(role), method)(address).status_code for role in ROLES}

    assert {role for role, status in statuses.items() if status == 403} == set(ROLES) - may
    assert {status for role, status in statuses.items() if role in may} <= ({200} if method == "get" else {409, 422})


@pytest.mark.parametrize("verb", VERBS)
def test_a_change_is_never_made_by_a_link(as_role: Any, case: Case, verb: str) -> None:
    assert as_role("clerk").get(page(case, verb)).status_code == 405


@pytest.mark.parametrize("verb", ["", *sorted(verb for verb, roles in VERBS.items() if "expert" in roles)])
@pytest.mark.parametrize("owner", ["mdt", None])
def test_an_expert_does_not_find_the_case_of_another_unit(as_role: Any, verb: str, owner: str | None) -> None:
    row = CaseFactory(unit=Unit.objects.filter(code=owner).first())
    client = as_role("expert")

    response = client.post(page(row, verb), change(verb)) if verb else client.get(page(row))

    assert response.status_code == 404
    assert row.history.count() == 1


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_the_person_complained_of_does_not_find_the_case(as_role: Any, staff: Any, verb: str) -> None:
    role = "clerk"
    row = CaseFactory(status="assigned", complained_of=staff[role])
    client = as_role(role)

    response = client.post(page(row, verb), change(verb)) if verb else client.get(page(row))

    assert response.status_code == 404
    assert row.history.count() == 1
    assert as_role("secretary").get(page(row)).status_code == 200


@pytest.mark.parametrize("number", ["С-2026-999999", "x", "С-2026-000123%00"])
@pytest.mark.parametrize("verb", ["", *VERBS])
def test_a_case_that_is_not_there_is_not_found(as_role: Any, case: Case, number: str, verb: str) -> None:
    client = as_role("clerk")
    address = f"/desk/cases/{number}/"

    response = client.post(f"{address}{verb}/") if verb else client.get(address)

    assert response.status_code == 404


def test_a_form_of_another_site_is_refused(staff: Any, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff["clerk"], backend=BACKEND)

    statuses = [
        client.post(page(case, "assign"), change("assign")).status_code,
        client.post(f"{LOG}signal/").status_code,
    ]

    assert statuses == [403, 403]
    assert (Case.objects.count(), case.history.count()) == (1, 1)
