"""A machine that has other keys or another store than the others is told so before it serves anybody."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback.models import Attachment
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.keys import make_key, rotate_key
from samokov_portal.staff.factors import WrongCode, add_app, confirm_code
from samokov_portal.staff.models import StaffUser
from samokov_portal.upkeep.sameness import check_sameness
from tests.factories import filing
from tests.staff.test_second_factor import SEED, code_of

pytestmark = pytest.mark.django_db
OTHER_SECRET = "the key of another machine, long enough for every check that asks for fifty"


def told() -> list[str | None]:
    return [message.id for message in check_sameness(databases=["default"])]


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> Path:
    """The keys of this machine."""
    settings.REPORT_KEY_FILE = tmp_path / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    return tmp_path / "keys"


def test_an_empty_portal_differs_from_nobody() -> None:
    assert told() == []


def test_without_a_database_nothing_is_asked(settings: Any) -> None:
    assert check_sameness(databases=None) == []


def test_a_session_of_the_same_key_is_read_and_one_of_another_is_told(as_role: Any, settings: Any) -> None:
    as_role("clerk")
    assert told() == []

    settings.SECRET_KEY = OTHER_SECRET
    assert told() == ["upkeep.W001"]


def test_the_key_before_may_stand_among_the_fallbacks(as_role: Any, settings: Any) -> None:
    as_role("clerk")

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], OTHER_SECRET

    assert told() == []


def test_a_machine_without_the_key_of_the_newest_seal_is_told(settings: Any, tmp_path: Path, now: datetime) -> None:
    assert seal_with_our_key(now) is not None
    assert told() == []

    settings.REPORT_KEY_FILE = tmp_path / "elsewhere" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    assert told() == ["upkeep.W002"]


def test_who_rotated_the_key_keeps_the_public_half_of_the_old_one(settings: Any, now: datetime) -> None:
    seal_with_our_key(now)

    rotate_key(settings.REPORT_KEY_FILE)

    assert told() == []


def test_keys_that_cannot_be_read_are_told(keys: Path) -> None:
    (keys / "broken.pub").write_text("no key")

    assert told() == ["upkeep.W002"]


@pytest.fixture
def attached(client: Client, own_shelf: Path) -> Attachment:
    """A file that came with a signal."""
    page = client.get("/feedback/new/signal/")
    typed = {**filing("signal"), "token": page.context["form"]["token"].value()}
    client.post("/feedback/new/signal/", {**typed, "attachments": SimpleUploadedFile("x.txt", b"x" * 10)})
    return Attachment.objects.get()


def test_a_file_of_the_same_store_is_found_and_one_of_another_is_told(attached: Attachment, own_shelf: Path) -> None:
    assert told() == []

    (own_shelf / attached.stored.name).unlink()
    assert told() == ["upkeep.W003"]


class Refusing(BaseCache):
    """A cache that nobody may use: what lies in one of a process is unknown to the next machine."""

    def __init__(self, _location: str, parameters: dict[str, Any]) -> None:
        super().__init__(parameters)


@pytest.fixture
def refusing(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.Refusing"}}


@pytest.mark.usefixtures("refusing")
def test_a_portal_whose_cache_refuses_everything_misses_nothing(as_role: Any, client: Client) -> None:
    pages = [client.get("/"), client.get("/feedback/new/signal/"), as_role("clerk").get("/desk/")]
    answers = [
        client.post("/feedback/track/", {"number": "С-2026-000001", "code": "XXXX-XXXX-XXXX-XXXX"}),
        client.post("/desk/login/", {"username": "clerk", "password": "друга-парола"}),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [answer.status_code for answer in answers] == [422, 200]


@pytest.mark.usefixtures("refusing")
def test_a_code_of_an_app_is_used_up_without_a_cache(staff: dict[str, StaffUser]) -> None:
    add_app(user=staff["clerk"], secret=SEED, code=code_of(periods=-1))
    code = code_of()

    confirm_code(user=staff["clerk"], code=code)

    with pytest.raises(WrongCode):
        confirm_code(user=staff["clerk"], code=code)
