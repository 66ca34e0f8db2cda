"""The desk's page of letters: what waits, for whom, since when, and what is done with many at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from simple_history.utils import bulk_create_with_history

from feedback.models import Case, CaseEvent, Letter
from feedback.views.letters import COUNTED, PAGE, to_send
from samokov_portal.office.queue import counted_by
from tests.factories import CaseFactory
from tests.feedback.desk_letters import (
    BY_PHONE,
    FAILED,
    HOUR,
    LETTERS,
    MAY,
    QUEUED_MAIL,
    ROLES,
    letter_of,
    listed,
    to_body,
    words,
)
from tests.feedback.life_stories import filed, take

pytestmark = pytest.mark.django_db
PAGES = [("get", ""), ("get", "{pk}/"), ("post", "{pk}/handed/"), ("post", "{pk}/retry/"), ("post", "{pk}/confirm/")]


@pytest.mark.parametrize(("method", "path"), PAGES)
def test_who_is_not_logged_in_is_asked_to(client: Client, clock: datetime, method: str, path: str) -> None:
    letter = letter_of(clock)

    response = getattr(client, method)(LETTERS + path.format(pk=letter.pk))

    assert response.status_code == 302
    assert response.url.startswith("/desk/login/")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), PAGES)
def test_letters_are_for_those_who_send_them(as_role: Any, clock: datetime, role: str, method: str, path: str) -> None:
    letter = letter_of(clock, **FAILED)

    response = getattr(as_role(role), method)(LETTERS + path.format(pk=letter.pk))

    expected = {"": 200, "{pk}/": 200, "{pk}/handed/": 302, "{pk}/retry/": 422, "{pk}/confirm/": 422}[path]
    assert response.status_code == (expected if role in MAY else 403)


@pytest.mark.parametrize(("method", "path"), PAGES[2:])
def test_nothing_is_changed_by_opening_an_address(as_role: Any, clock: datetime, method: str, path: str) -> None:
    assert as_role("clerk").get(LETTERS + path.format(pk=letter_of(clock).pk)).status_code == 405


def test_the_list_has_what_waits_for_somebody_and_nothing_else(as_role: Any, clock: datetime) -> None:
    waits = [
        letter_of(clock),
        letter_of(clock, **BY_PHONE),
        letter_of(clock, **FAILED),
        letter_of(clock, **QUEUED_MAIL, ago=61 * HOUR / 60),
        to_body(clock),
        to_body(clock, email="road@example.bg", sent=True),
    ]
    letter_of(clock, **QUEUED_MAIL, ago=59 * HOUR / 60)
    letter_of(clock, state="sent", sent_at=clock)
    to_body(clock, sent=True, confirmed_at=clock, confirmation="вх. № 12")

    assert listed(as_role("clerk").get(LETTERS)) == [letter.pk for letter in waits]


@pytest.mark.parametrize(
    ("what", "place"), [("paper", 0), ("phone", 1), ("failed", 2), ("slow", 3), ("unconfirmed", 4)]
)
def test_the_list_is_narrowed_to_one_way_of_waiting(as_role: Any, clock: datetime, what: str, place: int) -> None:
    waits = [
        letter_of(clock),
        letter_of(clock, **BY_PHONE),
        letter_of(clock, **FAILED),
        letter_of(clock, **QUEUED_MAIL),
        to_body(clock, sent=True),
    ]

    assert listed(as_role("clerk").get(LETTERS, {"what": what})) == [waits[place].pk]


@pytest.mark.parametrize("query", [{"what": "нещо"}, {"after": "x"}, {"after": "9" * 30}, {"after": "-1"}])
def test_filters_that_make_no_sense_are_ignored(as_role: Any, clock: datetime, query: dict[str, str]) -> None:
    letter = letter_of(clock)

    assert listed(as_role("clerk").get(LETTERS, query)) == [letter.pk]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "чака отпечатване от 2 часа"),
        (BY_PHONE, "чака обаждане от 2 часа"),
        ({**FAILED, "ago": timedelta(days=3, hours=4)}, "недоставено от 3 дни, 4 часа: сървърът отказа (550)"),
        (QUEUED_MAIL, "чака изпращане от 2 часа"),
        ({**QUEUED_MAIL, "attempts": 3, "last_error": "няма връзка"}, "3 опита, последният: няма връзка"),
    ],
)
def test_each_letter_says_how_long_it_waits_and_why(
    as_role: Any, clock: datetime, facts: dict[str, Any], said: str
) -> None:
    letter_of(clock, **facts)

    response = words(as_role("clerk").get(LETTERS))

    assert said in response
    assert "изпратено на" not in response


def test_of_a_letter_written_just_now_no_age_is_said(as_role: Any, clock: datetime) -> None:
    letter_of(clock, ago=timedelta(seconds=20))

    page = words(as_role("clerk").get(LETTERS))

    assert "чака отпечатване" in page
    assert "от 0 минути" not in page


def test_a_body_that_said_nothing_is_shown_with_its_age(as_role: Any, clock: datetime) -> None:
    to_body(clock, email="road@example.bg", sent=True)

    page = words(as_role("clerk").get(LETTERS))

    assert "изпратено на 23.11.2026 г., 11:00 ч." in page
    assert "от 1 час органът не е потвърдил, че го е получил" in page


def test_a_body_without_an_address_says_so(as_role: Any, clock: datetime) -> None:
    to_body(clock)

    assert "няма известен имейл – писмото е на хартия; адресът не е известен" in words(as_role("clerk").get(LETTERS))


def test_the_list_goes_on_over_pages_without_losing_a_letter(as_role: Any, clock: datetime) -> None:
    case = CaseFactory()
    written = [letter_of(clock, case=case).pk for _ in range(PAGE + 3)]
    client = as_role("clerk")

    first = client.get(LETTERS)
    second = client.get(LETTERS, {"after": first.context["more"]})

    assert listed(first) + listed(second) == written
    assert (len(listed(first)), second.context["more"]) == (PAGE, "")
    assert "Към началото" in words(second)


def test_the_list_costs_the_same_for_one_letter_as_for_a_page(
    as_role: Any, clock: datetime, count_queries: Callable[..., int]
) -> None:
    client = as_role("clerk")
    letter_of(clock)
    one = count_queries(client.get, LETTERS)
    for _ in range(PAGE):
        to_body(clock)

    assert count_queries(client.get, LETTERS) == one <= 12


def against(person: Any) -> Case:
    return CaseFactory(complained_of=person)


@pytest.mark.parametrize(("method", "path"), PAGES[1:])
def test_who_is_complained_of_finds_no_letter_of_the_case(
    as_role: Any, staff: Any, clock: datetime, method: str, path: str
) -> None:
    letter = letter_of(clock, case=against(staff["secretary"]), **FAILED)

    response = getattr(as_role("secretary"), method)(LETTERS + path.format(pk=letter.pk))

    assert response.status_code == 404
    assert listed(as_role("secretary").get(LETTERS)) == []
    assert listed(as_role("clerk").get(LETTERS)) == [letter.pk]


def counted_to_send(user: Any, now: datetime) -> int:
    return counted_by({}, (), {"letters": to_send(user, now)})["letters"]


def test_the_number_beside_the_link_counts_what_is_to_be_sent(staff: Any, clock: datetime) -> None:
    letter_of(clock)
    letter_of(clock, **FAILED)
    letter_of(clock, **QUEUED_MAIL)
    letter_of(clock, **QUEUED_MAIL, ago=HOUR / 2)
    to_body(clock, sent=True)
    letter_of(clock, case=against(staff["secretary"]))

    counted = {role: counted_to_send(staff[role], clock) for role in ROLES}

    assert counted == {"clerk": 4, "secretary": 3, "expert": 0, "mayor": 0, "editor": 0, "auditor": 0}


def test_the_number_beside_the_link_is_one_query(staff: Any, clock: datetime, django_assert_num_queries: Any) -> None:
    letter_of(clock)
    staff["clerk"].has_perm("feedback.post_letter")

    with django_assert_num_queries(1):
        assert counted_to_send(staff["clerk"], clock) == 1 < COUNTED


def test_what_waits_is_counted_without_reading_the_young_mails_of_an_outage(staff: Any, clock: datetime) -> None:
    waits = letter_of(clock)
    events = CaseEvent.objects.bulk_create(CaseEvent(case=waits.case, kind="decided", at=clock) for _mail in range(300))
    mails = {**QUEUED_MAIL, "kind": "decided", "try_at": clock, "created_at": clock - HOUR / 2}
    bulk_create_with_history([Letter(case=waits.case, event=event, **mails) for event in events], Letter)

    with CaptureQueriesContext(connection) as captured:
        assert counted_to_send(staff["clerk"], clock) == 1
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feedback_letter")
        cursor.execute(f"EXPLAIN (ANALYZE) {captured[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Scan using feedback_letter_needs_hands" in plan
    assert "Rows Removed by Filter" not in plan


def test_a_line_asks_for_the_letters_of_its_case_and_for_no_others(clock: datetime) -> None:
    """Prepared before an outage of mail, a plan by the letters that are unsent would read all of them for each line."""
    to_body(clock, sent=True)
    waits = to_body(clock)
    case = waits.case
    [line] = Case.objects.with_line().filter(pk=case.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feedback_letter")
        # So few letters would be read as a whole.
        cursor.execute("SET LOCAL enable_seqscan = off")
        text, values = Case.objects.with_line().query.sql_with_params()
        cursor.execute(f"EXPLAIN {text}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert line.unsent_since == waits.created_at
    assert "feedback_letter_needs_hands" not in plan
    assert "feedback_letter_forwarding" in plan


def test_the_heap_of_the_secretary_says_which_letter_has_not_left(as_role: Any, staff: Any, clock: datetime) -> None:
    case = filed()
    take("forward", case, now=clock - 48 * HOUR, by=staff["clerk"])

    page = as_role("secretary").get("/desk/secretary/cases/unsent/")

    assert [line.row for line in page.context["lines"]] == [case]
    assert "писмото не е тръгнало от 2 дни" in words(page)


def test_the_ticked_letters_are_handed_over_together_and_what_cannot_be_is_named(
    as_role: Any, staff: Any, clock: datetime
) -> None:
    first, second, left_alone = (letter_of(clock) for _ in range(3))
    gone = letter_of(clock, state="sent", sent_at=clock - HOUR)
    client = as_role("clerk")

    said = client.post(f"{LETTERS}handed/", {"letter": [first.pk, second.pk, gone.pk, "x"]}, follow=True)

    states = dict(Letter.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (first, second, left_alone)] == ["sent", "sent", "queued"]
    assert Letter.objects.get(pk=first.pk).sent_by == staff["clerk"]
    assert "Предадени са 2 писма." in words(said)
    assert f"{gone.about.number}: Междувременно това вече е отбелязано." in words(said)


def test_without_a_tick_nothing_is_handed_over(as_role: Any, clock: datetime) -> None:
    letter = letter_of(clock)

    said = as_role("clerk").post(f"{LETTERS}handed/", {"letter": "x"}, follow=True)

    letter.refresh_from_db()
    assert (letter.state, "Изберете поне едно писмо." in words(said)) == ("queued", True)


TICKED, ALL_ON_PAPER = "Отпечатайте избраните", "Отпечатайте всички на хартия"


@pytest.mark.parametrize(
    ("means", "offered"), [("paper", [TICKED, ALL_ON_PAPER]), ("phone", []), ("email", [])], ids=str
)
def test_only_what_is_on_paper_is_ticked_and_printed(
    as_role: Any, clock: datetime, means: str, offered: list[str]
) -> None:
    letter = letter_of(clock, means=means, address="" if means == "paper" else "0888 123 456")

    response = as_role("clerk").get(LETTERS)

    assert listed(response) == [letter.pk]
    assert [button for button in (TICKED, ALL_ON_PAPER) if button in words(response)] == offered
    assert ('form="print"' in response.content.decode()) == bool(offered)


def test_all_on_paper_is_offered_where_there_is_some_on_this_page_or_another(as_role: Any, clock: datetime) -> None:
    case = CaseFactory()
    calls = [letter_of(clock, case=case, means="phone", address="0888 123 456") for _call in range(PAGE + 1)]
    client, offered = as_role("clerk"), []

    for query in ({}, {"after": calls[-2].pk}):
        offered.append(ALL_ON_PAPER in words(client.get(LETTERS, query)))
    letter_of(clock, case=case)
    for query in ({}, {"what": "phone"}):
        page = words(client.get(LETTERS, query))
        offered.append(ALL_ON_PAPER in page)
        assert TICKED not in page

    assert offered == [False, False, True, True]
