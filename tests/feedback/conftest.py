"""What tests of pages and of the outbox ask for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.feedback.mail_server import MailServer, free_port, listening, use_smtp


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
def smtp(settings: Any) -> Iterator[MailServer]:
    """A mail server that listens, and the portal set to use it."""
    use_smtp(settings, free_port())
    with listening(MailServer(), settings.EMAIL_PORT) as server:
        yield server


@pytest.fixture
def nobody_listens(settings: Any) -> int:
    """The portal set to a port on which there is no mail server; the port."""
    use_smtp(settings, free_port())
    return int(settings.EMAIL_PORT)
