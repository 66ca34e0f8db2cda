"""What every test may ask for: the people of the municipality and its loaded charter and catalogue."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client, override_settings
from django.utils import translation

from charter.texts import load_charter
from feedback.models import Attachment
from feedback.texts import load_letters
from samokov_portal.files import shelf
from samokov_portal.search.synonyms import load_synonyms
from samokov_portal.signin.passing import BACKEND
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.roles import sync_roles
from services.catalogue import load_catalogue
from services.models import Unit, UnitMember
from tests import knowing
from tests.charter.staged import keep_few_standards
from tests.refilling import Kept, empty_and_refill, guard_again, keep, put

PASSWORD = "проверка-2026"
FAST_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("portal")
    group.addoption("--approve", action="store_true", help="keep how the pages look now as the approved pictures")
    group.addoption("--statement", action="store_true", help="write down what the statement of accessibility tells")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--statement") and config.getoption("numprocesses", default=None):
        raise pytest.UsageError("--statement tells of one run in one process: leave -n out")


def load_all() -> None:
    sync_roles()
    load_catalogue()
    load_synonyms()
    load_charter()
    load_letters()


def collect_seldom() -> None:
    """What is loaded by now stays to the end: to search it for garbage ever again costs a fifteenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Every test starts with the roles, the charter and the catalogue, as the portal does.

    A test with transactions of its own empties the tables at its end; they are filled again with what was in them.
    """
    with django_db_blocker.unblock():
        load_all()
        kept = keep()
        PEOPLE.extend(kept_people())
    collect_seldom()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            DatabaseOperations, "execute_sql_flush", lambda _operations, statements: empty_and_refill(statements, kept)
        )
        # Content types and permissions are among the rows; what a test did to guards and rights is mended.
        patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", guard_again)
        yield


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    """Argon2 is slow on purpose; here nobody guesses."""
    settings.PASSWORD_HASHERS = FAST_HASHERS


@pytest.fixture(autouse=True)
def in_bulgarian() -> Iterator[None]:
    """A page asked for in English leaves its language to the thread, and no test may leave it to the next one."""
    yield
    translation.activate(portal_settings.LANGUAGE_CODE)


@pytest.fixture
def now() -> datetime:
    """Monday 23.11.2026, 12:00 in Sofia."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


# The rows of `hired`, kept once: to make six people takes some two hundred queries, and most tests need them.
PEOPLE: Kept = []
ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")


def hired() -> None:
    """One person for each role, called as the role; the expert works in hdettos."""
    for role in ROLES:
        person = StaffUser.objects.create_user(role, password=PASSWORD, is_staff=role in ("editor", "auditor"))
        person.groups.set(Group.objects.filter(name=role))
        if role == "expert":
            UnitMember.objects.create(user=person, unit=Unit.objects.get(code="hdettos"))


def kept_people() -> Kept:
    """The rows of those who are hired, with their history and events; nothing of it stays in the tables."""
    with override_settings(PASSWORD_HASHERS=FAST_HASHERS), transaction.atomic():
        hired()
        whose = f"IN (SELECT id FROM staff_staffuser WHERE username IN {ROLES})"
        people = keep(
            {
                "staff_staffuser": f"id {whose}",
                "staff_historicalstaffuser": f"id {whose}",
                "staff_staffuser_groups": f"staffuser_id {whose}",
                "staff_staffevent": f"user_id {whose}",
                "services_unitmember": f"user_id {whose}",
                "services_historicalunitmember": f"user_id {whose}",
            }
        )
        transaction.set_rollback(True)
    return people


@pytest.fixture
def staff(db: None) -> dict[str, StaffUser]:
    """One person for each role, by the name of the role; the expert works in hdettos."""
    return make_staff()


@transaction.atomic
def make_staff() -> dict[str, StaffUser]:
    """The same for rows that many tests share."""
    put(PEOPLE)
    found = {person.username: person for person in StaffUser.objects.filter(username__in=ROLES)}
    return {role: found[role] for role in ROLES}


@pytest.fixture
def few_standards(db: None) -> None:
    """A charter of a few promises, for tests of reports in which it does not matter of what."""
    keep_few_standards()


@pytest.fixture
def as_role(staff: dict[str, StaffUser]) -> Any:
    """A client logged in as the person of a role: `as_role("clerk").get(…)`."""

    def login(role: str) -> Client:
        client = Client()
        client.force_login(staff[role], backend=BACKEND)
        return client

    return login


@pytest.fixture
def own_shelf(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of a test lie in a directory of its own, and those of the next one do not."""
    store = {**settings.STORAGES["attachments"]}
    store["OPTIONS"] = {**store["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "attachments": store}
    monkeypatch.setattr(Attachment._meta.get_field("stored"), "storage", shelf.store())
    return tmp_path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """The clock of views and of history stands at `now`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now


@pytest.fixture
def known_by_its_moments() -> Iterator[None]:
    """Actions with an invented `now` leave a history of that time, so that figures of then can be asked for."""
    with knowing.known_by_its_moments():
        yield
