"""How often a person came to a counter, and when they were told the last day: recorded once, and kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from samokov_portal.history import save_with_history
from samokov_portal.office.once import FormAlreadyUsed, new_form_token
from services.actions import Refused, log_application, record_visit, tell_due_date
from services.choices import Purpose
from services.models import Application, Service, Unit, Visit
from tests.factories import ApplicationFactory, at
from tests.frontdesk.entering import LOG, entry
from tests.services.test_applications import ROLES, page

pytestmark = pytest.mark.django_db
NONCE = "1" * 32
RECEIVED = at("2026-03-02")
LATER = RECEIVED + timedelta(hours=1)


def sent(**changes: Any) -> dict[str, Any]:
    """What a browser sends for a form of a visit filled in well."""
    return {"token": new_form_token(), "purpose": "documents", "counter": "Гише 2", "at": "", **changes}


def visit(**changes: Any) -> Visit:
    """A sample's visit, stored without a form."""
    facts = {"at": RECEIVED, "purpose": Purpose.DOCUMENTS, "recorded_at": LATER, **changes}
    row = Visit(**{"application": facts.pop("application", None) or ApplicationFactory(is_sample=True), **facts})
    save_with_history(row, by=None, why="пример")
    return row


def facts_of(row: Application) -> list[tuple[Any, ...]]:
    return [(seen.at, seen.counter, seen.purpose) for seen in row.visits.order_by("pk")]


# Who may


@pytest.mark.parametrize(
    ("verb", "may", "permitted"),
    [("visit/", {"clerk", "secretary"}, 422), ("tell/", {"clerk", "expert", "secretary"}, 302)],
)
def test_a_change_is_for_its_roles_and_refused_to_the_others(
    as_role: Any, verb: str, may: set[str], permitted: int
) -> None:
    unit = Unit.objects.get(code="hdettos")

    statuses = {role: as_role(role).post(page(ApplicationFactory(unit=unit), verb)).status_code for role in ROLES}

    assert statuses == {role: permitted if role in may else 403 for role in ROLES}


@pytest.mark.parametrize("verb", ["visit/", "tell/"])
def test_who_is_not_logged_in_changes_nothing(client: Client, verb: str) -> None:
    row = ApplicationFactory()

    response = client.post(page(row, verb), sent())

    row.refresh_from_db()
    assert (response.status_code, row.due_told_at, row.visits.count()) == (302, None, 0)


def test_an_expert_does_not_find_the_application_of_another_unit(as_role: Any) -> None:
    row = ApplicationFactory(unit=Unit.objects.get(code="mdt"))

    response = as_role("expert").post(page(row, "tell/"))

    row.refresh_from_db()
    assert (response.status_code, row.due_told_at) == (404, None)


@pytest.mark.parametrize("verb", ["visit/", "tell/"])
def test_a_change_is_never_made_by_a_link_and_needs_an_application(as_role: Any, verb: str) -> None:
    client = as_role("clerk")

    assert client.get(page(ApplicationFactory(), verb)).status_code == 405
    assert client.post(f"/desk/applications/У-2026-999999/{verb}", sent()).status_code == 404


@pytest.mark.parametrize(
    ("role", "offered"), [("clerk", (True, True)), ("expert", (False, True)), ("mayor", (False,) * 2)]
)
def test_the_page_offers_only_what_the_person_may_do(as_role: Any, role: str, offered: tuple[bool, bool]) -> None:
    row = ApplicationFactory(unit=Unit.objects.get(code="hdettos"))

    text = as_role(role).get(page(row)).content.decode()

    assert tuple(f'/{verb}/"' in text for verb in ("visit", "tell")) == offered


# The first visit and the told date, with the application


@pytest.mark.parametrize(
    ("counter", "channel", "expected"),
    [
        ("Гише 3", "counter", [(at("2026-11-23", "10:00"), "Гише 3", "apply")]),
        ("", "counter", [(at("2026-11-23", "10:00"), "", "apply")]),
        ("Гише 3", "post", []),  # offered from the application before, and not of this one
    ],
)
def test_what_came_at_the_counter_has_its_first_visit(
    as_role: Any, staff: Any, clock: datetime, counter: str, channel: str, expected: list[Any]
) -> None:
    response = as_role("clerk").post(LOG, entry("2052", counter=counter, channel=channel))

    assert response.status_code == 200
    assert facts_of(Application.objects.get()) == expected
    known = Visit.history.values_list("history_type", "history_user", "recorded_by", "recorded_at")
    assert list(known) == [("+", staff["clerk"].pk, staff["clerk"].pk, clock)] * len(expected)


@pytest.mark.parametrize(("counter", "offered"), [("Гише 3", "Гише 3"), ("", "Гише 1")])
def test_the_counter_is_offered_again(as_role: Any, clock: datetime, counter: str, offered: str) -> None:
    client = as_role("clerk")
    client.post(LOG, entry("2052", counter="Гише 1"))
    client.post(LOG, entry("2052", counter=counter))

    form = client.get(LOG).context["form"]
    visit_form = client.get(page(Application.objects.first())).context["visit_form"]

    assert (form["counter"].value(), visit_form["counter"].value()) == (offered, offered)


