"""Ways into the database of the tests, for those that ask it past the models, and rows that are sealed there."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import Connection

from samokov_portal.database_roles import APPLICATION
from tests.audit.sealing import TABLE, raw, seal
from tests.audit.test_roles import address
from tests.factories import CaseFactory


@pytest.fixture
def cursor() -> Iterator[Any]:
    with connection.cursor() as found:
        yield found


@pytest.fixture
def application() -> Iterator[Connection]:
    """A session in the role of the server and the worker; whatever it did is undone."""
    with psycopg.connect(address(dbname=connection.settings_dict["NAME"], user=APPLICATION)) as session:
        yield session
        session.rollback()


@pytest.fixture
def sealed() -> list[int]:
    """The keys of five sealed rows of the history of cases."""
    CaseFactory.create_batch(5)
    seal()
    return [key for (key,) in raw(f"SELECT history_id FROM {TABLE} ORDER BY history_id")]
