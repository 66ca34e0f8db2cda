"""The floor of a report reads each row that the report reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samokov_portal.benchmark.papers import reads
from services.models import Unit


@pytest.mark.django_db
def test_what_is_read_through_a_cursor_is_a_statement_of_the_floor() -> None:
    with CaptureQueriesContext(connection) as captured:
        through_a_cursor = list(Unit.objects.values_list("code").iterator(chunk_size=10))

    statements = reads(one["sql"] for one in captured.captured_queries)

    assert through_a_cursor
    assert captured.captured_queries[0]["sql"].startswith("DECLARE")
    assert len(statements) == 1
    with connection.cursor() as cursor:
        cursor.execute(statements[0])
        assert cursor.fetchall() == through_a_cursor


def test_what_is_written_is_none_of_the_floors_statements() -> None:
    assert reads(["SAVEPOINT one", "INSERT INTO a SELECT 1", "WITH b AS (SELECT 1) SELECT 2"]) == [
        "WITH b AS (SELECT 1) SELECT 2"
    ]