@pytest.mark.parametrize("counter", ["я" * 41, "Гише\x00"])
def test_a_counter_that_is_no_sign_comes_back(as_role: Any, clock: datetime, counter: str) -> None:
    response = as_role("clerk").post(LOG, entry("2052", counter=counter))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["counter"])
    assert not Application.objects.exists()


@pytest.mark.parametrize(("ticked", "told"), [({"due_told": "on"}, True), ({}, False)])
def test_the_told_date_is_known_from_the_registration(
    as_role: Any, clock: datetime, ticked: dict[str, str], told: bool
) -> None:
    form = as_role("clerk").get(LOG).context["form"]
    as_role("clerk").post(LOG, entry("2052", **ticked))

    assert not form["due_told"].value()
    assert Application.objects.get().due_told_at == (clock if told else None)


def test_an_application_and_its_first_visit_are_stored_together(staff: Any, monkeypatch: Any) -> None:
    def fail(*_args: Any, **_facts: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("services.actions.register._record", fail)
    values = {"service": Service.objects.first(), "applicant_name": "Иван Петров", "channel": "counter"}

    with pytest.raises(RuntimeError):
        log_application(nonce=NONCE, values=values, by=staff["clerk"], received_at=RECEIVED, registered_at=RECEIVED)

    assert not Application.objects.exists()


# A further visit


def test_a_further_visit_is_stored_and_listed(as_role: Any, staff: Any, clock: datetime) -> None:
    row = ApplicationFactory(unit=Unit.objects.get(code="hdettos"))

    response = as_role("clerk").post(page(row, "visit/"), sent(at="20.11.2026 10:30"), follow=True)

    assert facts_of(row) == [(at("2026-11-20", "08:30"), "Гише 2", "documents")]
    stored = row.visits.get()
    assert (stored.recorded_by, stored.recorded_at, stored.history.get().history_user) == (
        staff["clerk"],
        clock,
        staff["clerk"],
    )
    assert "Гише 2: да донесе документи" in " ".join(response.content.decode().split())


def test_visits_are_listed_in_the_order_in_which_the_person_came(as_role: Any) -> None:
    row = ApplicationFactory(is_sample=True)
    second, first = (visit(application=row, at=moment, recorded_at=LATER) for moment in (LATER, RECEIVED))

    assert list(as_role("mayor").get(page(row)).context["visits"]) == [first, second]


def test_a_visit_without_a_moment_is_of_now(as_role: Any, clock: datetime) -> None:
    row = ApplicationFactory()

    as_role("clerk").post(page(row, "visit/"), sent(counter=""))

    assert facts_of(row) == [(clock, "", "documents")]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("at", {"at": "23.11.2026 12:01"}),  # in a minute
        ("at", {"at": "02.03.2026 13:59"}),  # a minute before the receipt
        ("at", {"at": "вчера"}),
        ("purpose", {"purpose": ""}),
        ("purpose", {"purpose": "apply"}),  # recorded with the application
        ("purpose", {"purpose": "talk"}),
        ("counter", {"counter": "я" * 41}),
        ("counter", {"counter": "Гише\x00"}),
        ("token", {"token": "чужд"}),
    ],
)
def test_a_visit_with_an_error_comes_back_and_nothing_is_stored(
    as_role: Any, clock: datetime, field: str, changes: dict[str, str]
) -> None:
    row = ApplicationFactory()

    response = as_role("clerk").post(page(row, "visit/"), sent(**changes))

    assert (response.status_code, list(response.context["visit_form"].errors)) == (422, [field])
    assert not response.context["form"].is_bound
    assert not row.visits.exists()


@pytest.mark.parametrize("moment", ["02.03.2026 14:00", "23.11.2026 12:00"])
def test_a_visit_may_be_at_the_receipt_and_now(as_role: Any, clock: datetime, moment: str) -> None:
    row = ApplicationFactory()

    as_role("clerk").post(page(row, "visit/"), sent(at=moment))

    assert row.visits.count() == 1


def test_two_equal_presses_make_one_visit(as_role: Any, clock: datetime, monkeypatch: Any) -> None:
    row, client, form = ApplicationFactory(), as_role("clerk"), sent()
    client.post(page(row, "visit/"), form)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(seconds=2))

    response = client.post(page(row, "visit/"), form, follow=True)

    assert [message.level_tag for message in response.context["messages"]][-1] == "success"
    assert facts_of(row) == [(clock, "Гише 2", "documents")]


@pytest.mark.parametrize("changes", [{"purpose": "own_wish"}, {"counter": "Гише 4"}])
def test_a_changed_form_that_was_sent_already_is_not_taken_silently(
    as_role: Any, clock: datetime, changes: dict[str, str]
) -> None:
    row, client, form = ApplicationFactory(), as_role("clerk"), sent()
    client.post(page(row, "visit/"), form)

    response = client.post(page(row, "visit/"), {**form, **changes}, follow=True)

    assert [message.level_tag for message in response.context["messages"]][-1] == "error"
    assert facts_of(row) == [(clock, "Гише 2", "documents")]


