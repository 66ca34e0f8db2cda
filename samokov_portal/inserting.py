"""Models whose INSERT is put together once for the same columns, and whose values go beside the text.

Django puts it together for each row, with a parameter for each of forty columns, and writes every value into the text.
It is not prepared: PostgreSQL has nothing to plan, and each mixture of empty and filled columns would be another.
"""

from functools import cache
from typing import Any

from django.db import connections
from psycopg import sql

from samokov_portal.questions import binding_cursor


class KeptInsert:
    """A model of which rows are stored one by one; to stand before `models.Model` among the bases."""

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> list[Any]:
        """The values of `returning_fields` of the new row, as Django wants them."""
        values = [field.pre_save(self, True) if not raw else getattr(self, field.attname) for field in fields]
        if any(hasattr(value, "resolve_expression") for value in values):
            # What the database computes is put together with its value.
            found: list[Any] = super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]
            return found
        connection = connections[using]
        given = [
            field.get_db_prep_save(value, connection=connection) for field, value in zip(fields, values, strict=True)
        ]
        table = manager.model._meta.db_table
        text = _text(table, *(tuple(field.column for field in these) for these in (fields, returning_fields)))
        with binding_cursor(connection) as cursor:
            cursor.execute(text, given)
            return cursor.fetchall() if returning_fields else []


@cache
def _text(table: str, columns: tuple[str, ...], returned: tuple[str, ...]) -> str:
    """The statement; as many as there are tables, for their columns are always the same."""
    names, back = (sql.SQL(", ").join(map(sql.Identifier, these)) for these in (columns, returned))
    places = sql.SQL(", ").join(sql.Placeholder() * len(columns))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, places)
    return (statement + sql.SQL(" RETURNING {}").format(back) if returned else statement).as_string()
