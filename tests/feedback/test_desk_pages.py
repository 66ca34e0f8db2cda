"""The desk: who may see and do what, the work list over its pages, and what bad input gets."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import Case
from feedback.views.desk import PAGE
from samokov_portal.office.once import new_form_token
from services.models import Unit
from tests.factories import CaseFactory, at, filing

pytestmark = pytest.mark.django_db
DESK, LOG = "/desk/", "/desk/log/"
ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
ALL = set(ROLES)
PRAISE = {"kind": "praise", "term_code": "", "term_version": "", "first_due_on": None}
REASON = "Необходима е проверка на място."
NOT_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.fixture
def unit() -> Unit:
    """Where the expert works."""
    return Unit.objects.get(code="hdettos")


@pytest.fixture
def case(unit: Unit) -> Case:
    """A case of the expert's unit that came on Monday 28.09 and is due on Monday 30.11.2026, a week after `clock`."""
    return CaseFactory(
        number="С-2026-000123",
        unit=unit,
        status="assigned",
        received_at=at("2026-09-28"),
        first_due_on=date(2026, 11, 30),
    )


def page(row: Case, verb: str = "") -> str:
    return f"/desk/cases/{row.number}/{verb}"


def change(verb: str, **changes: str) -> dict[str, str]:
    """What a browser sends for the change `verb` filled in well."""
    good = {
        "assign": {"unit": str(Unit.objects.get(code="mdt").pk)},
        "forward": {"body": "Областно пътно управление", "reason": REASON},
        "extend": {"due_on": "10.12.2026", "reason": REASON},
        "answer": {"outcome": "upheld", "answer": "Лампите са подменени."},
        "close": {"how": "с писмо по пощата"},
    }[verb]
    return {f"{verb}-{name}": value for name, value in {**good, **changes}.items()}


def logged(kind: str = "signal", **changes: Any) -> dict[str, str]:
    """What a browser sends for what a clerk logs."""
    receipt = {"channel": "counter", "received_at": "23.11.2026 11:55", "waited_minutes": "7"}
    return filing(kind, **{"token": new_form_token(), **receipt, **changes})


def levels(response: Any) -> list[str]:
    """Of the messages on the page that a redirect led to."""
    return [message.level_tag for message in response.context["messages"]]


PAGES = [
    ("get", DESK),
    ("get", LOG),
    ("get", f"{LOG}signal/"),
    ("post", f"{LOG}signal/"),
    ("get", "/desk/cases/С-2026-000123/"),
    *[("post", f"/desk/cases/С-2026-000123/{verb}/") for verb in ("assign", "forward", "extend", "answer", "close")],
]


@pytest.mark.parametrize(("method", "address"), PAGES)
def test_who_is_not_logged_in_is_asked_to(client: Client, case: Case, method: str, address: str) -> None:
    response = getattr(client, method)(address)

    assert response.status_code == 302
    assert response.url.startswith("/desk/login/?next=/desk/")
    assert Case.history.count() == 1


@pytest.mark.parametrize(("method", "address"), PAGES)
def test_nothing_of_the_desk_is_kept_by_browsers(
    client: Client, as_role: Any, case: Case, method: str, address: str
) -> None:
    role = "mayor" if address.endswith("/extend/") else "clerk"

    responses = [getattr(somebody, method)(address) for somebody in (client, as_role(role))]

    # On the way to the login, on the page, and on the page with an error.
    assert [response.status_code for response in responses] == [302, 200 if method == "get" else 422]
    assert {response["Cache-Control"] for response in responses} == {NOT_KEPT}


def test_a_public_page_may_be_kept(client: Client) -> None:
    assert "Cache-Control" not in client.get("/feedback/")


PERMITTED = [
    ("get", DESK, {"clerk", "expert", "secretary", "mayor"}),
    ("get", LOG, {"clerk", "secretary"}),
    ("get", f"{LOG}signal/", {"clerk", "secretary"}),
    ("post", f"{LOG}signal/", {"clerk", "secretary"}),
    ("get", "/desk/cases/С-2026-000123/", {"clerk", "expert", "secretary", "mayor"}),
    ("post", "/desk/cases/С-2026-000123/assign/", {"clerk", "secretary"}),
    ("post", "/desk/cases/С-2026-000123/forward/", {"clerk", "expert", "secretary"}),
    ("post", "/desk/cases/С-2026-000123/extend/", {"mayor"}),
    ("post", "/desk/cases/С-2026-000123/answer/", {"clerk", "expert", "secretary"}),
    ("post", "/desk/cases/С-2026-000123/close/", {"clerk", "expert", "secretary"}),
]


