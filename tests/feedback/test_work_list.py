"""The work list: what waits for whom, by when, over its pages and filters."""

from datetime import date
from typing import Any

import pytest

from feedback.choices import OPEN_STATUSES, Status
from feedback.models import Case
from feedback.worklist import PAGE, Asked
from samokov_portal.staff.models import StaffUser
from services.models import Unit
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.feedback.desk_forms import DESK
from tests.feedback.life_stories import brought_to, filed, take, walk

pytestmark = pytest.mark.django_db
PRAISE = {"kind": "praise", "term_code": "", "term_version": "", "first_due_on": None}
# The session, the person and their permissions; what may be chosen as a filter; the working calendar; the cases, the
# applications, the counts beside the parts and of letters that wait at the desk; what this person saved; the units to
# which cases may go; the names of units. Nothing is remembered here; what it takes where it is, is in
# tests/staff/test_desk_queries.py.
WORK_LIST_QUERIES = 19


@pytest.fixture
def unit() -> Unit:
    """Where the expert works."""
    return Unit.objects.get(code="hdettos")


@pytest.fixture
def case(unit: Unit) -> Case:
    """A case of the expert's unit that came on Monday 28.09 and is due on Monday 30.11.2026, a week after `clock`."""
    return CaseFactory(unit=unit, status="assigned", received_at=at("2026-09-28"), first_due_on=date(2026, 11, 30))


def listed(response: Any) -> list[Case]:
    return [line.row for line in response.context["lines"]]


def test_the_work_list_shows_open_cases_by_their_last_day(as_role: Any, case: Case) -> None:
    soon = CaseFactory()
    CaseFactory(closed=True)
    CaseFactory(forwarded=True)
    praise = CaseFactory(**PRAISE)

    response = as_role("clerk").get(DESK)

    assert response.status_code == 200
    assert listed(response) == [soon, case, praise]
    assert response.context["more"] == ""
    assert "30.11.2026" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_an_expert_sees_the_cases_of_the_own_unit_only(as_role: Any, case: Case) -> None:
    CaseFactory()
    CaseFactory(unit=Unit.objects.get(code="mdt"))

    assert listed(as_role("expert").get(DESK)) == [case]


@pytest.mark.parametrize(
    ("facts", "last_day", "days_left", "is_late", "days_late"),
    [
        ({"first_due_on": date(2026, 11, 30)}, date(2026, 11, 30), 7, False, -7),
        ({"first_due_on": date(2026, 11, 23)}, date(2026, 11, 23), 0, False, 0),  # today
        ({"first_due_on": date(2026, 11, 20)}, date(2026, 11, 20), -3, True, 3),
        (PRAISE, None, None, False, 0),
        ({"decided": True, "notify_due_on": date(2026, 11, 24)}, date(2026, 11, 24), 1, False, -1),  # to be told
    ],
)
def test_a_line_says_by_when_and_how_many_days_are_left(
    as_role: Any,
    clock: Any,
    facts: dict[str, Any],
    last_day: date | None,
    days_left: int | None,
    is_late: bool,
    days_late: int,
) -> None:
    CaseFactory(**facts)

    line = as_role("clerk").get(DESK).context["lines"][0]

    assert (line.last_day, line.days_left, line.is_late, line.days_late) == (last_day, days_left, is_late, days_late)


def come(kind: str = "signal") -> Case:
    """A case that came on Friday 13.11.2026, ten days before `clock`."""
    return filed(kind, received_at=at("2026-11-13"))


AWAITED = [
    # the way there, of which kind, what the line says before the day, the day, the word beside it
    ((), "signal", "", "13.01.2027", "остават 51 дни"),
    (("assign",), "enquiry", "", "24.11.2026", "остава 1 ден"),
    (("assign", "ask"), "signal", "", "13.01.2027", "остават 51 дни"),  # the term runs on
    (("assign", "forward"), "signal", "препращане до", "20.11.2026", "просрочено с 3 дни"),
    (("assign", "answer"), "signal", "уведомяване до", "23.11.2026", "днес"),  # Sunday 22.11 -> Monday
    (("assign", "answer"), "enquiry", "", "", "без срок"),
    (("assign", "answer", "notified", "reopen"), "signal", "нов отговор до", "18.01.2027", "остават 56 дни"),
]


@pytest.mark.parametrize(("way", "kind", "awaited", "day", "word"), AWAITED)
def test_a_line_says_what_is_awaited(
    as_role: Any,
    staff: Any,
    clock: Any,
    way: tuple[str, ...],
    kind: str,
    awaited: str,
    day: str,
    word: str,
) -> None:
    walk(come(kind), way, staff)

    response = as_role("clerk").get(DESK)

    line, text = response.context["lines"][0], response.content.decode()
    assert line.words.awaited == awaited
    assert [said for said in (awaited, day, word) if said not in text] == []


