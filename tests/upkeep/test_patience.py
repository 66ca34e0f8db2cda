"""A page gives up after a while; to migrate may take as long as it takes."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import pre_migrate


def patience(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_no_statement_of_migrate_ends_by_the_clock_of_pages() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO '10s'; SET LOCAL lock_timeout TO '5s'")
    before = patience("statement_timeout"), patience("lock_timeout")

    pre_migrate.send(sender=apps.get_app_config("upkeep"), using="default")

    assert before == ("10s", "5s")
    assert (patience("statement_timeout"), patience("lock_timeout")) == ("0", "5s")
