"""Models whose INSERT is put together once for the same columns, and whose values go beside the text.

Django puts it together for each row, with a parameter for each of forty columns, and writes every value into the text.
It is not prepared: PostgreSQL has nothing to plan, and each mixture of empty and filled columns would be another.
"""

from functools import cache
from typing import Any

from django.db import connections
from django.db.models.fields import AutoFieldMixin, BinaryField
from psycopg import sql

from samokov_portal.questions import binding_cursor


class KeptInsert:
    """A model of which rows are stored one by one; to stand before `models.Model` among the bases."""

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> list[Any]:
        """The key of the new row, where Django asks for it."""
        if not _is_plain(tuple(fields), tuple(returning_fields)) or any(
            hasattr(getattr(self, field.attname), "resolve_expression") for field in fields
        ):
            # What the database computes is put together with its value.
            found: list[Any] = super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]
            return found
        connection = connections[using]
        values = (getattr(self, field.attname) if raw else field.pre_save(self, add=True) for field in fields)
        given = [
            field.get_db_prep_save(value, connection=connection) for field, value in zip(fields, values, strict=True)
        ]
        columns = tuple(field.column for field in fields)
        text = _text(manager.model._meta.db_table, columns, tuple(field.column for field in returning_fields))
        with binding_cursor(connection) as cursor:
            cursor.execute(text, given)
            return cursor.fetchall() if returning_fields else []


@cache
def _is_plain(fields: tuple[Any, ...], returned: tuple[Any, ...]) -> bool:
    """Whether a place for each value is all that the statement needs, and no more than a key comes back."""
    return (
        bool(fields)
        # PostgreSQL takes bytes as they are.
        and not any(hasattr(field, "get_placeholder") for field in fields if not isinstance(field, BinaryField))
        and all(isinstance(field, AutoFieldMixin) for field in returned)
    )


@cache
def _text(table: str, columns: tuple[str, ...], returned: tuple[str, ...]) -> str:
    """The statement; one for each table, and another where the key is given."""
    names, back = (sql.SQL(", ").join(map(sql.Identifier, these)) for these in (columns, returned))
    places = sql.SQL(", ").join(sql.Placeholder() * len(columns))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, places)
    return (statement + sql.SQL(" RETURNING {}").format(back) if returned else statement).as_string()
