"""Applications at the desk: who may see, log, complete and hand over, and what is stored."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from samokov_portal.signin.passing import BACKEND
from services.actions import check_application, tell_due_date
from services.models import Application, Unit
from tests.factories import ApplicationFactory, at
from tests.frontdesk.entering import LOG, entry

pytestmark = pytest.mark.django_db
LIST = "/desk/applications/"
ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
DESK = {"clerk", "expert", "secretary", "mayor"}
FINISH = {"finish-note": ""}
HAND_OVER = {"hand_over-how": "counter"}
REFUSE = {"refuse-reasons": "Няма право."}
NOT_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.fixture
def unit() -> Unit:
    """Where the expert works."""
    return Unit.objects.get(code="hdettos")


def page(row: Application, verb: str = "") -> str:
    return f"{LIST}{row.number}/{verb}"


@pytest.mark.parametrize("address", [LIST, f"{LIST}У-2026-000001/"])
def test_who_is_not_logged_in_is_asked_to(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response.url.startswith("/desk/login/?next=/desk/applications/")


@pytest.mark.parametrize("verb", ["finish/", "hand-over/"])
def test_who_is_not_logged_in_changes_nothing(client: Client, verb: str) -> None:
    row = ApplicationFactory()

    response = client.post(page(row, verb), FINISH)

    row.refresh_from_db()
    assert response.status_code == 302
    assert row.completed_at is None


@pytest.mark.parametrize(
    ("method", "address", "may"),
    [
        ("get", LIST, DESK),
        ("get", "page", DESK),
        ("post", "finish/", {"clerk", "expert", "secretary"}),
        ("post", "hand-over/", {"clerk", "expert", "secretary"}),
    ],
)
def test_a_page_is_for_its_roles_and_refused_to_the_others(
    as_role: Any, unit: Unit, method: str, address: str, may: set[str]
) -> None:
    row = ApplicationFactory(unit=unit)
    path = address if address.startswith("/") else page(row, "" if address == "page" else address)

    statuses = {role: getattr(as_role(role), method)(path).status_code for role in ROLES}

    assert {role for role, status in statuses.items() if status == 403} == set(ROLES) - may
    # An empty form comes back with 422; what is not possible any more, or not yet, with 409.
    permitted = {200} if method == "get" else {302, 409} if address == "finish/" else {422}
    assert {status for role, status in statuses.items() if role in may} == permitted


@pytest.mark.parametrize("owner", ["mdt", None])
@pytest.mark.parametrize(("method", "verb"), [("get", ""), ("post", "finish/"), ("post", "hand-over/")])
def test_an_expert_does_not_find_the_application_of_another_unit(
    as_role: Any, method: str, verb: str, owner: str | None
) -> None:
    facts = {"completed": True} if verb == "hand-over/" else {}
    row = ApplicationFactory(unit=Unit.objects.filter(code=owner).first(), **facts)
    lived = row.history.count()

    response = getattr(as_role("expert"), method)(page(row, verb), FINISH)

    assert response.status_code == 404
    assert row.history.count() == lived


@pytest.mark.parametrize("query", [{}, {"all": "1"}])
def test_the_list_of_an_expert_shows_the_own_unit_only(as_role: Any, unit: Unit, query: dict[str, str]) -> None:
    row = ApplicationFactory(unit=unit)
    ApplicationFactory(unit=Unit.objects.get(code="mdt"))
    ApplicationFactory()

    response = as_role("expert").get(LIST, query)

    assert list(response.context["page"]) == [row]


@pytest.mark.parametrize(("role", "found"), [("clerk", True), ("expert", False)])
def test_a_number_finds_only_what_the_person_may_see(as_role: Any, role: str, found: bool) -> None:
    row = ApplicationFactory(unit=Unit.objects.get(code="mdt"))

    response = as_role(role).get(LIST, {"number": row.number})

    assert list(response.context["page"]) == ([row] if found else [])


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", LIST), ("get", "page"), ("post", "finish/"), ("post", "hand-over/")],
)
def test_nothing_of_the_desk_is_kept_by_browsers(client: Client, as_role: Any, method: str, address: str) -> None:
    row = ApplicationFactory()
    path = address if address.startswith("/") else page(row, "" if address == "page" else address)

    responses = [getattr(somebody, method)(path) for somebody in (client, as_role("clerk"))]

    # On the way to the login, and on the page.
    assert {response["Cache-Control"] for response in responses} == {NOT_KEPT}


def test_a_public_page_may_be_kept(client: Client) -> None:
    assert "Cache-Control" not in client.get("/services/")


@pytest.mark.parametrize("verb", ["finish/", "hand-over/"])
def test_a_change_is_never_made_by_a_link(as_role: Any, verb: str) -> None:
    assert as_role("clerk").get(page(ApplicationFactory(), verb)).status_code == 405


def test_applications_are_entered_where_everything_is(as_role: Any) -> None:
    pages = {LIST, page(ApplicationFactory())}

    offered = {
        role: [f'href="{LOG}"' in as_role(role).get(address).content.decode() for address in pages]
        for role in ("clerk", "mayor")
    }

    assert offered == {"clerk": [True, True], "mayor": [False, False]}


def test_the_list_shows_open_applications_by_their_last_day(as_role: Any) -> None:
    late = ApplicationFactory(due_on="2026-12-20")
    soon = ApplicationFactory(due_on="2026-12-01")
    ApplicationFactory(completed=True)

    response = as_role("clerk").get(LIST)

    assert list(response.context["page"]) == [soon, late]
    assert soon.number in response.content.decode()


def test_the_list_of_all_shows_the_newest_first(as_role: Any) -> None:
    old = ApplicationFactory(completed=True)
    new = ApplicationFactory(received_at=at("2026-03-03"))

    response = as_role("clerk").get(LIST, {"all": "1"})

    assert list(response.context["page"]) == [new, old]


@pytest.mark.parametrize("typed_number", ["У-2026-000777", "u 2026 777", " у-2026-777 "])
def test_an_application_is_found_by_its_number_even_when_completed(as_role: Any, typed_number: str) -> None:
    row = ApplicationFactory(number="У-2026-000777", completed=True)
    ApplicationFactory()

    response = as_role("clerk").get(LIST, {"number": typed_number})

    assert list(response.context["page"]) == [row]


@pytest.mark.parametrize("typed_number", ["няма", "У-2026-999999", "%"])
def test_nothing_is_found_by_what_is_no_number(as_role: Any, typed_number: str) -> None:
    ApplicationFactory()

    response = as_role("clerk").get(LIST, {"number": typed_number})

    assert list(response.context["page"]) == []


@pytest.mark.parametrize("query", ["page=0", "page=99999999999999999999", "page=х", "number=%00", "all=2"])
def test_nonsense_in_the_address_is_no_error(as_role: Any, query: str) -> None:
    ApplicationFactory()

    assert as_role("clerk").get(f"{LIST}?{query}").status_code == 200


def test_a_long_list_has_pages(as_role: Any) -> None:
    rows = ApplicationFactory.create_batch(60)
    client = as_role("clerk")

    listed = [row for number in ("1", "2") for row in client.get(LIST, {"page": number}).context["page"]]

    assert listed == rows


def test_a_longer_list_makes_no_more_queries(as_role: Any, count_queries: Any) -> None:
    client = as_role("clerk")
    ApplicationFactory.create_batch(3)
    few = count_queries(client.get, LIST)
    ApplicationFactory.create_batch(30)

    assert count_queries(client.get, LIST) == few


@pytest.mark.parametrize("facts", [{}, {"completed": True}, {"completed": True, "handed_over_at": at("2026-03-10")}])
def test_the_page_of_an_application_shows_it(as_role: Any, facts: dict[str, Any]) -> None:
    row = ApplicationFactory(**facts)

    response = as_role("clerk").get(page(row))

    assert response.status_code == 200
    assert response.context["application"] == row
    assert "16.03.2026" in response.content.decode()


@pytest.mark.parametrize("number", ["У-2026-999999", "x", "У-2026-000001%00"])
@pytest.mark.parametrize(("method", "verb"), [("get", ""), ("post", "finish/"), ("post", "hand-over/")])
def test_an_application_that_is_not_there_is_not_found(as_role: Any, number: str, method: str, verb: str) -> None:
    assert getattr(as_role("clerk"), method)(f"{LIST}{number}/{verb}", FINISH).status_code == 404


def test_an_application_is_completed_at_the_desk(as_role: Any, staff: Any, clock: Any, unit: Unit) -> None:
    row = ApplicationFactory(unit=unit)

    response = as_role("expert").post(page(row, "finish/"), FINISH)

    row.refresh_from_db()
    assert (response.status_code, response.url) == (302, row.get_absolute_url())
    assert (row.outcome, row.completed_at, row.history.first().history_user) == ("ready", clock, staff["expert"])


FAULTS = [
    ("refuse", "reasons", {"refuse-reasons": ""}),
    ("refuse", "reasons", {"refuse-reasons": "   "}),
    ("refuse", "reasons", {"refuse-reasons": "я" * 4001}),
    ("finish", "note", {"finish-note": "я" * 4001}),
    ("defects", "defects", {"defects-defects": " "}),
    ("withdraw", "how", {}),
    ("set-fee", "fee", {"set_fee-fee": "-1", "set_fee-reason": "тарифа"}),
    ("set-fee", "fee", {"set_fee-fee": "3,075", "set_fee-reason": "тарифа"}),
    ("set-fee", "fee", {"set_fee-fee": "", "set_fee-reason": "тарифа"}),
    ("set-fee", "reason", {"set_fee-fee": "3", "set_fee-reason": ""}),
    ("pay", "paid", {"pay-paid": "0", "pay-paid_by": "cash"}),
    ("pay", "paid", {"pay-paid": "три", "pay-paid_by": "cash"}),
    ("pay", "paid_by", {"pay-paid": "3", "pay-paid_by": "barter"}),
]


@pytest.mark.parametrize(("verb", "field", "form"), FAULTS)
def test_a_move_with_an_error_comes_back_open_and_nothing_is_stored(
    as_role: Any, verb: str, field: str, form: dict[str, str]
) -> None:
    row = ApplicationFactory(due_on=date(2026, 12, 1))
    before = row.history.count()

    response = as_role("clerk").post(page(row, f"{verb}/"), form)

    row.refresh_from_db()
    move = verb.replace("-", "_")
    assert response.status_code == 422
    assert list(response.context["forms"][move].errors) == [field]
    assert response.context["opened"] == move
    assert (row.status, row.history.count()) == ("received", before)


def test_a_refusal_keeps_its_reasons(as_role: Any) -> None:
    row = ApplicationFactory()

    as_role("clerk").post(page(row, "refuse/"), REFUSE)

    row.refresh_from_db()
    assert (row.outcome, row.outcome_note) == ("refused", "Няма право.")


@pytest.mark.parametrize("typed_amount", ["3,07", "3.07"])
def test_an_amount_may_be_typed_with_a_comma_or_a_point(as_role: Any, typed_amount: str) -> None:
    row = ApplicationFactory()

    as_role("clerk").post(page(row, "pay/"), {"pay-paid": typed_amount, "pay-paid_by": "card", "pay-document": "№ 7"})

    row.refresh_from_db()
    assert (row.paid, row.paid_by) == (Decimal("3.07"), "card")
    assert row.events.get(kind="paid").note == "3,07\N{NO-BREAK SPACE}€ с карта, № 7"


def test_the_second_of_two_clerks_is_told_and_nothing_is_overwritten(as_role: Any) -> None:
    row = ApplicationFactory()
    as_role("clerk").post(page(row, "finish/"), FINISH)

    response = as_role("secretary").post(page(row, "refuse/"), REFUSE)

    row.refresh_from_db()
    assert response.status_code == 409
    assert "Няма право." in response.content.decode()  # what was typed is not lost
    assert (row.outcome, row.outcome_note) == ("ready", "")


def test_who_has_not_seen_the_last_change_is_shown_it_first(as_role: Any, staff: Any, clock: Any) -> None:
    row = ApplicationFactory(due_on=date(2026, 12, 1))
    check_application(application_id=row.pk, by=staff["expert"], now=clock)
    seen = row.last_event_id()
    tell_due_date(application_id=row.pk, by=staff["secretary"], now=clock)

    response = as_role("clerk").post(page(row, "finish/"), {**FINISH, "finish-seen": str(seen)})
    again = as_role("clerk").post(page(row, "finish/"), {**FINISH, "finish-seen": str(row.last_event_id())})

    row.refresh_from_db()
    assert (response.status_code, again.status_code, row.status) == (409, 302, "ready")
    assert "Крайният срок е съобщен" in response.content.decode()


def test_a_document_is_handed_over_once(as_role: Any, clock: Any, monkeypatch: Any) -> None:
    row = ApplicationFactory(completed=True)
    client = as_role("clerk")
    client.post(page(row, "hand-over/"), HAND_OVER)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(minutes=5))

    response = client.post(page(row, "hand-over/"), HAND_OVER)

    row.refresh_from_db()
    assert response.status_code == 409
    assert row.handed_over_at == clock


def test_an_expert_hands_over_what_the_own_unit_made(as_role: Any, staff: Any, clock: Any, unit: Unit) -> None:
    row = ApplicationFactory(unit=unit, completed=True)

    response = as_role("expert").post(page(row, "hand-over/"), HAND_OVER)

    row.refresh_from_db()
    assert (response.status_code, response.url) == (302, row.get_absolute_url())
    assert (row.handed_over_at, row.history.first().history_user) == (clock, staff["expert"])


def test_ready_documents_wait_in_a_list_the_longest_first(as_role: Any, count_queries: Any, unit: Unit) -> None:
    late = ApplicationFactory(completed=True, unit=unit, fee=Decimal("3.00"))
    early = ApplicationFactory(completed=True, completed_at=at("2026-03-03"), applicant_contact="0888 123 456")
    ApplicationFactory(completed=True, handed_over_at=at("2026-03-09"))
    ApplicationFactory(completed=True, outcome="refused")
    ApplicationFactory()

    answer = as_role("clerk").get(f"{LIST}ready/")
    of_the_unit = as_role("expert").get(f"{LIST}ready/")

    text = answer.content.decode()
    assert list(answer.context["page"].object_list) == [early, late]
    assert list(of_the_unit.context["page"].object_list) == [late]
    assert "0888 123 456" in text
    assert "не е платена" in text
    assert "Готови, чакат получаване: 2" in as_role("clerk").get(LIST).content.decode()
    few = count_queries(as_role("clerk").get, f"{LIST}ready/")
    ApplicationFactory.create_batch(5, completed=True)
    assert count_queries(as_role("clerk").get, f"{LIST}ready/") == few


def test_a_form_of_another_site_is_refused(staff: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff["clerk"], backend=BACKEND)

    response = client.post(LOG, entry("2052"))

    assert response.status_code == 403
    assert not Application.objects.exists()
