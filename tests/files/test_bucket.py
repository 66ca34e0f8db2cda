"""The same door before a store that speaks S3."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samokov_portal.environment import attachments_store
from samokov_portal.files import shelf
from samokov_portal.files.delivery import safe_download
from samokov_portal.files.door import Kept, take_in
from tests.files.bucket import BUCKET, Store, running_store

TEXT = "Здравейте".encode()


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
    with running_store() as store:
        yield store


@pytest.fixture
def client(running: Store, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The bucket as its owner sees it; the portal is set to use it."""
    for name, value in running.told.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = {**settings.STORAGES, "attachments": attachments_store(settings.DATA_DIR)}
    yield running.owner
    for item in running.owner.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        running.owner.delete_object(Bucket=BUCKET, Key=item["Key"])


def taken() -> Kept:
    return take_in(SimpleUploadedFile("x", TEXT), "писмо.txt")


def test_file_lies_in_the_bucket_under_a_name_that_tells_nothing(client: Any) -> None:
    kept = taken()

    found = client.get_object(Bucket=BUCKET, Key=kept.stored)
    assert (found["Body"].read(), found["ContentType"]) == (TEXT, "application/octet-stream")


def test_file_comes_back_with_its_length(client: Any) -> None:
    kept = taken()

    response = safe_download(stored=kept.stored, name=kept.name, content_type=kept.content_type, state=kept.state)

    assert (b"".join(response.streaming_content), response["Content-Length"]) == (TEXT, str(len(TEXT)))
    response.file_to_stream.close()


def test_address_of_a_file_opens_nothing(client: Any) -> None:
    kept = taken()

    assert "?" not in shelf.store().url(kept.stored)


def test_discarded_file_is_gone_and_the_loss_is_said(client: Any) -> None:
    kept = taken()
    shelf.discard(kept.stored)

    with pytest.raises(FileNotFoundError):
        safe_download(stored=kept.stored, name=kept.name, content_type=kept.content_type, state=kept.state)


def test_store_that_does_not_answer_fails_as_a_disk_does(
    client: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    kept = taken()
    monkeypatch.setenv("ATTACHMENTS_S3_ENDPOINT", "http://127.0.0.1:1")
    settings.STORAGES = {**settings.STORAGES, "attachments": attachments_store(settings.DATA_DIR)}

    with pytest.raises(OSError, match="the store of attachments failed"):
        taken()
    with pytest.raises(OSError, match="the store of attachments failed"):
        shelf.store().open(kept.stored)
    with pytest.raises(OSError, match="the store of attachments failed"):
        shelf.discard(kept.stored)


def test_bucket_without_keys_stops_the_start(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("ATTACHMENTS_S3_BUCKET", BUCKET)
    monkeypatch.delenv("ATTACHMENTS_S3_ACCESS_KEY", raising=False)

    with pytest.raises(Exception, match="ATTACHMENTS_S3_ACCESS_KEY"):
        attachments_store(settings.DATA_DIR)
