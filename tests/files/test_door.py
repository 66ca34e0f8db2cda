"""What comes in by the one door is measured, named, scanned, cleaned and stored, or refused in plain words."""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as ours
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import translation

from samokov_portal.environment import attachments_store
from samokov_portal.files import shelf
from samokov_portal.files.door import Kept, scan_again, take_in
from samokov_portal.files.refusals import Damaged, Empty, FileRefused, Infected, NotAccepted, TooLarge
from samokov_portal.files.scanner import ScanState
from tests.files import clamd
from tests.files.makers import MARK, archive, heic, jpeg, openxml, pdf_bytes


def taken(content: bytes, name: str = "файл") -> Kept:
    return take_in(SimpleUploadedFile("whatever", content), name)


def stored(kept: Kept) -> bytes:
    with shelf.store().open(kept.stored) as file:
        return file.read()


@pytest.fixture(autouse=True)
def shop(settings: Any, tmp_path: Path) -> Path:
    """The directory of the settings, but with nobody else's files in it."""
    place = tmp_path / "attachments"
    own = settings.STORAGES["attachments"]
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {**own, "OPTIONS": {**own["OPTIONS"], "location": place}},
    }
    return place


@pytest.fixture(autouse=True)
def bulgarian() -> Iterator[None]:
    with translation.override("bg"):
        yield


def test_photograph_of_a_telephone_is_kept_as_a_jpeg_without_its_place() -> None:
    sent = heic()

    kept = taken(sent, "IMG_0001.HEIC")

    content = stored(kept)
    assert (kept.name, kept.content_type, kept.state) == ("IMG_0001.jpg", "image/jpeg", ScanState.UNSCANNED)
    assert kept.received_sha256 == hashlib.sha256(sent).hexdigest()
    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (MARK in sent, MARK in content) == (True, False)


def test_text_is_kept_as_it_came() -> None:
    kept = taken("Здравейте".encode(), "писмо.txt")

    assert (kept.sha256, stored(kept).decode()) == (kept.received_sha256, "Здравейте")


def test_name_that_claims_another_kind_gives_way_to_the_content() -> None:
    assert taken(pdf_bytes(), "снимка.jpg").name == "снимка.pdf"


def test_name_on_the_shelf_tells_nothing() -> None:
    kept = taken(pdf_bytes(), "../../Иван Иванов.pdf")

    assert re.fullmatch(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}", kept.stored)
    assert kept.name == "Иван Иванов.pdf"


def test_shelf_is_open_to_nobody_but_the_portal(shop: Path) -> None:
    kept = taken(b"x", "x.txt")

    file = shop / kept.stored
    folders = [file.parent, file.parent.parent, shop]
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert [oct(folder.stat().st_mode)[-3:] for folder in folders] == ["700"] * 3


def test_shelf_of_the_settings_lies_beside_what_is_served() -> None:
    place = Path(attachments_store(ours.DATA_DIR)["OPTIONS"]["location"])

    assert place == ours.DATA_DIR / "attachments"
    assert not place.is_relative_to(ours.STATIC_ROOT)


def test_disk_that_fails_is_not_blamed_on_the_file(shop: Path) -> None:
    shop.write_text("a file stands where the directory should be")

    with pytest.raises(OSError, match="attachments"):
        taken(b"x")


def test_file_of_exactly_the_limit_is_taken() -> None:
    kept = taken(b"x" * ours.ATTACHMENT_MAX_BYTES)

    assert kept.size == ours.ATTACHMENT_MAX_BYTES == 20 * 1024 * 1024


def test_file_one_byte_above_the_limit_is_refused() -> None:
    with pytest.raises(TooLarge) as refused:
        taken(b"x" * (ours.ATTACHMENT_MAX_BYTES + 1), "много.txt")

    assert refused.value.message == (
        "„много.txt“ е по-голям от 20 MB. Намалете го или го разделете на части и ги приложете."
    )


def test_file_is_not_read_far_beyond_the_limit(settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1000
    upload = ContentFile(b"x" * 10_000_000)

    with pytest.raises(TooLarge):
        take_in(upload, "x.txt")

    assert upload.tell() < 1_000_000


def test_empty_file_is_refused() -> None:
    with pytest.raises(Empty, match=r"^„x\.pdf“ е празен файл\."):
        taken(b"", "x.pdf")


@pytest.mark.parametrize("name", ["x.exe", "x.html", "x.svg", "x.pdf.js", "x\u202efdp.exe"])
def test_innocent_content_under_the_name_of_a_program_is_refused(name: str) -> None:
    with pytest.raises(NotAccepted):
        taken(pdf_bytes(), name)


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html></html>", b"<svg/>", b"\x7fELF"])
def test_program_under_an_innocent_name_is_refused(content: bytes) -> None:
    with pytest.raises(NotAccepted):
        taken(content, "снимка.jpg")


def test_refusal_names_the_file_and_leaves_nothing_on_the_shelf(shop: Path) -> None:
    with pytest.raises(Damaged) as refused:
        taken(jpeg()[:400], 'C:\\x\\"сним\u202eка".jpg')

    assert str(refused.value).startswith("„снимка.jpg“ е повреден или непълен.")
    assert not shop.exists()


def test_every_refusal_says_what_to_do() -> None:
    facts = {"name": "x.pdf", "megabytes": 20, "megapixels": 50, "signature": "Eicar", "most": 10}

    messages = [kind(**facts).message for kind in FileRefused.__subclasses__()]

    assert len(messages) == 12
    assert all("„x.pdf“" in message and re.search(r"(те|ете) ", message) for message in messages)
    assert not any("%(" in message for message in messages)


def test_large_upload_that_django_keeps_on_the_disk_is_taken() -> None:
    with TemporaryUploadedFile("x.pdf", "application/pdf", 0, None) as upload:
        upload.write(pdf_bytes())

        assert take_in(upload, "x.pdf").content_type == "application/pdf"


def test_plain_file_of_another_channel_is_taken() -> None:
    kept = take_in(File(io.BytesIO(archive(openxml()))), "от пощата.doc")

    assert kept.name == "от пощата.docx"


def test_clean_file_is_said_to_be_clean(settings: Any) -> None:
    with clamd.listening(clamd.honest) as settings.CLAMAV_SOCKET:
        assert taken(pdf_bytes()).state == ScanState.CLEAN


def test_infected_file_is_refused_even_where_cleaning_would_have_helped(settings: Any) -> None:
    with (
        clamd.listening(clamd.honest) as settings.CLAMAV_SOCKET,
        pytest.raises(Infected, match="зловреден код \\(Eicar-Test-Signature\\)"),
    ):
        taken(jpeg() + clamd.EICAR, "снимка.jpg")


def test_held_file_is_let_go_when_the_scanner_is_back(settings: Any, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "absent")
    kept = taken(pdf_bytes())

    with clamd.listening(clamd.honest) as settings.CLAMAV_SOCKET:
        state = scan_again(kept.stored)

    assert (kept.state, state) == (ScanState.QUARANTINED, ScanState.CLEAN)


def test_held_file_in_which_a_virus_is_found_can_be_thrown_away(settings: Any, shop: Path, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "absent")
    kept = taken(clamd.EICAR, "x.txt")

    with clamd.listening(clamd.honest) as settings.CLAMAV_SOCKET, pytest.raises(Infected):
        scan_again(kept.stored)
    shelf.discard(kept.stored)

    assert not (shop / kept.stored).exists()