def test_a_form_of_one_application_records_nothing_of_another(staff: Any) -> None:
    values = {"at": None, "counter": "", "purpose": "documents"}
    first, second = ApplicationFactory(), ApplicationFactory()
    record_visit(nonce=NONCE, values={**values, "application": first}, by=staff["clerk"], now=LATER)

    with pytest.raises(FormAlreadyUsed):
        record_visit(nonce=NONCE, values={**values, "application": second}, by=staff["clerk"], now=LATER)

    assert not second.visits.exists()


def test_visits_of_a_completed_application_may_be_recorded(as_role: Any, clock: datetime) -> None:
    row = ApplicationFactory(completed=True)

    as_role("clerk").post(page(row, "visit/"), sent(purpose="collect"))

    assert row.visits.get().purpose == "collect"


def test_more_visits_make_no_more_queries(as_role: Any, staff: Any, count_queries: Any) -> None:
    row, client = ApplicationFactory(is_sample=True), as_role("clerk")
    few = count_queries(client.get, page(row))
    for _time in range(5):
        visit(application=row, recorded_by=staff["clerk"])

    assert count_queries(client.get, page(row)) == few


# The told date, later


def test_the_told_date_is_marked_at_the_desk(as_role: Any, staff: Any, clock: datetime) -> None:
    row = ApplicationFactory(unit=Unit.objects.get(code="hdettos"))

    response = as_role("expert").post(page(row, "tell/"))

    row.refresh_from_db()
    newest = row.history.first()
    assert (response.status_code, response.url, row.due_told_at) == (302, row.get_absolute_url(), clock)
    assert (newest.history_user, newest.history_change_reason) == (staff["expert"], "срокът е съобщен")


@pytest.mark.parametrize("facts", [{"due_told_at": LATER}, {"completed": True}])
def test_a_date_that_was_told_or_is_past_telling_is_not_told(as_role: Any, staff: Any, facts: dict[str, Any]) -> None:
    row = ApplicationFactory(**facts)

    response = as_role("clerk").post(page(row, "tell/"))
    with pytest.raises(Refused):
        tell_due_date(application_id=row.pk, by=staff["clerk"], now=LATER + timedelta(days=1))

    row.refresh_from_db()
    assert response.status_code == 409
    assert row.due_told_at == facts.get("due_told_at")
    assert '/tell/"' not in response.content.decode()


def test_completing_with_an_error_keeps_the_visits_on_the_page(as_role: Any) -> None:
    row = ApplicationFactory(is_sample=True)
    visit(application=row, counter="Гише 4")

    response = as_role("clerk").post(page(row, "refuse/"), {"refuse-reasons": ""})

    assert response.status_code == 422
    assert "Гише 4" in response.content.decode()


# What the database refuses


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        ("services_visit_known_purpose", {"purpose": "talk"}),
        ("services_visit_recorded_afterwards", {"at": LATER + timedelta(seconds=1)}),
        ("not before the receipt", {"at": RECEIVED - timedelta(seconds=1)}),
    ],
)
def test_a_visit_with_nonsense_is_refused(refusal: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        visit(**changes)

    assert visit().pk


def test_a_visit_that_nobody_recorded_is_refused_unless_it_is_a_sample(staff: Any) -> None:
    with pytest.raises(IntegrityError, match="recorded by somebody"), transaction.atomic():
        visit(application=ApplicationFactory())

    assert visit(application=ApplicationFactory(), recorded_by=staff["clerk"]).pk


def test_a_person_applies_once_and_may_bring_documents_twice() -> None:
    row = ApplicationFactory(is_sample=True)
    visit(application=row, purpose=Purpose.APPLY)

    with pytest.raises(IntegrityError, match="services_visit_applied_once"), transaction.atomic():
        visit(application=row, purpose=Purpose.APPLY, at=LATER)

    assert [visit(application=row).purpose for _time in range(2)] == [Purpose.DOCUMENTS] * 2


def test_a_visit_is_neither_changed_nor_removed() -> None:
    row = visit(counter="Гише 1")

    with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
        Visit.objects.update(counter="Гише 2")
    with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
        row.delete()

    row.refresh_from_db()
    assert row.counter == "Гише 1"


@pytest.mark.parametrize(("told_at", "is_lawful"), [(RECEIVED, True), (RECEIVED - timedelta(seconds=1), False)])
def test_a_date_is_not_told_before_the_receipt(told_at: datetime, is_lawful: bool) -> None:
    if is_lawful:
        assert ApplicationFactory(received_at=RECEIVED, due_told_at=told_at).pk
        return
    with pytest.raises(IntegrityError, match="services_application_due_told_after_receipt"), transaction.atomic():
        ApplicationFactory(received_at=RECEIVED, due_told_at=told_at)
