"""Keys: made and revoked by an editor or by a command, told once, with a reason in the history."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from samokov_portal.open311.keys import known_key
from samokov_portal.open311.models import ApiKey, Filing
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
ADMIN = "/desk/admin/open311/apikey/"


def command(*arguments: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_a_command_makes_a_key_and_prints_it_once() -> None:
    key = command("make_api_key", "Чист град", "--reason=писмо от 20.11.2026 г.")

    row = known_key(key)
    assert row is not None
    assert (row.name, row.prefix) == ("Чист град", key[:8])
    assert row.history.get().history_change_reason == "писмо от 20.11.2026 г."
    assert known_key(key[:-1]) is None


@pytest.mark.parametrize("name", ["Чист град", " ", "а" * 101])
def test_a_command_refuses_a_name_that_is_taken_or_none(name: str) -> None:
    command("make_api_key", "Чист град")

    with pytest.raises(CommandError):
        command("make_api_key", name)


def test_a_command_revokes_a_key_with_a_reason() -> None:
    key = command("make_api_key", "Чист град")

    command("revoke_api_key", key[:8], "--reason=изтекъл договор")

    assert known_key(key) is None
    assert ApiKey.objects.get().history.first().history_change_reason == "изтекъл договор"
    with pytest.raises(CommandError):
        command("revoke_api_key", key[:8], "--reason=пак")


def test_an_editor_makes_a_key_that_is_shown_once(as_role: Any) -> None:
    editor: Client = as_role("editor")
    made = editor.post(f"{ADMIN}add/", {"name": "Чист град", "is_active": "on", "reason": "поискан"}, follow=True)

    row = ApiKey.objects.get()
    shown = next(word for word in str(next(iter(made.context["messages"]))).split() if word.startswith(row.prefix))
    assert known_key(shown.rstrip(".")) == row
    assert row.history.get().history_user.username == "editor"
    assert shown not in editor.get(f"{ADMIN}{row.pk}/change/").content.decode()


def test_an_editor_revokes_a_key(as_role: Any, key: str) -> None:
    row = ApiKey.objects.get()

    as_role("editor").post(f"{ADMIN}{row.pk}/change/", {"name": row.name, "reason": "злоупотреба"})

    assert known_key(key) is None
    assert ApiKey.objects.get().digest == row.digest


def test_sample_filings_are_made_once_and_only_in_the_demonstration(settings: Any) -> None:
    CaseFactory.create_batch(6, is_sample=True)
    with pytest.raises(CommandError):
        command("sample_open311")
    settings.DEMO = True

    command("sample_open311")
    command("sample_open311")

    assert Filing.objects.count() == 2
    assert not ApiKey.objects.get().is_active
