"""Who a session is of is not asked of the database on each page, and what changes of them is known on the next one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samokov_portal.pagestore.remembered import forget
from samokov_portal.pagestore.stamps import stop_watching, watch_after_migrating
from samokov_portal.signin.backends import StaffBackend
from samokov_portal.staff.models import StaffUser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def remembering(settings: Any) -> Iterator[None]:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 60
    forget()
    yield
    forget()


def test_a_second_page_does_not_ask_who_they_are(as_role: Any) -> None:
    client = as_role("clerk")
    client.get("/desk/letters/")

    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/desk/letters/")

    assert answer.status_code == 200
    assert not [one["sql"] for one in asked if "staff_staffuser" in one["sql"]]


def test_who_may_not_log_in_any_more_is_asked_to_on_the_next_page(as_role: Any, staff: dict[str, StaffUser]) -> None:
    client = as_role("clerk")
    before = client.get("/desk/letters/").status_code
    staff["clerk"].is_active = False
    staff["clerk"].save()

    assert (before, client.get("/desk/letters/").status_code) == (200, 302)


def test_another_password_ends_the_session_at_once(as_role: Any, staff: dict[str, StaffUser]) -> None:
    client = as_role("clerk")
    before = client.get("/desk/letters/").status_code
    staff["clerk"].set_password("друга дълга парола")
    staff["clerk"].save()

    assert (before, client.get("/desk/letters/").status_code) == (200, 302)


# Also while it runs, or where it fails and nothing is put back; and by who was away meanwhile.
@pytest.mark.parametrize("asks_meanwhile", [True, False])
def test_who_left_while_a_release_migrated_is_out_on_the_next_page(
    as_role: Any, staff: dict[str, StaffUser], asks_meanwhile: bool
) -> None:
    client, statuses = as_role("clerk"), []
    statuses.append(client.get("/desk/letters/").status_code)
    stop_watching(using="default")
    try:
        staff["clerk"].is_active = False
        staff["clerk"].save()
        if asks_meanwhile:
            statuses.append(client.get("/desk/letters/").status_code)
    finally:
        watch_after_migrating(using="default")
    statuses.append(client.get("/desk/letters/").status_code)

    assert statuses == ([200, 302, 302] if asks_meanwhile else [200, 302])


def test_nobody_changes_the_person_of_another_request(staff: dict[str, StaffUser]) -> None:
    backend = StaffBackend()
    first, second = (backend.get_user(staff["clerk"].pk) for _request in range(2))
    assert first is not None
    first.first_name = "Друга"

    third = backend.get_user(staff["clerk"].pk)
    assert second == third == staff["clerk"]
    assert {one.first_name for one in (second, third) if one} == {staff["clerk"].first_name}
    assert backend.get_user(10**9) is None
