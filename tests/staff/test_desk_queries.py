"""No list of the desk asks the database more often than is written here, once what it remembers is remembered.

How it is without, and that longer lists ask no more often, is in the tests of their own modules.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.models import SavedFilter
from samokov_portal import context_processors
from samokov_portal.pagestore import nothing_watched_changes
from samokov_portal.pagestore.remembered import forget
from tests.factories import CaseFactory
from tests.staff.doors import DOORS

pytestmark = pytest.mark.django_db
# The session and the record of the look are among them. By address: for whom, and how often at most.
PAGES: dict[str, tuple[str, int]] = {
    "desk/": ("clerk", 5),
    "desk/print/": ("clerk", 3),
    "desk/log/": ("clerk", 5),
    "desk/log/offers/": ("clerk", 1),
    "desk/secretary/": ("mayor", 6),
    "desk/enquiries/": ("clerk", 4),
    "desk/letters/": ("clerk", 3),
    "desk/applications/": ("clerk", 4),
    "desk/applications/ready/": ("clerk", 3),
    "desk/opinions/": ("editor", 3),
    "desk/catalogue/": ("editor", 4),
    "desk/catalogue/new/": ("editor", 4),
    "desk/catalogue/imports/": ("editor", 3),
    "desk/charter/": ("editor", 8),
    "desk/observations/": ("editor", 5),
    "desk/consultations/": ("editor", 3),
    "desk/reports/": ("editor", 5),
    "desk/kept/": ("auditor", 1),
    "desk/second-factor/": ("auditor", 4),
    "desk/second-factor/confirm/": ("auditor", 2),
    "desk/second-factor/app/": ("auditor", 5),
    "desk/second-factor/key/": ("auditor", 6),
    "desk/deadlines/": ("clerk", 3),
    "desk/staff/": ("auditor", 8),
    "desk/looks/": ("auditor", 3),
    "desk/calendar/": ("auditor", 3),
}
# The page of a case on which everything may be done.
A_CASE = 7


@pytest.fixture(autouse=True)
def remembering(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 60
    monkeypatch.setattr(context_processors, "known", context_processors.Known())
    forget()
    with nothing_watched_changes():
        yield
    forget()


def statements(get: Callable[[str], Any], path: str) -> int:
    get(path)
    with CaptureQueriesContext(connection) as made:
        get(path)
    return len(made)


def test_every_list_of_the_desk_is_counted() -> None:
    named = {door.route for door in DOORS if door.get and "<" not in door.route and not door.given}

    assert {route for route in named if route.startswith("desk/")} == PAGES.keys()


@pytest.mark.parametrize("route", PAGES)
def test_a_list_asks_the_database_no_more_often_than_is_written(as_role: Any, route: str) -> None:
    role, most = PAGES[route]

    assert statements(as_role(role).get, f"/{route}") <= most


def test_the_page_of_a_case_asks_no_more_often_than_is_written(as_role: Any) -> None:
    case = CaseFactory()

    assert statements(as_role("clerk").get, case.get_absolute_url()) <= A_CASE


def test_what_somebody_may_do_is_taken_from_them_at_once(as_role: Any, staff: Any) -> None:
    client = as_role("auditor")
    before = client.get("/desk/looks/").status_code
    staff["auditor"].groups.clear()
    connection.check_constraints()

    assert (before, client.get("/desk/looks/").status_code) == (200, 403)


def test_a_filter_that_was_just_saved_or_removed_is_told_of_at_once(as_role: Any) -> None:
    client = as_role("clerk")

    def listed() -> list[SavedFilter]:
        # The end of a transaction, at which the database notes what changed; the next one notes it anew.
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pagestore.noted', '', true)")
        return list(client.get("/desk/").context["saved"])

    before = listed()
    client.post("/desk/filters/save/", {"name": "Сутрин", "query": "tab=today"})
    [saved] = listed()
    client.post(f"/desk/filters/{saved.pk}/remove/")

    assert (before, saved.name, listed()) == ([], "Сутрин", [])


def test_a_session_brings_the_stamps_with_it(as_role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_role("clerk")
    asked: list[None] = []
    client.get("/desk/")
    monkeypatch.setattr(import_module("samokov_portal.pagestore.remembered"), "numbers_now", lambda: asked.append(None))

    assert client.get("/desk/").status_code == 200
    assert asked == []
