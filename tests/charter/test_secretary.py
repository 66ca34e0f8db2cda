"""The Secretary's page: each number is that of the list behind it, and all of them together cost few queries."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from charter.choices import Verdict
from charter.measurement import MEASURES, Period
from charter.models import RunningFigures, Standard
from charter.report import live_lines
from charter.running import count_running, courses, kept_lines
from charter.tasks import count_each_hour
from feedback.actions.desk import forward_case, requalify_case
from feedback.actions.extensions import ask_extension
from feedback.actions.questions import ask_sender
from feedback.choices import Kind
from feedback.models import Case
from feedback.oversight import HEAPS
from samokov_portal.audit.models import Look
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.feedback.life_stories import REASON, body, filed
from tests.services.lives import logged, take

pytestmark = pytest.mark.django_db
PAGE = "/desk/secretary/"
# Session and person, permissions, the calendar, the figures, for their table the trend and which have numbers, one for
# all heaps together, and what every page of the desk asks. What is for the table is asked only after a new count.
QUERIES = 14


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


@pytest.fixture
def heaps(staff: Any, now: Any) -> dict[str, set[str]]:
    """Some records in every heap, and what their numbers are."""
    clerk = staff["clerk"]
    breaking = [CaseFactory(received_at=at("2026-10-01"), first_due_on=date(2026, 11, 25)) for _case in range(3)]
    overdue = CaseFactory(received_at=at("2026-09-01"), first_due_on=date(2026, 11, 2))
    ready = ApplicationFactory(received_at=at("2026-11-16"), due_on=date(2026, 11, 30))
    long_ago = ApplicationFactory(received_at=at("2026-09-01"), due_on=date(2026, 9, 15))
    term = {"received_at": at("2026-10-05"), "due_on": date(2026, 10, 19)}
    at_the_end = ApplicationFactory(**term, completed_at=at("2026-10-19"), outcome="ready")
    entered = ApplicationFactory(received_at=at("2026-11-12"), registered_at=at("2026-11-17"), due_on=date(2026, 12, 7))
    mending = logged(clerk, received_at=at("2026-11-10"))  # due on Tuesday 24.11.
    take("defects", mending, by=clerk, now=now)
    unsent = filed(received_at=at("2026-11-20"))
    forward_case(case_id=unsent.pk, bodies=[body()], reason=REASON, by=clerk, now=now)
    last = [
        CaseFactory(
            closed=True, received_at=at("2026-10-05"), first_due_on=date(2026, 11, 5), decided_at=at("2026-11-05")
        )
        for _case in range(2)
    ]
    longer = filed(Kind.ENQUIRY, received_at=at("2026-11-20"))
    requalify_case(case_id=longer.pk, kind=Kind.SIGNAL, reason=REASON, by=clerk, now=now)
    late = CaseFactory(received_at=at("2026-11-17"), registered_at=at("2026-11-19"), first_due_on=date(2027, 1, 18))
    asked = filed(received_at=at("2026-11-01"))
    ask_extension(case_id=asked.pk, due_on=date(2027, 1, 15), reason=REASON, by=clerk, now=now)
    stopped = filed(Kind.INFORMATION, received_at=at("2026-11-10"))
    ask_sender(case_id=stopped.pk, question="Кой?", ground="information-unclear", by=clerk, now=now)
    return {
        # A case that is being forwarded awaits the seventh day from its receipt, Friday 27.11.
        "breaking": {unsent.number, *(case.number for case in breaking)},
        "services-breaking": {ready.number},
        "services-overdue": {long_ago.number},
        "overdue": {overdue.number},
        "extensions": {asked.number},
        "unsent": {unsent.number},
        "last-tenth": {case.number for case in last},
        "reopened": set(),
        "requalified": {longer.number},
        "entered-later": {late.number},
        "suspended": {stopped.number},
        "services-last-tenth": {at_the_end.number},
        "services-entered-later": {entered.number},
        "services-suspended": {mending.number},
    }


def sizes(client: Client) -> dict[str, int]:
    """The numbers on the page, by heap."""
    context = client.get(PAGE).context
    return {size.code: size.count for size in [*context["promises"], *context["signs"]]}


def listed(client: Client, heap: str) -> list[str]:
    """The numbers of the register on all pages of the list."""
    found: list[str] = []
    address = f"{PAGE}cases/{heap}/"
    while True:
        response = client.get(address)
        rows = response.context.get("applications") or [line.row for line in response.context.get("lines", [])]
        found += [row.number for row in rows]
        if not response.context["more"]:
            return found
        address = f"{PAGE}cases/{heap}/?after={response.context['more']}"


def test_each_number_is_that_of_the_list_behind_it(as_role: Any, heaps: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("feedback.views.oversight.PAGE", 2)
    secretary = as_role("secretary")

    found = {code: listed(secretary, code) for code in HEAPS}

    assert {code: set(numbers) for code, numbers in found.items()} == heaps
    assert {code: len(numbers) for code, numbers in found.items()} == sizes(secretary)


def test_each_number_on_the_page_is_a_link_to_its_list(as_role: Any, heaps: Any) -> None:
    text = as_role("secretary").get(PAGE).content.decode()

    linked = set(re.findall(r'href="/desk/secretary/cases/([a-z-]+)/"', text))
    assert linked == {code for code, numbers in heaps.items() if numbers}


def test_each_number_says_of_what_it_is(as_role: Any, heaps: Any) -> None:
    text = " ".join(as_role("secretary").get(PAGE).content.decode().split())

    said = dict(re.findall(r'cases/([a-z-]+)/"> ?(.*?) ?</a>', text))
    assert said == {
        code: f"{len(numbers)} {word}"
        for code, numbers in heaps.items()
        if numbers
        for word in [WORDS[code.startswith("services-"), len(numbers) > 1]]
    }


# Of applications or of cases, one or more.
WORDS = {
    (True, False): "заявление",
    (True, True): "заявления",
    (False, False): "преписка",
    (False, True): "преписки",
}


def test_the_queries_do_not_grow_with_the_cases(as_role: Any, heaps: Any, now: Any) -> None:
    count_running(now)
    secretary = as_role("secretary")
    secretary.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        secretary.get(PAGE)
    for _case in range(20):
        CaseFactory(received_at=at("2026-10-01"), first_due_on=date(2026, 11, 25))
    with CaptureQueriesContext(connection) as many:
        secretary.get(PAGE)

    assert len(few) == len(many) == QUERIES


@pytest.mark.parametrize("role", ["clerk", "expert", "editor", "auditor"])
def test_others_see_neither_the_page_nor_a_list(as_role: Any, now: Any, role: str) -> None:
    count_running(now)
    client = as_role(role)

    addresses = [PAGE, f"{PAGE}cases/breaking/", f"{PAGE}standards/signal-decision/"]
    assert [client.get(address).status_code for address in addresses] == [403, 403, 403]
    assert client.post(f"{PAGE}count/").status_code == 403


def test_the_mayor_sees_it_and_a_visitor_is_sent_to_the_login(as_role: Any, client: Client) -> None:
    assert as_role("mayor").get(PAGE).status_code == 200
    assert client.get(PAGE).status_code == 302


def test_it_names_nobody(as_role: Any, staff: Any, heaps: Any, now: Any) -> None:
    count_running(now)
    text = as_role("secretary").get(PAGE).content.decode()
    page = text[text.index("<main") :]

    assert not [name for name in ("Мария Стоянова", "clerk", "expert", "mayor") if name in page]


def test_a_list_is_a_look_and_an_unknown_one_is_not_there(as_role: Any, heaps: Any) -> None:
    secretary = as_role("secretary")
    secretary.get(f"{PAGE}cases/breaking/")

    assert Look.objects.get().subject == "watched-breaking"
    assert secretary.get(f"{PAGE}cases/people/").status_code == 404


@pytest.mark.parametrize("after", ["x", "2026-13-01~1", "~", "2026-11-25~99999999999999999999"])
def test_a_place_that_makes_no_sense_begins_at_the_beginning(as_role: Any, heaps: Any, after: str) -> None:
    response = as_role("secretary").get(f"{PAGE}cases/breaking/", {"after": after})

    assert (response.status_code, len(response.context["lines"])) == (200, 4)


def test_without_a_case_it_says_so(as_role: Any) -> None:
    response = as_role("secretary").get(PAGE)

    assert response.status_code == 200
    assert response.content.decode().count("няма") >= len(HEAPS)
    assert "още не са преброени" in response.content.decode()


def test_the_kept_figures_are_those_that_are_counted_live(heaps: Any, now: Any) -> None:
    row = count_running(now)

    period = Period.parse("2026-Q4")
    assert kept_lines(row) == live_lines(Standard.objects.in_force(), period, now)
    assert kept_lines(RunningFigures.objects.get()) == kept_lines(row)


def test_counting_again_takes_the_place_of_the_count_before(heaps: Any, now: Any) -> None:
    count_running(at("2026-11-22"))
    count_each_hour(timestamp=0)

    assert RunningFigures.objects.get().as_of == now


def test_a_count_is_ordered_once(as_role: Any) -> None:
    secretary = as_role("secretary")

    answers = [secretary.post(f"{PAGE}count/").status_code for _press in range(2)]

    assert answers == [302, 302]
    assert ProcrastinateJob.objects.filter(task_name="charter.count_now").count() == 1


def test_the_page_says_while_it_is_being_counted(as_role: Any) -> None:
    secretary = as_role("secretary")
    assert "Числата се броят отново." not in secretary.get(PAGE).content.decode()

    secretary.post(f"{PAGE}count/")

    assert "Числата се броят отново." in secretary.get(PAGE).content.decode()


def test_the_figures_stand_by_their_verdict_with_what_was_before(as_role: Any, heaps: Any, now: Any) -> None:
    row = count_running(now)
    found = as_role("secretary").get(PAGE).context["courses"]

    verdicts = {part: {course.line.verdict for course in rows} for part, rows in found.items()}
    assert verdicts["broken"] == {Verdict.BROKEN}
    assert not verdicts["standing"] & {Verdict.BROKEN, Verdict.NO_DATA}
    assert sum(map(len, found.values())) == len(row.lines)
    assert {course.trend[-1]["period"] for course in courses(row)} == {"2026-Q4"}


@pytest.mark.parametrize("code", ["signal-decision", "registered-same-day", "service-term", "waiting-time", "notify"])
def test_the_records_behind_a_figure_are_as_many_as_it_says(as_role: Any, heaps: Any, now: Any, code: str) -> None:
    line = next(line for line in kept_lines(count_running(now)) if line.code == code)
    secretary = as_role("secretary")

    counts = {
        part: secretary.get(f"{PAGE}standards/{code}/", {"part": part}).context["page"].paginator.count
        for part in ("kept", "all", "broken")
    }

    assert counts == {"kept": line.part, "all": line.whole, "broken": line.whole - line.part}


def test_a_record_is_linked_to_its_case_unless_it_is_against_who_asks(as_role: Any, staff: Any, now: Any) -> None:
    term = {"received_at": at("2026-09-01"), "first_due_on": date(2026, 11, 2)}
    open_to_her = CaseFactory(**term)
    against_her = CaseFactory(**term, complained_of=staff["secretary"])
    count_running(now)

    records = as_role("secretary").get(f"{PAGE}standards/signal-decision/").context["records"]

    assert {record["register_number"]: record["url"] for record in records} == {
        open_to_her.number: open_to_her.get_absolute_url(),
        against_her.number: "",
    }


def test_the_records_are_numbered_where_the_register_has_numbers(now: Any) -> None:
    period = Period.parse("2026-Q4")
    has_number = {
        name
        for name, measure in MEASURES.items()
        if all(
            {"number", "case"} & {field.name for field in rows.model._meta.get_fields()}
            for rows in measure.facts(period, now)
        )
        and name not in ("satisfaction", "no-repeat-documents")
    }

    assert has_number == {name for name, measure in MEASURES.items() if measure.is_numbered}
    assert Case.objects.count() == 0
