"""Questions and problems on the spot or by phone: counted in one line, once, and never changed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.models import OralEnquiry
from samokov_portal.office.once import new_form_token
from services.models import Unit
from tests.factories import at

pytestmark = pytest.mark.django_db
PAGE = "/desk/enquiries/"
NOW = at("2026-11-23")
WRITTEN = "%d.%m.%Y %H:%M"


def line(**changes: Any) -> dict[str, Any]:
    """What the browser sends when a clerk types 3 and presses Enter."""
    usual = {"kind": "question", "channel": "counter", "result": "answered", "minutes": "3", "unit": "", "asked_at": ""}
    return {"token": new_form_token(), **usual, **changes}


def test_the_line_begins_with_what_is_usual(as_role: Any) -> None:
    form = as_role("clerk").get(PAGE).context["form"]

    begins = {name: form[name].value() for name in ("kind", "channel", "result", "minutes", "asked_at", "unit")}
    usual = {"kind": "question", "channel": "counter", "result": "answered"}
    assert begins == {**usual, "minutes": None, "asked_at": None, "unit": None}


def test_a_number_and_enter_log_a_question_of_now(as_role: Any, staff: Any, clock: datetime) -> None:
    response = as_role("clerk").post(PAGE, line())

    row = OralEnquiry.objects.get()
    assert (response.status_code, response.url) == (302, PAGE)
    assert (row.kind, row.channel, row.result, row.minutes) == ("question", "counter", "answered", 3)
    assert (row.asked_at, row.recorded_at, row.recorded_by, row.unit) == (clock, clock, staff["clerk"], None)


def test_everything_may_be_said(as_role: Any, clock: datetime) -> None:
    unit = Unit.objects.get(code="hdettos")
    asked_at = clock - timedelta(days=2)
    typed = timezone.localtime(asked_at).strftime(WRITTEN)
    told = {"kind": "problem", "channel": "phone", "result": "told_what_and_when", "minutes": ""}

    as_role("secretary").post(PAGE, line(**told, unit=unit.pk, asked_at=typed))

    row = OralEnquiry.objects.get()
    assert (row.kind, row.channel, row.result, row.minutes) == ("problem", "phone", "told_what_and_when", None)
    assert (row.unit, row.asked_at) == (unit, asked_at)


def test_two_presses_make_one_row(as_role: Any, clock: datetime) -> None:
    form = line()

    assert [as_role("clerk").post(PAGE, form).status_code for _ in range(2)] == [302, 302]
    assert OralEnquiry.objects.count() == 1


def test_a_form_that_was_used_does_not_store_something_else(as_role: Any, clock: datetime) -> None:
    form = line()
    as_role("clerk").post(PAGE, form)

    response = as_role("clerk").post(PAGE, {**form, "minutes": "9"}, follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert OralEnquiry.objects.get().minutes == 3


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("minutes", {"minutes": ""}),
        ("minutes", {"kind": "problem", "result": "solved", "minutes": ""}),
        ("minutes", {"minutes": "-1"}),
        ("minutes", {"minutes": "601"}),
        ("minutes", {"minutes": "три"}),
        ("minutes", {"result": "none"}),
        ("minutes", {"kind": "problem", "result": "told_what_and_when"}),
        ("result", {"result": "solved"}),
        ("result", {"kind": "problem", "result": "answered"}),
        ("result", {"result": ""}),
        ("kind", {"kind": "praise"}),
        ("channel", {"channel": "web"}),
        ("unit", {"unit": "0"}),
        ("asked_at", {"asked_at": (NOW + timedelta(days=1)).strftime(WRITTEN)}),
        ("asked_at", {"asked_at": (NOW - timedelta(days=8)).strftime(WRITTEN)}),
        ("asked_at", {"asked_at": "вчера"}),
        ("token", {"token": "чужд"}),
    ],
)
def test_what_makes_no_sense_comes_back_as_typed(
    as_role: Any, clock: datetime, field: str, changes: dict[str, str]
) -> None:
    response = as_role("clerk").post(PAGE, line(**changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not OralEnquiry.objects.exists()


def test_the_last_ten_of_today_are_below(as_role: Any, staff: Any, clock: datetime) -> None:
    rows = [logged(staff["clerk"], recorded_at=clock - timedelta(minutes=number)) for number in range(12)]
    logged(staff["clerk"], recorded_at=clock - timedelta(days=1))
    logged(staff["secretary"], recorded_at=clock)

    assert list(as_role("clerk").get(PAGE).context["rows"]) == rows[:10]


@pytest.mark.parametrize("role", ["expert", "mayor", "editor", "auditor"])
def test_others_log_nothing(as_role: Any, role: str) -> None:
    assert as_role(role).get(PAGE).status_code == 403
    assert as_role(role).post(PAGE, line()).status_code == 403
    assert not OralEnquiry.objects.exists()


def test_who_is_not_logged_in_is_asked_to(client: Any) -> None:
    assert client.post(PAGE, line()).url.startswith("/desk/login/?next=")


def test_the_desk_leads_to_the_page_whom_it_is_for(as_role: Any) -> None:
    assert PAGE in as_role("clerk").get("/desk/log/").content.decode()


def logged(by: Any, **facts: Any) -> OralEnquiry:
    recorded_at = facts.pop("recorded_at", NOW)
    usual = {"kind": "question", "channel": "counter", "result": "answered", "minutes": 3, "asked_at": recorded_at}
    return OralEnquiry.objects.create(**{**usual, **facts}, recorded_by=by, recorded_at=recorded_at)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("result_fits_kind", {"result": "solved"}),
        ("result_fits_kind", {"kind": "problem"}),
        ("result_fits_kind", {"kind": "praise"}),
        ("minutes_with_an_answer", {"minutes": None}),
        ("minutes_with_an_answer", {"minutes": 601}),
        ("minutes_with_an_answer", {"result": "asked_in_writing"}),
        ("minutes_with_an_answer", {"kind": "problem", "result": "solved", "minutes": None}),
        ("known_channel", {"channel": "web"}),
        ("asked_lately", {"asked_at": NOW + timedelta(seconds=1)}),
        ("asked_lately", {"asked_at": NOW - timedelta(days=7, seconds=1)}),
    ],
)
def test_the_database_refuses_nonsense(staff: Any, constraint: str, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=f"feedback_oralenquiry_{constraint}"), transaction.atomic():
        logged(staff["clerk"], **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"minutes": 0},
        {"result": "asked_in_writing", "minutes": None},
        {"result": "none", "minutes": None},
        {"kind": "problem", "result": "solved"},
        {"kind": "problem", "result": "told_what_and_when", "minutes": None},
        {"kind": "problem", "result": "none", "minutes": None},
        {"asked_at": NOW - timedelta(days=7)},
    ],
)
def test_what_makes_sense_is_stored(staff: Any, facts: dict[str, Any]) -> None:
    logged(staff["clerk"], **facts)

    assert OralEnquiry.objects.count() == 1


def test_what_was_counted_stays(staff: Any) -> None:
    logged(staff["clerk"])

    with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
        OralEnquiry.objects.update(minutes=1)
    with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
        OralEnquiry.objects.all().delete()


def test_nobody_changes_it_in_the_administration_pages(rf: Any) -> None:
    pages = site._registry[OralEnquiry]
    request = rf.get("/")

    assert [pages.has_add_permission(request), pages.has_change_permission(request)] == [False, False]
    assert not pages.has_delete_permission(request)