@pytest.mark.parametrize(("method", "address", "may"), PERMITTED)
def test_a_page_is_for_its_roles_and_refused_to_the_others(
    as_role: Any, case: Case, method: str, address: str, may: set[str]
) -> None:
    statuses = {role: getattr(as_role(role), method)(address).status_code for role in ROLES}

    assert {role for role, status in statuses.items() if status == 403} == ALL - may
    assert {status for role, status in statuses.items() if role in may} == {200 if method == "get" else 422}


@pytest.mark.parametrize("verb", ["assign", "forward", "extend", "answer", "close"])
def test_a_change_is_never_made_by_a_link(as_role: Any, case: Case, verb: str) -> None:
    assert as_role("clerk").get(page(case, f"{verb}/")).status_code == 405


@pytest.mark.parametrize(
    ("method", "verb"), [("get", ""), ("post", "forward/"), ("post", "answer/"), ("post", "close/")]
)
@pytest.mark.parametrize("owner", ["mdt", None])
def test_an_expert_does_not_find_the_case_of_another_unit(
    as_role: Any, method: str, verb: str, owner: str | None
) -> None:
    row = CaseFactory(unit=Unit.objects.filter(code=owner).first())

    response = getattr(as_role("expert"), method)(page(row, verb), change("forward"))

    row.refresh_from_db()
    assert response.status_code == 404
    assert row.status == "registered"


@pytest.mark.parametrize("number", ["С-2026-999999", "x", "С-2026-000123%00"])
@pytest.mark.parametrize(
    ("role", "method", "verb"),
    [
        ("clerk", "get", ""),
        ("clerk", "post", "assign/"),
        ("clerk", "post", "forward/"),
        ("mayor", "post", "extend/"),
        ("clerk", "post", "answer/"),
        ("clerk", "post", "close/"),
    ],
)
def test_a_case_that_is_not_there_is_not_found(
    as_role: Any, case: Case, number: str, role: str, method: str, verb: str
) -> None:
    assert getattr(as_role(role), method)(f"/desk/cases/{number}/{verb}").status_code == 404


# The work list


def listed(response: Any) -> list[Case]:
    return [line.case for line in response.context["lines"]]


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
def test_a_line_says_what_is_awaited_and_how_many_days_are_left(
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
    assert line.awaits_notice is ("decided" in facts)


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
    ],
)
def test_nonsense_in_the_address_is_ignored(as_role: Any, case: Case, query: str) -> None:
    response = as_role("clerk").get(f"{DESK}?{query}")

    assert response.status_code == 200
    assert listed(response) in ([case], [])


@pytest.mark.parametrize("number", ["няма", "%00", "С-2026-999999", "%25"])
def test_nothing_is_found_by_what_is_no_number(as_role: Any, case: Case, number: str) -> None:
    assert as_role("clerk").get(f"{DESK}?number={number}").status_code == 200


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


def test_a_longer_work_list_makes_no_more_queries(as_role: Any, count_queries: Any, unit: Unit) -> None:
    client = as_role("clerk")
    CaseFactory.create_batch(5, unit=unit)
    few = count_queries(client.get, DESK)
    CaseFactory.create_batch(44, unit=unit)  # with the page full there is one more link, and no more queries
    CaseFactory.create_batch(11, unit=unit)

    assert count_queries(client.get, DESK) == few


def test_a_longer_story_of_a_case_makes_no_more_queries(
    as_role: Any, case: Case, staff: Any, count_queries: Any
) -> None:
    client = as_role("clerk")
    case.events.create(kind="registered", at=at("2026-03-02"), by=staff["clerk"])
    few = count_queries(client.get, page(case))
    for _ in range(20):
        case.events.create(kind="assigned", at=at("2026-03-03"), by=staff["secretary"], note="звено")

    assert count_queries(client.get, page(case)) == few


# Logging


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
        f"{LOG}enquiry/", logged("enquiry", channel="post", waited_minutes="", received_at="20.11.2026 10:00")
    )

    assert Case.objects.get().due_on == date(2026, 12, 1)  # Friday + 7 working days = Tuesday


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


