"""What is put back after a test with transactions of its own can be added to."""

import pytest
from django.db import connection
from django.db.models import Max

from services.models import Unit
from tests.refilling import SEQUENCES_GO_ON

pytestmark = pytest.mark.django_db


def next_key(before: str, *values: int) -> int:
    """The key that the next unit would get, when its sequence was `before` and then went on."""
    with connection.cursor() as cursor:
        cursor.execute(before, values)
        cursor.execute(SEQUENCES_GO_ON)
        cursor.execute("SELECT nextval(pg_get_serial_sequence('services_unit', 'id'))")
        return int(cursor.fetchone()[0])


def newest() -> int:
    found = Unit.objects.aggregate(newest=Max("pk"))["newest"]
    assert found > 1
    return int(found)


def test_a_sequence_that_began_anew_goes_on_after_the_rows() -> None:
    assert next_key("SELECT setval(pg_get_serial_sequence('services_unit', 'id'), 1, false)") == newest() + 1


def test_a_sequence_ahead_of_the_rows_stays_there() -> None:
    ahead = newest() + 1000
    assert next_key("SELECT setval(pg_get_serial_sequence('services_unit', 'id'), %s)", ahead) == ahead + 1
