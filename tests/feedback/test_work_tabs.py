"""The parts of the work list: cases and applications together, narrowed and counted."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from charter.models import Standard
from feedback.choices import Status
from feedback.models import Case
from feedback.views.rows import _kept_link
from feedback.worklist import MOST_COUNTED, PAGE, Asked
from samokov_portal.office.choices import Tab
from services.known import services_named
from services.models import Service, Settlement, Unit
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.feedback.desk_forms import DESK
from tests.feedback.life_stories import brought_to, filed, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]  # Monday 23.11.2026

# On this ground the term stands still until the sender answers.
STILL = "information-unclear"
TODAY = date(2026, 11, 23)


def due(day: str, **facts: Any) -> Case:
    return CaseFactory(first_due_on=date.fromisoformat(day), **facts)


def applied(day: str, **facts: Any) -> Any:
    return ApplicationFactory(due_on=date.fromisoformat(day), **facts)


@pytest.fixture
def rows() -> dict[str, Any]:
    """What the parts of the list are made of, by a name for each."""
    return {
        "late": due("2026-11-20"),
        "late application": applied("2026-11-18"),
        "today": due("2026-11-23"),
        "today application": applied("2026-11-23"),
        "thursday": due("2026-11-26"),  # the third working day
        "thursday application": applied("2026-11-26"),
        "friday": due("2026-11-27"),
        "ready application": applied("2026-11-10", completed=True),
        "taken application": applied("2026-11-09", completed=True, handed_over_at=at("2026-11-09")),
        "mended application": applied(
            "2026-11-13", status="defects", paused_at=at("2026-11-12"), mend_due_on=date(2026, 11, 24)
        ),
        "closed": CaseFactory(closed=True),
        "decided": CaseFactory(decided=True, notify_due_on=date(2026, 12, 4)),
    }


def shown(response: Any) -> list[Any]:
    return [line.row for line in response.context["lines"]]


TABS = {
    "open": [
        "late application", "late", "today", "today application", "mended application", "thursday",
        "thursday application", "friday", "decided",
    ],
    "overdue": ["late application", "late"],
    "today": ["today", "today application"],
    "soon": ["thursday", "thursday application"],
    "handover": ["ready application", "decided"],
    "waiting": ["mended application"],
    "undelivered": [],
}  # fmt: skip


def test_each_part_holds_cases_and_applications_by_the_awaited_day(as_role: Any, rows: dict[str, Any]) -> None:
    client = as_role("clerk")

    found = {tab: shown(client.get(DESK, {"tab": tab})) for tab in Tab}

    assert found == {tab: [rows[name] for name in names] for tab, names in TABS.items()}


def test_beside_each_part_stands_how_many_it_has(as_role: Any, rows: dict[str, Any]) -> None:
    response = as_role("clerk").get(DESK)

    counts = {tab.query: tab.amount for tab in response.context["tabs"]}
    assert counts == {f"tab={tab}": str(len(names)) for tab, names in TABS.items()}
    assert [tab.query for tab in response.context["tabs"] if tab.is_current] == ["tab=open"]


def test_what_waits_for_the_sender_is_not_overdue(as_role: Any, staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_on = at("2026-11-16")
    still = take(
        "ask", filed("information", received_at=at("2026-11-13")), now=asked_on, by=staff["clerk"], ground=STILL
    )
    running = take("ask", filed("signal", received_at=at("2026-11-13")), now=asked_on, by=staff["clerk"])
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("2027-02-01"))
    client = as_role("clerk")

    waiting, overdue = (shown(client.get(DESK, {"tab": tab})) for tab in ("waiting", "overdue"))

    assert (waiting, overdue) == ([still, running], [running])


def test_what_is_being_forwarded_has_a_part_of_its_own_until_it_has_left(as_role: Any, staff: Any) -> None:
    case = brought_to(Status.FORWARDING, staff, filed())
    brought_to(Status.FORWARDED, staff, filed())

    assert shown(as_role("clerk").get(DESK, {"tab": "undelivered"})) == [case]


def test_an_expert_sees_and_counts_the_own_unit_only(as_role: Any) -> None:
    own, other = Unit.objects.get(code="hdettos"), Unit.objects.get(code="mdt")
    case, application = due("2026-11-20", unit=own, status="assigned"), applied("2026-11-20", unit=own)
    due("2026-11-20", unit=other, status="assigned")
    due("2026-11-20")
    applied("2026-11-20", unit=other)
    applied("2026-11-20")

    response = as_role("expert").get(DESK, {"tab": "overdue"})

    assert shown(response) == [case, application]
    assert [tab.amount for tab in response.context["tabs"] if tab.is_current] == ["2"]


def test_whoever_may_see_no_applications_is_shown_cases_alone(as_role: Any, staff: Any, rows: dict[str, Any]) -> None:
    staff["clerk"].groups.clear()
    staff["clerk"].user_permissions.set(Permission.objects.filter(codename__in=["view_case", "view_all_cases"]))

    assert shown(as_role("clerk").get(DESK, {"tab": "today"})) == [rows["today"]]


def test_each_filter_narrows_both_registers(as_role: Any) -> None:
    service, other = Service.objects.get(number="2016"), Service.objects.exclude(number="2016").earliest("pk")
    place = Settlement.objects.get(name="Говедарци")
    promise = Standard.objects.in_force().first()
    village = due("2026-11-24", settlement=place, channel="phone")
    about_service = due("2026-11-25", service=service, standard=promise)
    application = applied("2026-11-26", service=service, channel="post")
    another = applied("2026-11-27", service=other)
    client = as_role("clerk")

    found = {
        query: shown(client.get(f"{DESK}?{query}"))
        for query in (
            f"settlement={place.ekatte}",
            "channel=phone",
            "channel=post",
            f"service={service.slug}",
            f"service={service.slug}&kind=application",
            f"standard={promise.code}",
            "kind=application",
            "kind=signal",
        )
    }

    assert list(found.values()) == [
        [village],
        [village],
        [application],
        [about_service, application],
        [application],
        [about_service],
        [application, another],
        [village, about_service],
    ]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("лампа", ["lamp"]),
        ("ЛАМПА улица", ["lamp"]),
        ("лампа дупка", []),
        ("дупка", ["hole"]),
        ("%", []),
        ("2016", ["application"]),
        ("дъщеря", ["application"]),
        ("2016 ДЪЩЕРЯ", ["application"]),
        ("2052 дъщеря", []),
        ("вуч ГРАВЮР", []),
    ],
)
def test_words_are_sought_in_what_is_asked_and_in_the_name_of_the_service(
    as_role: Any, typed: str, names: list[str]
) -> None:
    there = {
        "lamp": due("2026-11-24", subject="Не свети лампа", text="На нашата улица."),
        "hole": due("2026-11-24", subject="Пътят", text="Голяма дупка пред училището."),
        "application": applied("2026-11-24", text="За дъщеря ми."),
    }
    CaseFactory(closed=True, subject="Не свети лампа", text="На нашата улица.")

    response = as_role("clerk").get(DESK, {"text": typed})

    assert shown(response) == [there[name] for name in names]


def test_counts_follow_the_filters_and_the_filters_follow_the_parts(as_role: Any, rows: dict[str, Any]) -> None:
    response = as_role("clerk").get(DESK, {"kind": "application", "tab": "soon"})

    counts = {tab.query: tab.amount for tab in response.context["tabs"]}
    assert counts["tab=overdue&kind=application"] == "1"
    assert counts["tab=handover&kind=application"] == "1"
    assert shown(response) == [rows["thursday application"]]


def test_an_application_is_found_by_its_number_even_when_it_was_taken(as_role: Any, rows: dict[str, Any]) -> None:
    row = rows["taken application"]

    response = as_role("clerk").get(DESK, {"number": row.number, "tab": "today"})

    assert (shown(response), response.context["tabs"]) == ([row], [])


def test_a_count_stops_where_nobody_reads_it(as_role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.worklist.asking.MOST_COUNTED", 3)
    CaseFactory.create_batch(2)
    ApplicationFactory.create_batch(2)
    client = as_role("clerk")

    assert client.get(DESK).context["tabs"][0].amount == "3+"
    assert client.get(DESK, {"kind": "signal"}).context["tabs"][0].amount == "2"
    assert MOST_COUNTED == 500


@pytest.mark.parametrize("filters", [{}, {"text": "мост"}, {"text": "мост през"}, {"channel": "counter"}])
def test_no_row_of_either_register_is_lost_or_repeated_over_the_pages(as_role: Any, filters: dict[str, str]) -> None:
    days = [date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 25)]
    cases, applications = [], []
    for day in days:
        of_all = {"text": "Мост през реката.", "channel": "counter"}
        cases += CaseFactory.create_batch(15, first_due_on=day, **of_all)
        applications += ApplicationFactory.create_batch(15, due_on=day, **of_all)
    client, after, pages = as_role("clerk"), "", []

    while not pages or after:
        response = client.get(DESK, {**filters, "after": after} if after else filters)
        pages.append(shown(response))
        after = response.context["more"]

    expected = sorted([*cases, *applications], key=lambda row: row.queue_place)
    assert [len(page) for page in pages] == [PAGE, 2 * 45 - PAGE]
    assert [row for page in pages for row in page] == expected


@pytest.mark.parametrize(
    "query",
    ["tab=x", "tab=%00", "settlement=x", "service=%00", "standard=x", "channel=x", "text=%00", "after=2026-11-24~z9"],
)
def test_nonsense_in_a_filter_is_ignored(as_role: Any, query: str) -> None:
    case = due("2026-11-24")

    response = as_role("clerk").get(f"{DESK}?{query}")

    assert response.status_code == 200
    assert shown(response) in ([case], [])


def test_the_long_texts_are_not_read_for_a_list() -> None:
    CaseFactory()

    rows: QuerySet[Case] = Case.objects.with_line()

    assert '"feedback_case"."text"' not in str(rows.query)


def test_words_that_were_typed_do_not_stay_with_the_process(as_role: Any) -> None:
    client = as_role("clerk")
    client.get(DESK, {"kind": "signal"})
    before = _kept_link.cache_info().currsize

    page = client.get(DESK, {"kind": "signal", "text": "Мария Стоянова"})

    assert 'href="?tab=overdue&amp;text=' in page.content.decode()
    assert _kept_link.cache_info().currsize == before > 0


def test_the_same_question_is_asked_with_other_words(as_role: Any) -> None:
    cases = {word: CaseFactory(subject=f"Не свети {word}") for word in ("лампа", "фенер", "а%б", "реклама")}
    client = as_role("clerk")

    for word, case in cases.items():
        for typed in (word, f"{word} не свети", f"не свети {word} не свети не"):
            lines = client.get(DESK, {"text": typed}).context["lines"]
            assert [line.row for line in lines] == [case]
        tabs = client.get(DESK, {"text": word}).context["tabs"]
        assert tabs[0].amount == "1"


@pytest.mark.parametrize("words", ["лампа", "лампа свети", "а б в г д е лампа", "няма такава"])
@pytest.mark.parametrize("filters", [{}, {"kind": "signal"}, {"channel": "web"}, {"kind": "application"}])
def test_every_part_finds_by_words_what_is_taken_out_of_it(
    staff: Any, rows: dict[str, Any], words: str, filters: dict[str, str]
) -> None:
    said = CaseFactory(subject="Лампа: а б в г д е, не свети")
    brought_to(Status.CLARIFICATION, staff, said)
    due("2026-11-20", text="Не свети лампа, а б в г д е.")
    CaseFactory(closed=True, subject="Лампа")
    ApplicationFactory(text="Лампа, която свети: а б в г д е.")
    ApplicationFactory(completed=True, text="Лампа, която свети: а б в г д е.")
    counted = {}

    for tab in Tab:
        part = Asked(staff["clerk"], TODAY, {"tab": tab.value, "text": words, **filters})
        taken_out = [line.row for line in part.lines()]
        assert [line.row for line in part.page().lines] == taken_out
        assert part.counts()[tab] == len(taken_out)
        counted[tab] = len(taken_out)

    assert (counted[Tab.OPEN] > 0) == ("лампа" in words)


@pytest.mark.parametrize("capitals", [str.upper, str.lower])
def test_documents_to_hand_over_are_found_by_their_service_and_by_what_was_said(as_role: Any, capitals: Any) -> None:
    service = Service.objects.get(number="2016")
    word = max(service.name.split(), key=len)
    other = Service.objects.exclude(name__icontains=word).earliest("pk")
    of_service = ApplicationFactory(completed=True)
    said = ApplicationFactory(completed=True, service=other, text=f"За {capitals(word)} на дъщеря ми.")
    ApplicationFactory(completed=True, service=other, text="За дъщеря ми.")
    found = {}

    for typed in (capitals(word), service.number, f"{capitals(word)} дъщеря", "няма%"):
        response = as_role("clerk").get(DESK, {"tab": "handover", "text": typed})
        [found[typed]] = [tab.amount for tab in response.context["tabs"] if tab.is_current]
        assert found[typed] == str(len(shown(response)))

    assert list(found.values()) == ["2", "1", "1", "0"]
    assert shown(as_role("clerk").get(DESK, {"tab": "handover", "text": service.number})) == [of_service]
    assert shown(as_role("clerk").get(DESK, {"tab": "handover", "text": f"{word} дъщеря"})) == [said]


@pytest.mark.parametrize("word", ["УДОСТОВЕРЕНИЕ", "акт", "2016", "a_b", "%", "няма такава"])
def test_a_service_is_named_by_what_the_database_finds_in_its_name(word: str) -> None:
    found = Service.objects.filter(Q(name__icontains=word) | Q(number=word)).order_by("pk")

    [named, nobody] = services_named([word, "няма такава"])
    assert (sorted(named), nobody) == (list(found.values_list("pk", flat=True)), [])


def test_however_many_words_there_are_the_catalogue_is_read_once(as_role: Any, count_queries: Any) -> None:
    client = as_role("clerk")

    few, many = (count_queries(client.get, f"{DESK}?text={'+'.join(['мост'] * words)}") for words in (6, 20))

    assert few == many


def test_a_register_is_looked_through_for_words_once(as_role: Any, rows: dict[str, Any]) -> None:
    case = due("2026-11-24", subject="Изгасна един фенер")
    client = as_role("clerk")

    with CaptureQueriesContext(connection) as asked:
        response = client.get(DESK, {"text": "фенер"})

    looked = [one["sql"] for one in asked if 'UPPER("feedback_case"."text"::text) LIKE' in one["sql"]]
    assert shown(response) == [case]
    assert len(looked) == 1
    assert looked[0].count("LIKE") == 2


def test_beside_a_number_words_make_no_difference(as_role: Any) -> None:
    case = CaseFactory(subject="Не свети лампа")

    response = as_role("clerk").get(DESK, {"number": case.number, "text": "дупка"})

    assert shown(response) == [case]


def test_words_leave_no_plan_behind(as_role: Any) -> None:
    client = as_role("clerk")
    client.get(DESK, {"text": "лампа"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%LIKE%%'", [])
        assert cursor.fetchone() == (0,)
