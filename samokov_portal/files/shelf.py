"""Where kept files lie: a private store under random names, on the disk or in a bucket, as the settings say."""

import uuid
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages


def store() -> Storage:
    """The store of the settings; asked for each time, so that it is nobody's at import."""
    return storages["attachments"]


def put(content: IO[bytes]) -> str:
    """Store the whole of `content`; the random name under which it lies, which tells nothing about it."""
    name = uuid.uuid4().hex
    content.seek(0)
    return store().save(f"{name[:2]}/{name[2:4]}/{name}", File(content, name))


def discard(stored: str) -> None:
    """Remove what lies under the name, for a file that nobody is going to have; nothing happens if it is gone."""
    store().delete(stored)
