"""Who looked: every page of the desk that shows somebody's matter leaves a row and a line, whatever becomes of it."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from feedback.models import Letter
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import digest_of, note_look, note_outside_a_request
from samokov_portal.audit.models import Look
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser
from tests.audit.rows import BUILD
from tests.factories import ApplicationFactory, CaseFactory

pytestmark = pytest.mark.django_db

ABOUT_SOMEBODY = re.compile(r"^desk/(cases/|applications/|letters/|secretary/(cases|standards)/|$)")
# It leads on, and shows nobody's data.
SHOW_NOTHING = {"desk/letters/handed/"}


def routes() -> list[str]:
    """The addresses at the desk that are about one matter or list them, as they are written in the maps."""
    found = set()
    for resolver in get_resolver().url_patterns:
        for entry in resolver.url_patterns if isinstance(resolver, URLResolver) else []:
            for one in entry.url_patterns if isinstance(entry, URLResolver) else []:
                found.add(str(one.pattern))
    return sorted(route for route in found if ABOUT_SOMEBODY.match(route) and route not in SHOW_NOTHING)


@pytest.fixture
def letter(staff: dict[str, StaffUser]) -> Letter:
    """A letter on paper of a case that is there."""
    row = BUILD[Letter]()
    save_with_history(row, by=None, why="проба")
    return row  # type: ignore[return-value]


@pytest.fixture
def addresses(letter: Letter) -> dict[str, str]:
    """For each route an address of it."""
    application = ApplicationFactory()
    values = {"<int:pk>": str(letter.pk), "<uuid:key>": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}
    values |= {"<slug:heap>": "breaking", "<slug:code>": "signal-decision"}
    found = {}
    for route in routes():
        number = application.number if "applications" in route else letter.case.number
        address = route.replace("<number:number>", number)
        for converter, value in values.items():
            address = address.replace(converter, value)
        found[route] = f"/{address}"
    return found


def test_every_page_about_somebody_leaves_a_look(addresses: dict[str, str], as_role: Any) -> None:
    secretary, mayor = as_role("secretary"), as_role("mayor")
    silent = []
    for route, address in addresses.items():
        before = Look.objects.count()
        # Only the superior body refuses to extend.
        person = mayor if route.endswith("refuse-extension/") else secretary
        if person.get(address).status_code == 405:
            person.post(address)
        if Look.objects.count() == before:
            silent.append(route)

    assert len(addresses) > 25
    assert silent == []


def test_a_look_says_who_saw_what_when_and_from_where(
    letter: Letter, as_role: Any, staff: dict[str, StaffUser]
) -> None:
    answer = as_role("clerk").get(letter.case.get_absolute_url())

    look = Look.objects.get()
    assert (look.by, look.kind, look.subject, look.address) == (staff["clerk"], "case", letter.case.number, "127.0.0.1")
    assert look.origin == f"request {answer['X-Request-ID']}"
    assert abs(look.at - timezone.now()) < timedelta(minutes=1)


def test_who_may_not_see_leaves_no_look(letter: Letter, as_role: Any) -> None:
    assert as_role("expert").get(letter.case.get_absolute_url()).status_code == 404
    assert not Look.objects.exists()


def test_a_sender_who_follows_a_case_leaves_none(client: Client) -> None:
    client.get("/feedback/track/")

    assert not Look.objects.exists()


def test_the_log_has_a_line_with_nobodys_name(letter: Letter, as_role: Any, caplog: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(logging.getLogger("samokov_portal.looks"), "propagate", True)
    with caplog.at_level(logging.INFO, logger="samokov_portal.looks"):
        as_role("clerk").get("/desk/", {"number": letter.case.number})

    (message,) = {record.message for record in caplog.records if record.name == "samokov_portal.looks"}
    line = json.loads(message)
    assert (line["by"], line["kind"], line["subject"]) == ("clerk", "search", "work-list")
    assert letter.case.number not in json.dumps(line)


@pytest.mark.django_db(transaction=True)
def test_a_look_outlives_what_the_page_undid(staff: dict[str, StaffUser], as_role: Any, monkeypatch: Any) -> None:
    with transaction.atomic():
        row = BUILD[Letter]()
        save_with_history(row, by=None, why="проба")

    def undo(*_args: Any, **_options: Any) -> Any:
        with transaction.atomic():
            raise DatabaseError("undone")

    monkeypatch.setattr("feedback.views.case.story", undo)
    client = as_role("clerk")
    client.raise_request_exception = False

    answer = client.get(row.case.get_absolute_url())  # type: ignore[attr-defined]

    assert answer.status_code >= 500
    assert Look.objects.count() == 1


@pytest.mark.parametrize("several", [False, True])
def test_a_page_is_not_given_where_the_look_cannot_be_stored(
    letter: Letter, as_role: Any, monkeypatch: Any, several: bool
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_look ADD CONSTRAINT no_room CHECK (kind = '')")
    if several:
        monkeypatch.setattr("feedback.views.case.note_look", lambda *said: [note_look(*said) for _time in range(2)])
    client = as_role("clerk")
    client.raise_request_exception = False

    with transaction.atomic():
        answer = client.get(letter.case.get_absolute_url())
        transaction.set_rollback(True)

    assert answer.status_code >= 500
    assert letter.case.text not in answer.content.decode()


def test_what_a_page_showed_several_of_is_stored_by_one_statement(
    letter: Letter, as_role: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("feedback.views.case.note_look", lambda *said: [note_look(*said) for _time in range(2)])

    with CaptureQueriesContext(connection) as asked:
        as_role("clerk").get(letter.case.get_absolute_url())

    assert [look.subject for look in Look.objects.all()] == [letter.case.number] * 2
    assert sum("audit_look" in one["sql"] for one in asked) == 1


@pytest.fixture
def commits() -> Iterator[list[str]]:
    """How each statement that stores looks is committed from now on, as the database says."""
    heard: list[str] = []

    def hear(notice: Any) -> None:
        heard.append(notice.message_primary)

    connection.ensure_connection()
    connection.connection.add_notice_handler(hear)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
        cursor.execute("""
            CREATE FUNCTION pg_temp.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE NOTICE '%', current_setting('synchronous_commit');
                RETURN NULL;
            END $$;
            CREATE TRIGGER tell AFTER INSERT ON audit_look EXECUTE FUNCTION pg_temp.tell()
        """)
    yield heard
    connection.connection.remove_notice_handler(hear)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER tell ON audit_look; RESET synchronous_commit")


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_disk_because_of_a_look(
    staff: dict[str, StaffUser], as_role: Any, commits: list[str]
) -> None:
    as_role("clerk").get("/desk/")
    note_outside_a_request(staff["clerk"], LookKind.EXPORT, ["С-2026-000001"])
    with transaction.atomic():
        note_outside_a_request(staff["clerk"], LookKind.EXPORT, ["С-2026-000002"])

    # Within a transaction, which holds more, nothing changes.
    assert commits == ["off", "off", "on"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] == "on"


def test_the_same_search_has_the_same_digest_however_it_is_typed() -> None:
    assert digest_of(["Иван  ПЕТРОВ"]) == digest_of(["иван", "петров"]) != digest_of(["иван"])
    assert digest_of(["", " "]) == ""


def look_of(staff: dict[str, StaffUser], role: str, number: str = "С-2026-000001", **values: Any) -> Look:
    return Look.objects.create(**{"by": staff[role], "at": timezone.now(), "kind": "case", "subject": number, **values})


def shown(client: Client, **asked: Any) -> list[str]:
    return [look.subject for look in client.get("/desk/looks/", asked).context["looks"]]


def test_an_auditor_finds_looks_by_person_number_day_kind_and_words(as_role: Any, staff: dict[str, StaffUser]) -> None:
    auditor = as_role("auditor")
    look_of(staff, "clerk", "С-2026-000001")
    look_of(staff, "expert", "С-2026-000002")
    look_of(staff, "expert", "work-list", kind="search", sought=digest_of(["Иван Петров"]))
    look_of(staff, "mayor", "С-2026-000003", at=timezone.now() - timedelta(days=40))
    today = timezone.localdate().isoformat()

    assert shown(auditor) == ["С-2026-000003", "work-list", "С-2026-000002", "С-2026-000001"]
    assert shown(auditor, by="expert") == ["work-list", "С-2026-000002"]
    assert shown(auditor, number="с-2026-000001") == ["С-2026-000001"]
    assert shown(auditor, kind="search") == ["work-list"]
    assert shown(auditor, sought="иван петров") == ["work-list"]
    assert shown(auditor, sought="иван") == []
    assert shown(auditor, first=today, last=today) == ["work-list", "С-2026-000002", "С-2026-000001"]
    assert len(shown(auditor, first="0001-01-01", last="9999-12-31")) == 4


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("С-2026-000001", '<span class="number">С-2026-000001</span>'),
        ("work-list", "работно място"),
        ("cases-merge", "сливане на избрани преписки"),
        ("print-labels", "отпечатани етикети"),
        ("standard-waiting", 'случаи зад стандарт <span class="number">waiting</span>'),
    ],
)
def test_what_was_looked_at_is_said_in_words(
    as_role: Any, staff: dict[str, StaffUser], subject: str, words: str
) -> None:
    look_of(staff, "clerk", subject, kind="list")

    page = " ".join(as_role("auditor").get("/desk/looks/").content.decode().split())

    assert f'data-label="На какво"> {words} </td>' in page


def test_whoever_sees_who_looked_is_led_there_from_the_matter(as_role: Any) -> None:
    pages = {CaseFactory(): "?number=%D0%A1-", ApplicationFactory(): "?number=%D0%A3-"}

    led = {
        role: [begin in as_role(role).get(row.get_absolute_url()).content.decode() for row, begin in pages.items()]
        for role in ("secretary", "clerk")
    }

    assert led == {"secretary": [True, True], "clerk": [False, False]}


def test_looks_go_on_where_the_page_before_ended(
    as_role: Any, staff: dict[str, StaffUser], monkeypatch: Any, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr("samokov_portal.looking.PAGE", 2)
    auditor = as_role("auditor")
    for serial in range(1, 6):
        look_of(staff, "clerk", f"С-2026-00000{serial}")
    first = auditor.get("/desk/looks/")

    with django_assert_max_num_queries(9):
        second = auditor.get("/desk/looks/", {"before": first.context["more"]})

    assert [look.subject[-1] for look in first.context["looks"]] == ["5", "4"]
    assert [look.subject[-1] for look in second.context["looks"]] == ["3", "2"]


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-11-24", "last": "2026-11-23"},
        {"first": "2026-02-30"},
        {"by": "nobody"},
        {"kind": "x"},
        {"before": "9" * 30},
        {"sought": "а" * 101},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(as_role: Any, asked: dict[str, str]) -> None:
    answer = as_role("auditor").get("/desk/looks/", asked)

    assert (answer.status_code, answer.context["looks"]) == (422, [])


@pytest.mark.parametrize("role", ["clerk", "expert", "mayor", "editor"])
def test_others_do_not_see_who_looked(as_role: Any, role: str) -> None:
    assert as_role(role).get("/desk/looks/").status_code == 403


def test_nobody_changes_or_removes_a_look(staff: dict[str, StaffUser]) -> None:
    look = look_of(staff, "clerk")

    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.filter(pk=look.pk).update(subject="друго")
    with pytest.raises(DatabaseError), transaction.atomic():
        look.delete()
