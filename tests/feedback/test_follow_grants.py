"""For half an hour the browser in which the code was given sees its case, and nobody else sees anything."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from feedback.access import access_digest
from feedback.choices import Status
from feedback.tracking import GRANTS
from feedback.views.citizen import FILED_COOKIE
from tests.feedback.following import TRACK, Receipt, Staff, case_in, file_case, follow
from tests.feedback.test_follow_moves import TYPED, send

pytestmark = pytest.mark.django_db
NOBODYS = "/feedback/track/С-2026-999999/"


@pytest.fixture
def filed(clock: datetime) -> Receipt:
    return file_case(clock)


@pytest.fixture
def later(monkeypatch: Any, clock: datetime) -> Any:
    """Moves the clock on: `later(minutes=29)`."""

    def move(**ahead: int) -> None:
        moment = clock + timedelta(**ahead)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return move


def is_shown(client: Client, filed: Receipt) -> bool:
    return client.get(filed.page).status_code == 200


def test_after_the_code_was_given_the_page_has_an_address(client: Client, filed: Receipt) -> None:
    follow(client, filed)

    response = client.get(filed.page)

    assert response.status_code == 200
    assert response.context["case"] == filed.case


def test_without_the_code_the_way_leads_to_the_form_with_the_number(client: Client, filed: Receipt) -> None:
    response = client.get(filed.page, follow=True)

    assert response.redirect_chain == [(f"{TRACK}?number=%D0%A1-2026-000001", 302)]
    assert response.context["form"]["number"].value() == filed.case.number
    assert "Въведете кода за достъп" in response.content.decode()
    assert filed.case.text not in response.content.decode()


@pytest.mark.parametrize("what", ["", "receipt/"])
def test_a_number_that_is_and_one_that_is_not_get_the_same_answer(client: Client, filed: Receipt, what: str) -> None:
    there, not_there = client.get(filed.page + what), client.get(NOBODYS + what)

    assert there.status_code == not_there.status_code == 302
    assert there.url.replace("000001", "999999") == not_there.url


@pytest.mark.parametrize("action", TYPED)
def test_a_step_on_a_number_that_is_and_on_one_that_is_not_get_the_same_answer(
    client: Client, filed: Receipt, action: str
) -> None:
    there, not_there = (client.post(f"{page}{action}/", TYPED[action]) for page in (filed.page, NOBODYS))

    said = [without_tokens(response.content.decode()) for response in (there, not_there)]
    assert there.status_code == not_there.status_code == 403
    assert said[0].replace("000001", "999999") == said[1]
    assert filed.case.events.count() == 1


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_somebody_elses_case_is_as_if_it_were_not_there(client: Client, filed: Receipt, clock: datetime) -> None:
    mine = file_case(clock)
    follow(client, mine)

    theirs, nobodys = client.get(filed.page), client.get(NOBODYS)
    step, no_step = send(client, filed, "add"), client.post(f"{NOBODYS}add/", TYPED["add"])

    assert (theirs.status_code, nobodys.status_code) == (302, 302)
    assert (step.status_code, no_step.status_code) == (403, 403)
    assert filed.case.events.count() == 1
    assert is_shown(client, mine)


def test_the_grant_is_of_one_browser(client: Client, filed: Receipt) -> None:
    follow(client, filed)

    another = Client()

    assert another.get(filed.page).status_code == 302
    assert send(another, filed, "add").status_code == 403


@pytest.mark.parametrize(("ahead", "shown"), [({"minutes": 29, "seconds": 59}, True), ({"minutes": 30}, False)])
def test_the_grant_runs_out_half_an_hour_after_its_last_use(
    client: Client, filed: Receipt, later: Any, ahead: dict[str, int], shown: bool
) -> None:
    follow(client, filed)

    later(**ahead)

    assert is_shown(client, filed) is shown


def test_using_the_grant_renews_it(client: Client, filed: Receipt, later: Any) -> None:
    follow(client, filed)
    later(minutes=20)
    assert is_shown(client, filed)

    later(minutes=40)

    assert is_shown(client, filed)


def test_a_few_cases_may_be_followed_at_once_the_last_used_ones(client: Client, clock: datetime, later: Any) -> None:
    rows = [file_case(clock) for _ in range(4)]
    for minute, filed in enumerate(rows):
        later(minutes=minute)
        follow(client, filed)

    assert [is_shown(client, filed) for filed in rows] == [False, True, True, True]


def test_giving_the_code_changes_the_key_of_the_session(client: Client, filed: Receipt) -> None:
    follow(client, filed)
    before = client.session.session_key

    follow(client, filed)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_after_leaving_nothing_is_shown(client: Client, filed: Receipt, clock: datetime) -> None:
    other = file_case(clock)
    for one in (filed, other):
        follow(client, one)
    key = client.session.session_key

    response = client.post("/feedback/track/leave/", follow=True)

    assert response.redirect_chain == [(TRACK, 302)]
    assert "Излязохте" in response.content.decode()
    assert [is_shown(client, one) for one in (filed, other)] == [False, False]
    assert send(client, filed, "add").status_code == 403
    assert not Session.objects.filter(session_key=key).exists()


def test_leaving_takes_away_what_brings_a_receipt_back(client: Client, filed: Receipt) -> None:
    client.cookies[FILED_COOKIE] = "signed"

    client.post("/feedback/track/leave/")

    assert client.cookies[FILED_COOKIE].value == ""


def test_leaving_without_having_followed_anything_is_no_error(client: Client) -> None:
    assert client.post("/feedback/track/leave/").status_code == 302


def test_leaving_is_not_done_by_following_a_link(client: Client, filed: Receipt) -> None:
    follow(client, filed)

    assert client.get("/feedback/track/leave/").status_code == 405
    assert is_shown(client, filed)


def test_an_official_who_leaves_a_case_stays_logged_in(as_role: Any, filed: Receipt) -> None:
    clerk = as_role("clerk")
    follow(clerk, filed)

    clerk.post("/feedback/track/leave/")

    assert not is_shown(clerk, filed)
    assert clerk.get("/desk/").status_code == 200


def test_logging_out_forgets_the_case(as_role: Any, filed: Receipt) -> None:
    clerk = as_role("clerk")
    follow(clerk, filed)

    clerk.post(reverse("logout"))

    assert not is_shown(clerk, filed)


@pytest.mark.parametrize("action", TYPED)
def test_what_was_typed_when_the_grant_ran_out_waits_for_the_code(
    client: Client, clock: datetime, staff: Staff, later: Any, action: str
) -> None:
    states = {"reply": Status.CLARIFICATION, "rate": Status.NOTIFIED, "reopen": Status.NOTIFIED}
    filed = case_in(states.get(action, Status.REGISTERED), staff, clock)
    follow(client, filed)
    later(minutes=31)

    asked = send(client, filed, action)
    carried = asked.context["kept"].carried()
    returned = client.post(TRACK, {"number": filed.case.number, "code": filed.code, **carried})

    form = returned.context["forms"][action]
    typed = {name: text for name, text in TYPED[action].items() if text != "on"}
    assert asked.status_code == 403
    assert asked.context["form"]["number"].value() == filed.case.number
    assert all(f'name="{name}" value="{text}"' in asked.content.decode() for name, text in carried.items())
    assert returned.status_code == 200
    assert {name: form[name.partition("-")[2]].value() for name in typed} == typed
    assert not form.is_bound
    assert "още не е изпратено" in returned.content.decode()
    assert not filed.case.events.filter(at__gte=clock).exclude(kind="registered").exists()


def test_what_was_typed_survives_a_wrong_code_and_a_form_without_one(client: Client, filed: Receipt) -> None:
    carried = send(client, filed, "add").context["kept"].carried()

    wrong = client.post(TRACK, {"number": filed.case.number, "code": "грешен", **carried})
    none = client.post(TRACK, {"number": filed.case.number, "code": "", **carried})

    assert (wrong.status_code, none.status_code) == (422, 422)
    assert wrong.context["kept"].carried() == none.context["kept"].carried() == carried
    assert all("До аптеката е." in response.content.decode() for response in (wrong, none))


def test_what_was_typed_survives_when_somebody_else_guesses_here(client: Client, filed: Receipt, settings: Any) -> None:
    settings.TRACKING_FAILURES_ALLOWED = 1
    carried = send(client, filed, "add").context["kept"].carried()
    follow(client, Receipt(filed.case, "грешен"))

    response = client.post(TRACK, {"number": filed.case.number, "code": "грешен", **carried})

    assert response.status_code == 429
    assert "До аптеката е." in response.content.decode()


def test_what_was_typed_is_shown_when_it_can_no_longer_be_done(client: Client, clock: datetime, staff: Staff) -> None:
    filed = case_in(Status.FORWARDED, staff, clock)
    carried = send(client, filed, "add").context["kept"].carried()

    response = client.post(TRACK, {"number": filed.case.number, "code": filed.code, **carried})

    assert response.status_code == 200
    assert response.context["lost"].action == "add"
    assert "До аптеката е." in response.content.decode()


@pytest.mark.parametrize("kept", ["няма", "", "__class__"])
def test_a_made_up_kind_of_what_was_typed_is_nothing(client: Client, filed: Receipt, kept: str) -> None:
    response = client.post(TRACK, {"number": filed.case.number, "code": filed.code, "kept": kept})

    assert response.status_code == 200
    assert response.context["returned"] == ""


def test_nothing_is_kept_by_browser_or_proxy(client: Client, filed: Receipt) -> None:
    responses = [
        client.get(filed.page),
        follow(client, filed),
        client.get(filed.page),
        client.get(f"{filed.page}receipt/"),
        send(client, filed, "add"),
        send(client, filed, "add", **{"add-text": ""}),
        send(client, filed, "reply"),
        client.post("/feedback/track/leave/"),
        send(client, filed, "add"),
    ]

    assert [response.status_code for response in responses] == [302, 200, 200, 200, 302, 422, 409, 302, 403]
    assert all("no-store" in response["Cache-Control"] for response in responses)
    assert {response["Referrer-Policy"] for response in responses} == {"same-origin"}


def test_the_code_is_in_no_header_page_log_message_or_session(
    client: Client, filed: Receipt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typed = {"code": filed.code, "number": filed.case.number}

    responses = [
        follow(client, filed),
        client.get(filed.page),
        client.get(f"{filed.page}receipt/"),
        send(client, filed, "add"),
        send(client, filed, "reply"),
        client.post(TRACK, {**typed, "number": "С-2026-999999"}),
        client.post("/feedback/track/leave/"),
        client.get(filed.page),
    ]

    opened = responses[:5] + responses[6:]  # a wrong number comes back with what was typed beside it
    places = [
        *(str(response.headers) for response in responses),
        *(response.request["PATH_INFO"] + response.request["QUERY_STRING"] for response in responses),
        *(response.content.decode() for response in opened),
        caplog.text,
        str(client.cookies),
        *(str(row.get_decoded()) for row in Session.objects.all()),
    ]
    assert all(secret not in place for secret in secrets(filed.code) for place in places)


def secrets(code: str) -> tuple[str, ...]:
    """The code in each form in which it could slip out."""
    return code, code.replace("-", ""), code.lower(), access_digest(code)


def test_the_session_holds_the_key_of_the_case_and_a_moment_only(
    client: Client, filed: Receipt, clock: datetime
) -> None:
    follow(client, filed)

    kept = Session.objects.get().get_decoded()

    assert kept == {GRANTS: {str(filed.case.pk): (clock + timedelta(minutes=30)).timestamp()}}


def test_history_and_events_do_not_hold_the_code(client: Client, filed: Receipt) -> None:
    follow(client, filed)
    send(client, filed, "add")

    told = [*filed.case.history.values(), *filed.case.events.values(), *filed.case.letters.values()]

    plain = (filed.code, filed.code.replace("-", ""), filed.code.lower())
    assert [row for row in told if any(secret in str(row) for secret in plain)] == []


def test_the_receipt_may_be_printed_again_without_the_code(client: Client, filed: Receipt) -> None:
    follow(client, filed)

    page = client.get(f"{filed.page}receipt/").content.decode()

    assert all(said in page for said in (filed.case.number, "25.01.2027", "Мария Стоянова", "Не го пазим"))
