"""What is remembered is read once, and read anew as soon as the database says that it changed."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils.translation import override

from samokov_portal.history import save_with_history
from samokov_portal.pagestore import nothing_watched_changes, remembered
from samokov_portal.pagestore.remembered import forget, one_reading, read_beside
from samokov_portal.pagestore.stamps import PAUSED
from samokov_portal.pagestore.views import public_page
from services.known import name_units, units_by_key
from services.models import Unit
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@remembered("services.Unit")
def units() -> list[str]:
    return list(Unit.objects.in_order().values_list("name", flat=True))


@pytest.fixture(autouse=True)
def kept(settings: Any) -> Iterator[None]:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 60
    forget()
    yield
    forget()


@pytest.fixture
def committed() -> Callable[[], None]:
    """Lets the database note what changed, as the end of a transaction does."""

    def note() -> None:
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pagestore.noted', '', true)")

    return note


def renamed(name: str) -> None:
    unit = Unit.objects.in_order()[0]
    unit.name = name
    save_with_history(unit, by=None, why="ново име")


def test_it_is_read_once(django_assert_num_queries: Any) -> None:
    with nothing_watched_changes():
        first = units()

        with django_assert_num_queries(0):
            second = units()

    assert second is first


def test_a_change_shows_at_once(committed: Callable[[], None]) -> None:
    with nothing_watched_changes():
        before = units()
    renamed("Нова община")
    committed()

    with nothing_watched_changes():
        assert units() == ["Нова община", *before[1:]]


def test_inside_a_transaction_that_may_change_something_it_is_made_each_time() -> None:
    with nothing_watched_changes():
        units()
    renamed("Още незаписана")

    assert units()[0] == "Още незаписана"


def test_while_a_page_is_made_the_stamps_are_read_once(committed: Callable[[], None]) -> None:
    with nothing_watched_changes():
        before = units()
        renamed("Променена по средата")
        committed()

        assert units() == before


def test_switched_off_nothing_is_remembered(settings: Any) -> None:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 0
    with nothing_watched_changes():
        before = units()
        renamed("Сменена")

        assert units() != before


def test_each_language_has_its_own() -> None:
    with nothing_watched_changes():
        first = units()

        with override("en"):
            assert units() is not first


def test_a_table_that_nobody_watches_is_refused() -> None:
    @remembered("feedback.Case")
    def cases() -> int:
        return 0

    with nothing_watched_changes(), pytest.raises(AssertionError, match="feedback_case"):
        cases()


def test_a_public_page_knows_that_it_was_made_from_what_was_remembered(rf: Any) -> None:
    @public_page
    def page(request: Any) -> HttpResponse:
        return HttpResponse(units()[0])

    with nothing_watched_changes():
        units()
        response: Any = page(rf.get("/"))

    assert "services_unit" in response.public_sources.tables


def stamps() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT numbers FROM pagestore_stamp")
        return cursor.fetchone()[0]


def test_stamps_that_came_with_something_else_are_the_first_reading(committed: Callable[[], None]) -> None:
    with nothing_watched_changes():
        before = units()
        old = stamps()
    renamed("След прочитането")
    committed()

    with one_reading(), nothing_watched_changes():
        read_beside(old)
        assert units() is before
        # A second one comes too late: the page is of one moment.
        read_beside(stamps())
        assert units() is before
    # Where nobody reads for a page, they are no one's.
    read_beside(old)
    with nothing_watched_changes():
        assert units()[0] == "След прочитането"


def test_stamps_that_came_while_changes_are_not_noted_let_nothing_be_remembered() -> None:
    with nothing_watched_changes():
        before = units()

    with one_reading(), nothing_watched_changes():
        read_beside({**json.loads(stamps()), PAUSED: 1})
        assert units() == before
        assert units() is not before


def test_one_reading_ends_with_the_page(committed: Callable[[], None]) -> None:
    with one_reading(), nothing_watched_changes():
        units()
    renamed("След страницата")
    committed()

    with one_reading(), nothing_watched_changes():
        assert units()[0] == "След страницата"


def test_a_unit_that_came_after_the_stamps_were_read_is_named_all_the_same() -> None:
    with nothing_watched_changes():
        units_by_key()
        root = Unit.objects.municipality()
        unit = Unit(code="new", name="Ново звено", short_name="Ново", kind="department", parent=root, confidence="V")
        save_with_history(unit, by=None, why="ново")
        row = CaseFactory(unit=unit)
        row = type(row).objects.get(pk=row.pk)

        name_units([row])

    assert row.unit.name == "Ново звено"
