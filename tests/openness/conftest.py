"""What tests of files for machines ask for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override


@pytest.fixture(autouse=True)
def bulgarian() -> Iterator[None]:
    """An English page leaves no language behind."""
    with override("bg"):
        yield


@pytest.fixture
def count_queries() -> Callable[..., int]:
    """How many queries a call makes, once the caches of the process are warm."""

    def count(call: Callable[..., Any], *args: Any) -> int:
        call(*args)
        with CaptureQueriesContext(connection) as made:
            call(*args)
        return len(made)

    return count