@pytest.mark.parametrize("changes", [{"text": "Друго."}, {"received_at": "20.11.2026 10:00"}])
def test_a_changed_form_that_was_sent_already_is_a_conflict(as_role: Any, clock: Any, changes: dict[str, str]) -> None:
    client, form = as_role("clerk"), logged()
    client.post(f"{LOG}signal/", form)

    response = client.post(f"{LOG}signal/", {**form, **changes})

    assert response.status_code == 409
    assert response.context["used"] == Case.objects.get()


# One case


@pytest.mark.parametrize(
    ("role", "facts", "forms"),
    [
        ("clerk", {}, {"assign", "forward", "answer"}),
        ("expert", {}, {"forward", "answer"}),
        ("secretary", {}, {"assign", "forward", "answer"}),
        ("mayor", {}, {"extend"}),
        ("mayor", {"kind": "enquiry", "term_code": "enquiry-answer"}, set()),  # the law knows no extension
        ("clerk", {"decided": True}, {"close"}),
        ("mayor", {"decided": True}, set()),
        ("clerk", {"closed": True}, set()),
        ("clerk", {"forwarded": True}, set()),
        ("clerk", PRAISE, {"assign", "forward", "answer"}),
    ],
)
def test_a_case_offers_what_this_person_may_do_now(
    as_role: Any, unit: Unit, role: str, facts: dict[str, Any], forms: set[str]
) -> None:
    row = CaseFactory(unit=unit, **facts)

    response = as_role(role).get(page(row))

    assert response.status_code == 200
    assert set(response.context["forms"]) == forms
    assert [said for said in (row.number, row.text) if said not in response.content.decode()] == []
    assert "no-store" in response["Cache-Control"]


def test_the_page_of_a_case_never_shows_its_code_or_digests(as_role: Any, case: Case) -> None:
    text = as_role("clerk").get(page(case)).content.decode()

    assert case.access_digest not in text


CHANGES = [
    ("clerk", "assign", {}, ("assigned", "assigned")),
    ("expert", "forward", {}, ("forwarded", "forwarded")),
    ("expert", "answer", {}, ("decided", "decided")),
    ("clerk", "close", {"decided": True}, ("closed", "closed")),
    ("mayor", "extend", {}, ("registered", "extended")),
]


@pytest.mark.parametrize(("role", "verb", "facts", "after"), CHANGES)
def test_a_change_is_made_told_and_led_back_to_the_case(
    as_role: Any,
    staff: Any,
    clock: Any,
    unit: Unit,
    role: str,
    verb: str,
    facts: dict[str, Any],
    after: tuple[str, str],
) -> None:
    row = CaseFactory(unit=unit, received_at=at("2026-11-02"), first_due_on=date(2026, 12, 2), **facts)

    response = as_role(role).post(page(row, f"{verb}/"), change(verb), follow=True)

    row.refresh_from_db()
    event = row.events.get()
    assert [redirect[1] for redirect in response.redirect_chain] == [302]
    assert levels(response) == ["success"]
    assert (row.status, event.kind) == after
    assert (event.by, event.at) == (staff[role], clock)


@pytest.mark.parametrize(
    ("role", "verb", "field", "changes"),
    [
        ("clerk", "assign", "unit", {"unit": ""}),
        ("clerk", "assign", "unit", {"unit": "0"}),
        ("clerk", "assign", "unit", {"unit": "99999999999999999999"}),
        ("clerk", "forward", "body", {"body": " "}),
        ("clerk", "forward", "reason", {"reason": ""}),
        ("clerk", "forward", "reason", {"reason": "я" * 2001}),
        ("mayor", "extend", "due_on", {"due_on": "скоро"}),
        ("mayor", "extend", "reason", {"reason": ""}),
        ("clerk", "answer", "outcome", {"outcome": "noted"}),  # not of a signal
        ("clerk", "answer", "outcome", {"outcome": ""}),
        ("clerk", "answer", "answer", {"answer": ""}),
        ("clerk", "answer", "answer", {"answer": "я\x00"}),
        ("clerk", "answer", "answer", {"answer": "я" * 20_001}),
        ("clerk", "close", "how", {"how": ""}),
    ],
)
def test_a_change_with_an_error_comes_back_with_what_was_typed(
    as_role: Any, case: Case, role: str, verb: str, field: str, changes: dict[str, str]
) -> None:
    form = change(verb, **changes)

    response = as_role(role).post(page(case, f"{verb}/"), form)

    bound = response.context["forms"][verb]
    assert response.status_code == 422
    assert list(bound.errors) == [field]
    assert {name: bound[name.removeprefix(f"{verb}-")].value() for name in form} == form
    assert case.history.count() == 1


