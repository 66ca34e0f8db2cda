"""Pages that belong to no app, the frame of every page, and what is shown when something does not work."""

from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from charter.models import CharterVersion, Standard
from samokov_portal.staff.models import StaffUser
from services.models import LifeEvent, Service, ServiceDetail, ServiceGroup, Settlement, Unit
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def test_healthz_answers_without_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_is_not_ready_without_a_worker(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": True, "migrations": True, "worker": False}


def test_readyz_is_ready_when_the_worker_was_heard(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 seconds')")

    assert client.get("/readyz").status_code == 200


def test_readyz_forgets_a_silent_worker(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')")

    assert client.get("/readyz").json()["worker"] is False


@pytest.mark.parametrize("failure", [OperationalError, InterfaceError])
def test_readyz_says_that_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    def lost(*_args: Any) -> None:
        raise failure("gone")

    monkeypatch.setattr(connection, "cursor", lost)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": False, "migrations": False, "worker": False}


@pytest.fixture
def empty() -> None:
    """A database that was migrated and nothing more."""
    for model in (LifeEvent, ServiceDetail, Service, ServiceGroup, Settlement, Standard, CharterVersion):
        model.objects.all().delete()
    while Unit.objects.exists():
        Unit.objects.filter(unit=None).delete()  # those to which no other belongs


def test_home_works_without_any_data(client: Client, empty: None) -> None:
    response = client.get("/")

    shown = response.context
    assert response.status_code == 200
    assert (list(shown["lines"]), list(shown["groups"]), shown["report"]) == ([], [], None)
    assert (shown["municipality"] or None, bool(shown["has_sample_data"])) == (None, False)
    assert [place for place in ("promises", "report", "groups") if f'id="{place}"' in response.content.decode()] == []


def test_home_shows_what_there_is(client: Client) -> None:
    response = client.get("/")

    assert [line.code for line in response.context["lines"]] == ["enquiry-answer", "signal-decision", "service-term"]
    assert len(response.context["groups"]) == ServiceGroup.objects.count()
    assert response.context["municipality"] == Unit.objects.municipality()


def test_pages_and_open_data_work_without_any_data(client: Client, empty: None) -> None:
    public = ("/charter/", "/charter/standards/", "/services/", "/life-events/", "/feedback/", "/feedback/new/signal/")

    answers = {path: client.get(path).status_code for path in (*public, "/terms/", "/reports/")}
    told = [client.get(path).json() for path in ("/api/v1/standards/", "/api/v1/services/")]

    assert set(answers.values()) == {200}, answers
    assert all(answer in ([], {"results": []}) for answer in told), told


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ["/", "/charter/", "/charter/standards/", "/services/", "/feedback/", "/terms/"])
def test_page_has_the_language_of_its_address(client: Client, prefix: str, path: str) -> None:
    page = client.get(prefix + path, headers={"accept-language": "en" if not prefix else "bg"}).content.decode()

    assert f'<html lang="{"en" if prefix else "bg"}"' in page


def test_banner_says_that_the_data_is_made_up(client: Client) -> None:
    assert "измислени" not in client.get("/").content.decode()

    CaseFactory(is_sample=True)

    assert "измислени" in client.get("/").content.decode()


def test_footer_takes_the_contacts_from_the_database(client: Client) -> None:
    unit = Unit.objects.municipality()
    unit.address = "ул. „Проба“ № 1"
    unit.save()

    assert "ул. „Проба“ № 1" in client.get("/").content.decode()


def test_unknown_page_is_not_found(client: Client) -> None:
    assert client.get("/nothing/").status_code == 404


def test_no_page_may_run_foreign_or_inline_script(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_form_from_another_site_is_refused(settings: Any) -> None:
    response = Client(enforce_csrf_checks=True).post("/feedback/track/", {"number": "С-2026-000001", "code": "x"})

    assert response.status_code == 403
    assert "бисквитки" in response.content.decode()


def fails_with(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> Client:
    """A client of a portal whose following of cases fails so."""

    def fail(*_args: Any, **_values: Any) -> None:
        raise failure

    monkeypatch.setattr("feedback.views.track.TrackForm", fail)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "failure",
    [OperationalError("gone"), InterfaceError("gone"), psycopg.OperationalError("gone"), OSError("no space left")],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_lost_database_or_disk_is_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, method: str, failure: Exception
) -> None:
    client = fails_with(monkeypatch, failure)

    response = getattr(client, method)("/feedback/track/")

    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert ("не е записано" in response.content.decode()) is (method == "post")


def test_other_failures_are_not_called_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    client = fails_with(monkeypatch, ValueError("x"))

    response = client.post("/feedback/track/")

    assert response.status_code == 500
    assert "Retry-After" not in response


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/", "/about/", "/en/about/"])
def test_statements_are_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("role", "target"),
    [("clerk", "/desk/"), ("expert", "/desk/"), ("editor", "/desk/admin/"), ("auditor", "/desk/admin/")],
)
def test_login_leads_to_where_the_role_works(client: Client, staff: Any, role: str, target: str) -> None:
    response = client.post("/desk/login/", {"username": role, "password": "проверка-2026"})

    assert response["Location"] == target


def test_demo_accounts_need_a_password(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.DEMO = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)

    with pytest.raises(CommandError, match="DEMO_PASSWORD is not set"):
        call_command("demo_staff")

    assert not StaffUser.objects.exists()


@pytest.mark.parametrize(("years", "said"), [(5, "5 години след приключването"), (1, "1 година след приключването")])
def test_the_page_on_personal_data_says_how_long_they_are_kept(
    client: Client, settings: Any, years: int, said: str
) -> None:
    settings.RETENTION_YEARS = {"signal": years, "praise": 1}

    page = " ".join(client.get("/privacy/").content.decode().split())

    assert said in page
    assert "този срок предстои да бъде потвърден" in page


def test_the_page_on_personal_data_says_the_term_of_each_kind(client: Client, settings: Any) -> None:
    settings.RETENTION_YEARS = {"signal": 3, "application": 7}

    shown = client.get("/privacy/").context

    assert shown["retention"] == [("сигнал", 3), ("заявление за услуга", 7)]
    assert shown["retention_years"] == 7