def test_a_line_waits_for_the_sender_while_the_term_stands_still_and_is_not_late(
    as_role: Any, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take("ask", come("information"), now=at("2026-11-16"), by=staff["clerk"], ground="information-unclear")
    shown = []

    for day in ("2026-11-23", "2026-12-17"):  # the sender has until Wednesday 16.12
        monkeypatch.setattr("django.utils.timezone.now", lambda day=day: at(day))
        response = as_role("clerk").get(DESK)
        line, text = response.context["lines"][0], response.content.decode()
        shown.append((line.words.awaited, line.last_day, line.is_late, "времето за отговор изтече" in text))

    waits = ("отговор от подателя до", date(2026, 12, 16), False)
    assert shown == [(*waits, False), (*waits, True)]


def test_a_forwarding_that_has_not_left_shows_its_age(as_role: Any, staff: Any, clock: Any) -> None:
    walk(come(), ("assign", "forward"), staff)  # decided on Sunday 15.11
    today = take("forward", come(), now=clock, by=staff["clerk"])

    text = as_role("clerk").get(DESK).content.decode()

    assert "писмото не е тръгнало от 8 дни" in text
    assert "писмото още не е тръгнало" in text
    assert text.count("препраща се") == 2 + 1  # and among the states to choose from
    take("forwarded", today, now=clock)
    assert "писмото още не е тръгнало" not in as_role("clerk").get(DESK).content.decode()


def test_the_work_list_is_filtered_by_state(as_role: Any, staff: Any, clock: Any) -> None:
    cases = {status: brought_to(status, staff, come()) for status in Status}
    client = as_role("clerk")

    found = {status: listed(client.get(DESK, {"status": status})) for status in OPEN_STATUSES}

    assert found == {status: [cases[status]] for status in OPEN_STATUSES}
    # What has ended is found by its number only.
    assert len(listed(client.get(DESK, {"status": "closed"}))) == len(OPEN_STATUSES)


def test_the_person_complained_of_does_not_see_the_case_in_the_list(as_role: Any, staff: Any) -> None:
    row = CaseFactory(complained_of=staff["clerk"])

    lists = {role: listed(as_role(role).get(DESK)) for role in ("clerk", "secretary")}
    by_number = {role: listed(as_role(role).get(DESK, {"number": row.number})) for role in ("clerk", "secretary")}

    assert lists == by_number == {"clerk": [], "secretary": [row]}


def test_whatever_is_of_no_unit_yet_is_said_to_be(as_role: Any) -> None:
    CaseFactory()
    ApplicationFactory()

    page = as_role("clerk").get(DESK).content.decode()

    assert page.count("още без звено") == 2


def test_the_work_list_is_filtered_by_kind_and_unit(as_role: Any, case: Case, unit: Unit) -> None:
    proposal = CaseFactory(kind="proposal", unit=unit)
    other = CaseFactory(unit=Unit.objects.get(code="mdt"))
    client = as_role("clerk")

    found = [
        listed(client.get(DESK, query))
        for query in ({"kind": "proposal"}, {"unit": "mdt"}, {"kind": "signal", "unit": "hdettos"}, {"kind": "praise"})
    ]

    assert found == [[proposal], [other], [case], []]


@pytest.mark.parametrize("typed", ["С-2026-000777", "c 2026 777", " с/2026/777 "])
def test_a_case_is_found_by_its_number_even_when_closed(as_role: Any, typed: str) -> None:
    row = CaseFactory(number="С-2026-000777", closed=True)
    CaseFactory()

    assert listed(as_role("clerk").get(DESK, {"number": typed})) == [row]


def test_an_expert_does_not_find_the_number_of_another_unit(as_role: Any) -> None:
    row = CaseFactory()

    assert listed(as_role("expert").get(DESK, {"number": row.number})) == []


@pytest.mark.parametrize(
    "query",
    [
        "kind=x",
        "status=x",
        "status=%00",
        "kind=%00",
        "unit=%00",
        "unit=няма",
        "after=x",
        "after=2026-99-99~1",
        "after=~",
        "after=%00~1",
        "after=~" + "9" * 40,
        "after=2026-01-01~" + "9" * 5000,
        "page=2",
        "number=%00",
    ],
)
def test_nonsense_in_the_address_is_ignored(as_role: Any, case: Case, query: str) -> None:
    response = as_role("clerk").get(f"{DESK}?{query}")

    assert response.status_code == 200
    assert listed(response) in ([case], [])


@pytest.mark.parametrize("number", ["няма", "С-2026-999999", "%25"])
def test_nothing_is_found_by_what_is_no_number(as_role: Any, case: Case, number: str) -> None:
    response = as_role("clerk").get(f"{DESK}?number={number}")

    assert response.status_code == 200
    assert listed(response) == []


def test_nothing_is_taken_out_or_counted_by_what_is_no_number(staff: dict[str, StaffUser], case: Case) -> None:
    asked = Asked(staff["clerk"], case.received_at.date(), {"number": "няма"})

    assert list(asked.lines()) == []
    assert asked.count() == 0
    assert not asked.is_longer_than(0)


def test_no_case_is_lost_or_repeated_over_the_pages(as_role: Any) -> None:
    same_day = CaseFactory.create_batch(PAGE + 20)  # more than a page with one last day
    praise = CaseFactory.create_batch(PAGE + 5, **PRAISE)  # more than a page without one
    client, query, seen = as_role("clerk"), {}, []

    for _page in range(5):
        response = client.get(DESK, query)
        seen += listed(response)
        query = {"after": response.context["more"]}
        if not query["after"]:
            break

    assert seen == [*same_day, *praise]


def test_a_full_page_that_is_the_last_has_no_next(as_role: Any) -> None:
    rows = CaseFactory.create_batch(PAGE)

    response = as_role("clerk").get(DESK)

    assert (listed(response), response.context["more"]) == (rows, "")


def test_a_longer_work_list_makes_no_more_queries(as_role: Any, count_queries: Any, unit: Unit, staff: Any) -> None:
    client = as_role("clerk")
    CaseFactory.create_batch(5, unit=unit)
    take("forward", filed(), now=at("2026-03-05"), by=staff["clerk"])
    few = count_queries(client.get, DESK)
    CaseFactory.create_batch(44, unit=unit)  # with the page full there is one more link, and no more queries
    CaseFactory.create_batch(11, unit=unit)
    for _ in range(5):
        take("forward", filed(), now=at("2026-03-05"), by=staff["clerk"])

    assert count_queries(client.get, DESK) == few == WORK_LIST_QUERIES
