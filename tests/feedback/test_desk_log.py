"""Logging what came in person, by phone or by post; what somebody sent who gives no name."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from feedback.models import Case
from tests.factories import at
from tests.feedback.desk_forms import LOG, logged

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["signal", "proposal", "complaint", "enquiry", "information", "praise"])
def test_each_kind_is_logged_and_the_receipt_is_given(as_role: Any, staff: Any, clock: Any, kind: str) -> None:
    client = as_role("clerk")

    response = client.post(f"{LOG}{kind}/", logged(kind))

    case = Case.objects.get()
    assert client.get(f"{LOG}{kind}/").status_code == 200
    assert response.status_code == 200
    assert (case.kind, case.channel, case.waited_minutes) == (kind, "counter", 7)
    assert (case.received_at, case.registered_at) == (at("2026-11-23", "09:55"), clock)
    assert case.history.get().history_user == staff["clerk"]
    assert [said for said in (case.number, response.context["code"]) if said not in response.content.decode()] == []
    assert "no-store" in response["Cache-Control"]


def test_what_came_earlier_is_due_from_the_day_it_came(as_role: Any, clock: Any) -> None:
    as_role("clerk").post(
        f"{LOG}enquiry/",
        logged("enquiry", channel="post", waited_minutes="", received_at="20.11.2026 10:00", late_reason="от пощата"),
    )

    case = Case.objects.get()
    assert (case.due_on, case.late_reason) == (date(2026, 12, 1), "от пощата")  # Friday + 7 working days = Tuesday


@pytest.mark.parametrize(
    ("role", "received_at", "reason", "errors"),
    [
        ("clerk", "20.11.2026 10:00", "", ["late_reason"]),
        ("clerk", "23.11.2026 10:59", "", ["late_reason"]),
        ("clerk", "19.11.2026 10:00", "нямаше ток", ["received_at"]),
        ("clerk", "20.11.2026 10:00", "я" * 201, ["late_reason"]),
        ("secretary", "19.11.2026 10:00", "", ["late_reason"]),
        ("secretary", "19.11.2026 10:00", "нямаше ток", []),
    ],
)
def test_what_is_entered_late_needs_a_reason_and_of_older_days_the_secretary(
    as_role: Any, clock: Any, role: str, received_at: str, reason: str, errors: list[str]
) -> None:
    client = as_role(role)

    response = client.post(f"{LOG}signal/", logged(received_at=received_at, late_reason=reason))

    assert response.status_code == (422 if errors else 200)
    assert list(response.context["form"].errors if errors else []) == errors
    assert Case.objects.exists() is not bool(errors)


def test_what_was_entered_late_is_marked_on_its_page(as_role: Any, clock: Any) -> None:
    client = as_role("clerk")
    client.post(f"{LOG}signal/", logged(received_at="20.11.2026 10:00", late_reason="нямаше ток"))

    text = client.get(Case.objects.get().get_absolute_url()).content.decode()

    assert "въведено със закъснение" in text
    assert "нямаше ток" in text


def test_the_form_offers_this_moment(as_role: Any, clock: Any) -> None:
    form = as_role("clerk").get(f"{LOG}signal/").context["form"]

    assert form["received_at"].value() == timezone.localtime(clock).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("received_at", {"received_at": "23.11.2026 12:01"}),  # in a minute
        ("received_at", {"received_at": "31.12.2024 12:00"}),
        ("waited_minutes", {"channel": "phone"}),
        ("waited_minutes", {"waited_minutes": "601"}),
        ("channel", {"channel": "web", "waited_minutes": ""}),
        ("email", {"email": ""}),
        ("name", {"name": ""}),
        ("text", {"text": ""}),
        ("token", {"token": "чужд"}),
    ],
)
def test_what_is_logged_with_an_error_comes_back_and_nothing_is_stored(
    as_role: Any, clock: Any, field: str, changes: dict[str, str]
) -> None:
    form = logged(**changes)

    response = as_role("clerk").post(f"{LOG}signal/", form)

    bound = response.context["form"]
    assert response.status_code == 422
    assert list(bound.errors) == [field]
    assert bound["subject"].value() == form["subject"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("kind", ["other", "signal%00", "Signal"])
def test_a_kind_that_is_not_there_is_not_found(as_role: Any, kind: str) -> None:
    assert as_role("clerk").get(f"{LOG}{kind}/").status_code == 404


def test_a_second_press_logs_one_case(as_role: Any, clock: Any) -> None:
    client, form = as_role("clerk"), logged()

    first, second = [client.post(f"{LOG}signal/", form) for _ in range(2)]

    assert first.context["case"] == second.context["case"] == Case.objects.get()
    assert first.context["code"] == second.context["code"]


@pytest.mark.parametrize("changes", [{"text": "Друго."}, {"received_at": "23.11.2026 11:50"}])
def test_a_changed_form_that_was_sent_already_is_a_conflict(as_role: Any, clock: Any, changes: dict[str, str]) -> None:
    client, form = as_role("clerk"), logged()
    client.post(f"{LOG}signal/", form)

    response = client.post(f"{LOG}signal/", {**form, **changes})

    assert response.status_code == 409
    assert response.context["used"] == Case.objects.get()


NAMELESS = {"nameless": "on", "name": "", "email": ""}


@pytest.mark.parametrize("kind", ["signal", "proposal"])
def test_what_is_anonymous_is_registered_and_what_follows_is_said_before_the_field(
    as_role: Any, clock: Any, kind: str
) -> None:
    client = as_role("clerk")

    text = client.get(f"{LOG}{kind}/").content.decode()
    response = client.post(f"{LOG}{kind}/", logged(kind, **NAMELESS))

    case = Case.objects.get()
    assert response.status_code == 200
    assert (case.is_anonymous, case.status, case.letters.count()) == (True, "registered", 0)
    assert text.index("АПК, чл. 111, ал. 4") < text.index('name="nameless"') < text.index('name="name"')


@pytest.mark.parametrize("kind", ["complaint", "enquiry", "information"])
def test_nothing_else_is_logged_without_a_name(as_role: Any, clock: Any, kind: str) -> None:
    response = as_role("clerk").post(f"{LOG}{kind}/", logged(kind, **NAMELESS))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["name", "email"]
    assert "nameless" not in response.context["form"].fields


@pytest.mark.parametrize("given", [{"name": "Мария"}, {"phone": "0888 123 456"}])
def test_a_sender_is_not_both_named_and_nameless(as_role: Any, clock: Any, given: dict[str, str]) -> None:
    response = as_role("clerk").post(f"{LOG}signal/", logged(**{**NAMELESS, **given}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["nameless"]
    assert not Case.objects.exists()
