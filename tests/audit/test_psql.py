"""What somebody types into psql with the portal's own role: on no audited table is a change without history kept."""

import os
import subprocess
from typing import Any

import pytest
from django.db import connection, models, transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from samokov_portal.database_roles import APPLICATION
from samokov_portal.history import save_with_history
from samokov_portal.launcher.backup import program, server_major
from services.models import Unit
from tests.audit.rows import BUILD, CHANGES

pytestmark = pytest.mark.django_db(transaction=True)


def typed(statement: sql.Composed) -> subprocess.CompletedProcess[str]:
    """One statement, committed by psql if the database lets it."""
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"], user=APPLICATION)
    psql = program("psql", os.environ, server_major(url))
    return subprocess.run(
        [psql, "--no-psqlrc", f"--dbname={url}", "--command", statement.as_string()], capture_output=True, text=True
    )


def statements(model: type[models.Model], key: Any) -> dict[str, sql.Composed]:
    table = sql.Identifier(model._meta.db_table)
    name, value = CHANGES[model]
    if name == "unit_id":
        value = Unit.objects.latest("pk").pk
    return {
        "update": sql.SQL("UPDATE {} SET {} = {} WHERE id = {}").format(
            table, sql.Identifier(name), sql.Literal(value), sql.Literal(key)
        ),
        "delete": sql.SQL("DELETE FROM {} WHERE id = {}").format(table, sql.Literal(key)),
        "insert": sql.SQL(
            "INSERT INTO {0} SELECT (jsonb_populate_record(one, '{{\"id\": 987654}}')).* FROM {0} AS one WHERE id = {1}"
        ).format(table, sql.Literal(key)),
        "truncate": sql.SQL("TRUNCATE {} CASCADE").format(table),
    }


def contents(model: type[models.Model]) -> list[tuple[Any, ...]]:
    return list(model._default_manager.order_by("pk").values_list())


def test_no_change_without_history_is_kept_on_any_table() -> None:
    kept: list[str] = []
    unexplained: list[str] = []
    for model in sorted(BUILD, key=lambda one: one._meta.label):
        row = model._default_manager.order_by("pk").first()
        if row is None:
            with transaction.atomic():
                row = BUILD[model]()
                save_with_history(row, by=None, why="проба")
        before = contents(model)
        for what, statement in statements(model, row.pk).items():
            answer = typed(statement)
            if answer.returncode == 0 or contents(model) != before:
                kept.append(f"{model._meta.label} {what}")
            if what == "update" and model._meta.db_table not in answer.stderr:
                unexplained.append(f"{model._meta.label}: {answer.stderr}")

    assert (kept, unexplained) == ([], [])
