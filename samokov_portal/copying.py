"""The rows of a question, however many there are: COPY sends them as they come.

Its plan may use several processes of the database, which that of a cursor may not.
"""

from collections.abc import Generator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

# For several million rows; those who wait for a page have long gone by then.
PATIENCE = "5min"


def copied_rows(queryset: Any) -> Generator[tuple[Any, ...]]:
    """The rows of `queryset`, which names its columns. Until all of them are read, nothing else is to be asked.

    To be asked within a transaction: one statement reads all rows and may take longer than any page may.

    Whoever may stop before, also by an error, closes it: while COPY goes on, the end of a transaction waits for ever.
    """
    try:
        statement, parameters = queryset.query.sql_with_params()
    except EmptyResultSet:
        return
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        # What its columns are, by the statement itself: COPY says nothing of it.
        cursor.execute(f"SELECT * FROM ({statement}) AS asked LIMIT 0", parameters)
        types = [column.type_code for column in cursor.description]
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
        with cursor.copy(f"COPY ({statement}) TO STDOUT", parameters) as copy:
            copy.set_types(types)
            yield from copy.rows()
