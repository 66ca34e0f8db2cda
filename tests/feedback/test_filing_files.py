"""Files that citizens and clerks attach: kept while the form is mended, the case's when it is sent, else forgotten."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from feedback.attachments import forget_left_behind, scan_held
from feedback.models import Attachment, Case
from samokov_portal.files import shelf
from samokov_portal.office.once import new_form_token
from tests.factories import filing
from tests.files.clamd import EICAR, honest, listening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelf")]
NEW = "/feedback/new/signal/"
NOT_A_FILE = b"<script>alert(1)</script>"


def picture(color: str = "red", name: str = "снимка.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue())


def page(name: str = "бележка.txt", content: bytes = "Здравейте".encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def on_the_shelf(place: Path) -> int:
    return sum(1 for path in place.rglob("*") if path.is_file())


def send(client: Client, *files: SimpleUploadedFile, token: str = "", **changes: Any) -> Any:
    return client.post(
        NEW, {**filing("signal"), "token": token or new_form_token(), "attachments": list(files), **changes}
    )


def test_files_become_those_of_the_case_and_their_digests_stand_on_the_receipt(client: Client) -> None:
    answer = send(client, picture(), page())

    case = Case.objects.get()
    kept = list(case.attachments.in_order())
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert [(row.name, row.state, row.added_by) for row in kept] == [
        ("снимка.png", "unscanned", None),
        ("бележка.txt", "unscanned", None),
    ]
    assert [digest for row in kept for digest in (row.sha256, row.received_sha256) if digest not in shown] == []


def test_a_refused_file_is_named_and_everything_else_is_kept(client: Client) -> None:
    token = new_form_token()

    refused = send(client, picture(), page("страница.html", NOT_A_FILE), token=token, text="Тъмно е.")
    sent = send(client, token=token, text="Тъмно е.")

    shown = refused.content.decode()
    assert (refused.status_code, sent.status_code) == (422, 200)
    assert "страница.html" in shown
    assert ("Тъмно е." in shown, "снимка.png" in shown) == (True, True)
    assert [row.name for row in Case.objects.get().attachments.all()] == ["снимка.png"]


def test_files_are_kept_while_another_field_is_mended(client: Client) -> None:
    token = new_form_token()

    send(client, picture(), token=token, subject="")
    send(client, picture("blue", "друга.png"), token=token)

    assert [row.name for row in Case.objects.get().attachments.in_order()] == ["снимка.png", "друга.png"]


def test_a_kept_file_may_be_dropped(client: Client, own_shelf: Path) -> None:
    token = new_form_token()
    send(client, picture(), page(), token=token, subject="")
    unwanted = Attachment.objects.get(name="снимка.png")

    send(client, token=token, drop=[str(unwanted.key)])

    assert [row.name for row in Case.objects.get().attachments.all()] == ["бележка.txt"]
    assert on_the_shelf(own_shelf) == 1


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_dropping_what_is_not_there_does_no_harm(client: Client, key: str) -> None:
    assert send(client, picture(), drop=[key]).status_code == 200


def test_nobody_drops_a_file_of_another_form(client: Client) -> None:
    send(client, picture(), subject="")
    others = Attachment.objects.get()

    send(client, drop=[str(others.key)])

    assert Attachment.objects.filter(pk=others.pk).exists()


def test_a_second_press_keeps_each_file_once(client: Client, own_shelf: Path) -> None:
    token = new_form_token()

    answers = [send(client, picture(), page(), token=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (Case.objects.count(), Attachment.objects.count(), on_the_shelf(own_shelf)) == (1, 2, 2)


def test_the_same_form_with_another_file_is_told_that_it_was_not_added(client: Client) -> None:
    token = new_form_token()
    send(client, picture(), token=token)

    answer = send(client, picture(), picture("blue", "друга.png"), token=token)

    assert answer.status_code == 409
    assert [row.name for row in Case.objects.get().attachments.all()] == ["снимка.png"]


def test_more_files_than_allowed_are_named(client: Client, settings: Any) -> None:
    settings.ATTACHMENTS_MAX = 2

    answer = send(client, *(picture(color, f"{color}.png") for color in ("red", "green", "blue")))

    assert answer.status_code == 422
    assert "blue.png" in str(answer.context["form"].errors)
    assert Attachment.objects.count() == 2


def test_a_file_that_is_too_large_is_named_and_the_form_is_kept(client: Client, settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10

    answer = send(client, picture(name="голям.png"), text="Тъмно е.")

    assert answer.status_code == 422
    assert "голям.png" in str(answer.context["form"].errors)
    assert "Тъмно е." in answer.content.decode()


def test_a_full_disk_costs_the_file_only(client: Client, own_shelf: Path) -> None:
    (own_shelf / "occupied").write_text("")
    Attachment._meta.get_field("stored").storage.__dict__["location"] = str(own_shelf / "occupied")
    shelf.store().__dict__["location"] = str(own_shelf / "occupied")

    answer = send(client, picture(), text="Тъмно е.")

    assert answer.status_code == 422
    assert "снимка.png" in str(answer.context["form"].errors)
    assert "Тъмно е." in answer.content.decode()


@pytest.mark.parametrize(("minutes", "left"), [(59, 1), (61, 0)])
def test_files_of_a_form_that_was_not_sent_wait_an_hour(
    client: Client, clock: datetime, own_shelf: Path, minutes: int, left: int
) -> None:
    send(client, picture(), subject="")

    forget_left_behind(now=clock + timedelta(minutes=minutes))

    assert (Attachment.objects.count(), on_the_shelf(own_shelf)) == (left, left)


def test_files_of_a_case_are_never_forgotten_like_that(client: Client, clock: datetime) -> None:
    send(client, picture())

    assert forget_left_behind(now=clock + timedelta(days=30)) == 0
    assert Attachment.objects.count() == 1


def test_an_infected_file_is_refused_by_name(client: Client, settings: Any) -> None:
    with listening(honest) as settings.CLAMAV_SOCKET:
        answer = send(client, page("вирус.txt", EICAR))

    assert answer.status_code == 422
    assert "Eicar-Test-Signature" in str(answer.context["form"].errors)
    assert not Attachment.objects.exists()


def test_without_the_scanner_the_case_is_filed_and_the_file_is_held_until_it_is_back(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody")

    answer = send(client, picture())
    held = Attachment.objects.get()
    with listening(honest) as settings.CLAMAV_SOCKET:
        scan_held()

    assert (answer.status_code, held.state, held.may_be_opened) == (200, "quarantined", False)
    assert held.get_state_display() in answer.content.decode()
    held.refresh_from_db()
    assert (held.state, held.may_be_opened) == ("clean", True)


def test_a_held_file_that_turns_out_infected_stays_closed(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody")
    send(client, page("вирус.txt", EICAR))

    with listening(honest) as settings.CLAMAV_SOCKET:
        scan_held()

    held = Attachment.objects.get()
    assert (held.state, held.may_be_opened) == ("infected", False)
    assert held.history.order_by("-history_id").first().history_change_reason == "проверен за вируси"


def test_a_clerk_attaches_files_to_what_is_logged(as_role: Any, staff: Any, clock: Any) -> None:
    typed = {**filing("signal"), "token": new_form_token(), "channel": "counter", "received_at": "23.11.2026 11:55"}

    answer = as_role("clerk").post("/desk/log/signal/", {**typed, "attachments": [page()]})

    assert answer.status_code == 200
    assert Case.objects.get().attachments.get().added_by == staff["clerk"]
