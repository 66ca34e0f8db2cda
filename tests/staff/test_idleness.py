"""Sessions of staff end, and what was typed then is kept for whoever typed it."""

import time
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client

from feedback.models import Case
from samokov_portal.signin.passing import BACKEND
from samokov_portal.staff.sessions import BEGAN, ENDED, KEPT, SEEN
from tests.conftest import PASSWORD
from tests.factories import CaseFactory
from tests.feedback.desk_forms import change, page

pytestmark = pytest.mark.django_db
LOGIN, KEPT_PAGE = "/desk/login/", "/desk/kept/"
AFTER_LOGIN = f"{LOGIN}?next=/desk/kept/"


def age(client: Client, **minutes: int) -> Client:
    """The session as it is after so many minutes: since the last page (`seen`), since the login (`began`)."""
    session = client.session
    for name, key in (("seen", SEEN), ("began", BEGAN)):
        session[key] -= 60 * minutes.get(name, 0)
    session.save()
    return client


def stored(client: Client) -> dict[str, Any]:
    return Session.objects.get(session_key=client.cookies["sessionid"].value).get_decoded()


@pytest.fixture
def case(db: None) -> Case:
    return CaseFactory(status="assigned")


def typed(case: Case, **changes: Any) -> dict[str, Any]:
    return change("answer", **changes) | {"answer-seen": str(case.last_event_id() or "")}


def test_whoever_works_stays_in(as_role: Any) -> None:
    client = age(as_role("clerk"), seen=29)

    assert client.get("/desk/").status_code == 200
    assert stored(client)[SEEN] > time.time() - 60


def test_an_idle_session_ends(as_role: Any) -> None:
    client = age(as_role("clerk"), seen=30)

    answer = client.get("/desk/")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/login/?next=/desk/")
    assert SESSION_KEY not in stored(client)


def test_the_minutes_are_a_setting(as_role: Any, settings: Any) -> None:
    settings.STAFF_IDLE_MINUTES = 5

    assert age(as_role("clerk"), seen=6).get("/desk/").status_code == 302


def test_a_busy_session_ends_after_a_working_day(as_role: Any) -> None:
    assert age(as_role("clerk"), began=599).get("/desk/").status_code == 200
    assert age(as_role("clerk"), began=600).get("/desk/").status_code == 302


def test_the_administration_pages_and_the_pages_for_all_see_that_it_ended(as_role: Any) -> None:
    answer = age(as_role("editor"), seen=31).get("/desk/admin/")
    public = age(as_role("clerk"), seen=31).get("/feedback/")

    assert answer["Location"].startswith("/desk/admin/login/")
    assert "staff-bar" not in public.content.decode()


def test_a_session_of_nobody_does_not_end(client: Client) -> None:
    session = client.session
    session["mine"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key

    client.get("/feedback/")

    assert stored(client) == {"mine": 1}


def test_the_login_says_why(as_role: Any, client: Client) -> None:
    ended = age(as_role("clerk"), seen=31).get("/desk/", follow=True).content.decode()
    fresh = client.get("/desk/", follow=True).content.decode()

    assert "след 30 минути без работа" in ended
    assert "без работа" not in fresh


def test_nothing_else_of_the_session_outlives_it(as_role: Any) -> None:
    client = as_role("clerk")
    session = client.session
    session["counter"] = "3"
    session.save()

    age(client, seen=31).get("/desk/")

    assert stored(client).keys() == {ENDED}


def test_what_was_typed_is_kept_and_sent_after_the_login(as_role: Any, case: Case) -> None:
    client = age(as_role("clerk"), seen=31)
    sent = typed(case, answer="Лампите са подменени днес.")

    first = client.post(page(case, "answer"), sent)
    again = client.post(LOGIN, {"username": "clerk", "password": PASSWORD, "next": KEPT_PAGE})
    shown = client.get(again["Location"])
    kept = shown.context["kept"]

    assert (first["Location"], again["Location"]) == (AFTER_LOGIN, KEPT_PAGE)
    assert "Лампите са подменени днес." in shown.content.decode()
    assert (unquote(kept.path), dict(kept.fields)) == (page(case, "answer"), sent)
    assert case.history.count() == 1

    client.post(kept.path, dict(kept.fields))

    assert Case.objects.get(pk=case.pk).answer == "Лампите са подменени днес."
    assert client.get(KEPT_PAGE).context["kept"] is None


def test_what_is_sent_from_a_second_window_is_kept_too(as_role: Any, case: Case) -> None:
    client = age(as_role("clerk"), seen=31)
    client.get("/desk/")

    assert client.post(page(case, "answer"), typed(case))["Location"] == AFTER_LOGIN


def test_what_was_typed_is_for_the_same_person_only(as_role: Any, case: Case) -> None:
    client = age(as_role("clerk"), seen=31)
    client.post(page(case, "answer"), typed(case))

    client.post(LOGIN, {"username": "secretary", "password": PASSWORD})

    assert client.get(KEPT_PAGE).context["kept"] is None
    assert not stored(client).keys() & {KEPT, ENDED}


def test_what_was_typed_is_kept_for_an_hour(as_role: Any, case: Case) -> None:
    client = age(as_role("clerk"), seen=31)
    client.post(page(case, "answer"), typed(case))
    client.post(LOGIN, {"username": "clerk", "password": PASSWORD})
    session = client.session
    session[KEPT] = {**session[KEPT], "at": session[KEPT]["at"] - 3601}
    session.save()

    assert client.get(KEPT_PAGE).context["kept"] is None


def test_what_was_typed_may_be_forgotten(as_role: Any, case: Case) -> None:
    client = age(as_role("clerk"), seen=31)
    client.post(page(case, "answer"), typed(case))
    client.post(LOGIN, {"username": "clerk", "password": PASSWORD})

    client.post("/desk/kept/forget/")

    assert KEPT not in stored(client)
    assert case.history.count() == 1


def test_nothing_is_kept_of_a_stranger(client: Client, case: Case) -> None:
    answer = client.post(page(case, "answer"), typed(case))

    assert answer["Location"].startswith(f"{LOGIN}?next=/desk/cases/")
    assert not Session.objects.exists()


def test_nothing_is_kept_of_a_form_of_another_site(staff: Any, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff["clerk"], backend=BACKEND)

    answer = age(client, seen=31).post(page(case, "answer"), typed(case, answer="Чужди думи."))

    assert answer.status_code == 403
    assert KEPT not in stored(client)
    assert "Чужди думи." in answer.content.decode()  # to be copied, by whoever did write it


@pytest.mark.parametrize(
    "sent", [{"password1": "нова парола"}, {"text": "а " * 100_001}], ids=["a password", "too much"]
)
def test_secrets_and_too_much_are_not_kept(as_role: Any, sent: dict[str, str]) -> None:
    client = age(as_role("clerk"), seen=31)

    assert client.post("/desk/log/signal/", sent)["Location"] == "/desk/login/?next=/desk/log/signal/"
    assert KEPT not in stored(client)
