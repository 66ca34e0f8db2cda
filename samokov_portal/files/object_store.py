"""Any store that speaks S3, as the private place of attachments."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

CONNECT_SECONDS = 5
READ_SECONDS = 30
IN_MEMORY_BYTES = 2 * 1024 * 1024


class AttachmentBucket(S3Storage):
    """A private bucket: no address of a file is ever signed for the public, and no name is written twice.

    When the store does not answer, that is an OSError, as it is with a disk.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """What holds for every such store; the settings add the bucket, the place and the keys."""
        # Paths and checksums as the oldest of the compatible stores understand them.
        client = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": 2},
        )
        private = {"querystring_auth": False, "file_overwrite": False, "default_acl": None}
        return {
            **super().get_default_settings(),
            **private,
            "client_config": client,
            "max_memory_size": IN_MEMORY_BYTES,
        }

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """The name under which the content now lies."""
        with _outage_as_of_a_disk():
            return str(super().save(name, content, max_length))

    def delete(self, name: str) -> None:
        """Nothing happens when there is no such file."""
        with _outage_as_of_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether something lies under the name."""
        with _outage_as_of_a_disk():
            return bool(super().exists(name))

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with _outage_as_of_a_disk():
            file: File[bytes] = super()._open(name, mode)
            file.seek(0)  # fetched now, not in the middle of an answer
            return file


@contextmanager
def _outage_as_of_a_disk() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise OSError(f"the store of attachments failed: {error}") from error
