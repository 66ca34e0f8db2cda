"""What tests of pages ask for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.models import Attachment
from samokov_portal.files import shelf


@pytest.fixture
def count_queries() -> Callable[..., int]:
    """How many queries a call makes, once the caches of the process are warm."""

    def count(call: Callable[..., Any], *args: Any) -> int:
        call(*args)
        with CaptureQueriesContext(connection) as made:
            call(*args)
        return len(made)

    return count


@pytest.fixture
def own_shelf(settings: Any, tmp_path: Path) -> Path:
    """The files of a test lie in a directory of its own."""
    store = {**settings.STORAGES["attachments"]}
    store["OPTIONS"] = {**store["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "attachments": store}
    Attachment._meta.get_field("stored").storage = shelf.store()
    return tmp_path