@pytest.mark.parametrize(
    ("role", "verb", "facts"),
    [
        ("clerk", "assign", {"decided": True}),
        ("clerk", "forward", {"closed": True}),
        ("clerk", "answer", {"forwarded": True}),
        ("clerk", "close", {}),  # not decided
        ("mayor", "extend", {"first_due_on": date(2026, 11, 20)}),  # the term is over
        ("mayor", "extend", {"kind": "enquiry"}),  # the law knows no extension
    ],
)
def test_a_change_that_is_not_allowed_now_is_refused_and_what_was_typed_is_kept(
    as_role: Any, clock: Any, role: str, verb: str, facts: dict[str, Any]
) -> None:
    row = CaseFactory(**{"received_at": at("2026-11-02"), "first_due_on": date(2026, 12, 2), **facts})
    form = change(verb)

    response = as_role(role).post(page(row, f"{verb}/"), form)

    bound = response.context["forms"][verb]
    assert response.status_code == 409
    assert list(bound.errors) == ["__all__"]
    assert {name: bound[name.removeprefix(f"{verb}-")].value() for name in form} == form
    assert [typed for typed in form.values() if typed not in response.content.decode()] == []
    assert (row.history.count(), row.events.count()) == (1, 0)


@pytest.mark.parametrize("due_on", ["02.12.2026", "01.12.2026", "03.02.2027"])  # the same, earlier, beyond the cap
def test_a_last_day_outside_the_law_comes_back(as_role: Any, clock: Any, due_on: str) -> None:
    row = CaseFactory(received_at=at("2026-11-02"), first_due_on=date(2026, 12, 2))

    response = as_role("mayor").post(page(row, "extend/"), change("extend", due_on=due_on))

    row.refresh_from_db()
    assert response.status_code == 422
    assert list(response.context["forms"]["extend"].errors) == ["due_on"]
    assert row.due_on == date(2026, 12, 2)


def test_the_second_of_two_clerks_is_shown_what_changed_and_nothing_is_overwritten(as_role: Any, case: Case) -> None:
    as_role("clerk").post(page(case, "answer/"), change("answer"))

    response = as_role("secretary").post(page(case, "answer/"), change("answer", outcome="not_upheld", answer="Не."))

    case.refresh_from_db()
    assert response.status_code == 409
    assert "Лампите са подменени." in response.content.decode()
    assert (case.outcome, case.answer) == ("upheld", "Лампите са подменени.")


def test_what_a_clerk_types_is_shown_as_text_not_as_markup(as_role: Any, case: Case) -> None:
    client = as_role("clerk")
    client.post(page(case, "answer/"), change("answer", answer="<script>alert(1)</script>"))

    assert "<script>alert(1)" not in client.get(page(case)).content.decode()


def test_a_form_of_another_site_is_refused(staff: Any, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff["clerk"], backend="django.contrib.auth.backends.ModelBackend")

    statuses = [
        client.post(page(case, "assign/"), change("assign")).status_code,
        client.post(f"{LOG}signal/").status_code,
    ]

    assert statuses == [403, 403]
    assert (Case.objects.count(), case.history.count()) == (1, 1)


def test_two_clerks_with_one_case_do_not_overwrite_each_other(as_role: Any, case: Case, clock: Any) -> None:
    case.events.create(kind="registered", at=case.registered_at)
    first, second = as_role("clerk"), as_role("secretary")
    seen = str(first.get(page(case)).context["forms"]["assign"]["seen"].value())
    first.post(page(case, "assign/"), change("assign", seen=seen))

    refused = second.post(page(case, "assign/"), change("assign", seen=seen, unit=str(case.unit_id)))
    again = dict(refused.context["form"].data.items())
    accepted = second.post(page(case, "assign/"), again)

    assert (refused.status_code, accepted.status_code) == (409, 302)
    assert Case.objects.get().unit == case.unit
