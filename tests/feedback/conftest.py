"""What tests of pages ask for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def count_queries() -> Callable[..., int]:
    """How many queries a call makes, once the caches of the process are warm."""

    def count(call: Callable[..., Any], *args: Any) -> int:
        call(*args)
        with CaptureQueriesContext(connection) as made:
            call(*args)
        return len(made)

    return count
