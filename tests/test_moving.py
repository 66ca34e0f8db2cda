"""The page of the decreed days, and the worker who moves by them what is open."""

from collections.abc import Iterator
from datetime import date, datetime
from threading import Thread
from time import sleep
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from feedback.choices import EventKind, LetterKind
from feedback.models import Case, Letter
from samokov_portal.history import save_with_history
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.tasks import apply_decrees
from services.models import Application
from tests.factories import ApplicationFactory, at
from tests.feedback.life_stories import filed
from tests.office.decreeing import REASON, decree, ordered

PAGE, APPLY = "/desk/calendar/", "/desk/calendar/apply/"
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)


def due_on_tuesday(**facts: Any) -> Case:
    """A signal received on Thursday 01.10.2026; two months later is Tuesday 01.12."""
    return filed(received_at=at("2026-10-01"), **facts)


@pytest.mark.django_db
def test_the_worker_moves_cases_and_applications_and_says_when_it_is_through(staff: Any, clock: datetime) -> None:
    due_on_tuesday()
    ApplicationFactory(received_at=at("2026-11-17"), due_on=TUESDAY)
    row = decree(TUESDAY)
    ordered(staff["secretary"], clock)

    apply_decrees(0)

    row.refresh_from_db()
    assert (Case.objects.get().due_on, Application.objects.get().due_on) == (WEDNESDAY, WEDNESDAY)
    assert row.applied_at == clock
    assert row.history.latest().history_change_reason == "приложен"


@pytest.mark.django_db
def test_the_worker_does_nothing_before_somebody_decided(clock: datetime) -> None:
    due_on_tuesday()
    decree(TUESDAY)

    apply_decrees(0)

    assert Case.objects.get().due_on == TUESDAY


@pytest.mark.django_db
def test_applied_twice_is_applied_once(staff: Any, clock: datetime) -> None:
    due_on_tuesday()
    decree(TUESDAY)
    ordered(staff["secretary"], clock)

    apply_decrees(0)
    apply_decrees(0)

    assert Letter.objects.filter(kind=LetterKind.MOVED).count() == 1


def wait_for_a_lock() -> int:
    """The database process that waits for a row that this connection holds."""
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            found = cursor.fetchone()
        if found:
            return int(found[0])
        sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.fixture
def no_jobs_stay(transactional_db: None) -> Iterator[None]:
    """Django empties its own tables after a test with transactions, and leaves those of the worker as they are."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.mark.django_db(transaction=True)
def test_what_was_stopped_half_way_is_finished_by_the_next_worker_and_nobody_is_told_twice(
    no_jobs_stay: None, staff: Any, clock: datetime
) -> None:
    first, second = due_on_tuesday(), due_on_tuesday(subject="Друга лампа")
    row = decree(TUESDAY)
    ordered(staff["secretary"], clock)
    failures = []

    def work() -> None:
        try:
            apply_decrees(0)
        except OperationalError as failure:
            failures.append(failure)
        finally:
            connection.close()

    worker = Thread(target=work)
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=second.pk)
        worker.start()
        victim = wait_for_a_lock()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [victim])
        worker.join()
    half = dict(Case.objects.values_list("pk", "due_on"))
    row.refresh_from_db()
    half_applied_at = row.applied_at

    apply_decrees(0)

    row.refresh_from_db()
    assert len(failures) == 1
    assert (half, half_applied_at) == ({first.pk: WEDNESDAY, second.pk: TUESDAY}, None)
    assert set(Case.objects.values_list("due_on", flat=True)) == {WEDNESDAY}
    assert row.applied_at == clock
    for case in (first, second):
        assert case.events.filter(kind=EventKind.MOVED).count() == 1
        assert case.letters.filter(kind=LetterKind.MOVED).count() == 1


@pytest.mark.django_db
def test_the_page_says_what_waits_and_what_would_move(as_role: Any, clock: datetime) -> None:
    case = due_on_tuesday()
    application = ApplicationFactory(received_at=at("2026-11-17"), due_on=TUESDAY)
    decree(TUESDAY)

    response = as_role("secretary").get(PAGE)

    page = response.content.decode()
    outlook = response.context["outlook"]
    assert (outlook["cases"].number, outlook["applications"].number) == (1, 1)
    assert case.number in page
    assert application.number in page
    assert "РМС № 1 от 2026 г., ДВ, бр. 1 от 2026 г." in page


@pytest.mark.django_db
def test_what_a_person_may_not_open_is_counted_and_not_named(as_role: Any, staff: Any, clock: datetime) -> None:
    against = due_on_tuesday()
    against.complained_of = staff["secretary"]
    save_with_history(against, by=None, why="срещу служител", fields=["complained_of"])
    decree(TUESDAY)

    pages = [as_role(role).get(PAGE) for role in ("secretary", "editor", "auditor")]

    assert [page.context["outlook"]["cases"].number for page in pages] == [1, 1, 1]
    assert [against.number in page.content.decode() for page in pages] == [False, False, False]


@pytest.mark.django_db
def test_the_secretary_decides_with_a_reason(as_role: Any, staff: Any, clock: datetime) -> None:
    row = decree(TUESDAY)

    response = as_role("secretary").post(APPLY, {"reason": REASON})

    row.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert (row.ordered_by, row.order_reason) == (staff["secretary"], REASON)


@pytest.mark.django_db
def test_without_a_reason_nothing_is_decided(as_role: Any, clock: datetime) -> None:
    decree(TUESDAY)

    response = as_role("secretary").post(APPLY, {"reason": ""})

    assert response.status_code == 422
    assert WorkingDayOverride.objects.waiting().exists()


@pytest.mark.django_db
def test_who_comes_second_is_told_that_it_is_done(as_role: Any, clock: datetime) -> None:
    decree(TUESDAY)
    client = as_role("secretary")
    client.post(APPLY, {"reason": REASON})

    page = client.post(APPLY, {"reason": REASON}, follow=True).content.decode()

    assert "друг служител вече го е направил" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sees", "applies"),
    [
        ("secretary", 200, 302),
        ("editor", 200, 403),
        ("auditor", 200, 403),
        ("clerk", 403, 403),
        ("expert", 403, 403),
        ("mayor", 403, 403),
    ],
)
def test_the_page_is_for_its_roles(as_role: Any, clock: datetime, role: str, sees: int, applies: int) -> None:
    decree(TUESDAY)
    client = as_role(role)

    assert client.get(PAGE).status_code == sees
    assert client.post(APPLY, {"reason": REASON}).status_code == applies


@pytest.mark.django_db
def test_who_is_not_logged_in_is_asked_to(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/desk/login/?next={PAGE}"


@pytest.mark.django_db
def test_the_page_costs_the_same_for_one_and_for_many(
    as_role: Any, clock: datetime, django_assert_num_queries: Any
) -> None:
    decree(TUESDAY)
    client = as_role("secretary")
    due_on_tuesday()
    client.get(PAGE)

    for extra in range(3):
        due_on_tuesday(subject=f"Лампа {extra}")
        with django_assert_num_queries(16):
            client.get(PAGE)
