"""A page of twenty services, a page of fifty cases, and a filing in one transaction; their addresses too."""

import secrets
import uuid
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from psycopg import sql

from samokov_portal.benchmark.floor.models import Case, Service

A_PAGE, OF_SERVICES = 50, 20


def page(request: HttpRequest) -> HttpResponse:
    """Twenty services in the order of an index."""
    return render(request, "floor/page.html", {"services": Service.objects.order_by("pk")[:OF_SERVICES]})


def rows(request: HttpRequest) -> HttpResponse:
    """Fifty cases in the order of an index."""
    return render(request, "floor/rows.html", {"cases": Case.objects.order_by("-pk")[:A_PAGE]})


def file(request: HttpRequest) -> HttpResponse:
    """The rows of a filing, each by one statement in one transaction, with a number of the register.

    What a row holds beside what was sent is taken from the newest case that the portal stored, by the database.
    """
    values: dict[str, Any] = {
        "subject": request.POST["subject"],
        "text": request.POST["text"],
        "name": request.POST["name"],
        "email": request.POST["email"],
        "year": timezone.now().year,
        "now": timezone.now(),
        "digest": secrets.token_hex(32),
        "key": uuid.uuid4(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        values["number"] = _number(cursor, values)
        for name, statement in statements().items():
            cursor.execute(statement, values)
            values[name] = cursor.fetchone()[0]
    return render(request, "floor/filed.html", {"number": values["number"]})


def _number(cursor: Any, values: dict[str, Any]) -> str:
    cursor.execute(
        "UPDATE office_registercounter SET last = last + 1 WHERE register = 'С' AND year = %(year)s RETURNING last",
        values,
    )
    return f"С-{values['year']}-{cursor.fetchone()[0]:06d}"


kept: dict[str, str] = {}


def statements() -> dict[str, str]:
    """An INSERT for each table of a filing, in order; made once in each process."""
    if not kept:
        kept.update(_made())
    return kept


# Of each table: the key that it gives back, what is not taken from the model row, and which row that is.
CASE = {name: f"%({name})s" for name in ("number", "subject", "text", "name", "email")}
CASE |= {"received_at": "%(now)s", "registered_at": "%(now)s", "form_digest": "%(digest)s"}
OF_CASE = {"case_id": "%(case)s"}
HISTORY = {"history_date": "%(now)s"}
TABLES: dict[str, tuple[str, str, dict[str, str]]] = {
    "case": ("feedback_case", "id", CASE),
    "version": ("feedback_historicalcase", "history_id", {**CASE, **HISTORY, "id": "%(case)s"}),
    "event": ("feedback_caseevent", "id", {**OF_CASE, "at": "%(now)s"}),
    "letter": ("feedback_letter", "id", {**OF_CASE, "event_id": "%(event)s", "key": "%(key)s"}),
    "letter_version": (
        "feedback_historicalletter",
        "history_id",
        {**OF_CASE, **HISTORY, "event_id": "%(event)s", "id": "%(letter)s", "key": "%(key)s"},
    ),
}


def _made() -> dict[str, str]:
    """Statements with the values of a stored filing in them, so that reading it is no part of what is measured."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM feedback_case WHERE form_digest IS NOT NULL")
        case = cursor.fetchone()[0]
        return {name: _statement(cursor, case, *table) for name, table in TABLES.items()}


def _statement(cursor: Any, case: int, table: str, key: str, own: dict[str, str]) -> str:
    of_case = "id" if table in ("feedback_case", "feedback_historicalcase") else "case_id"
    cursor.execute(f"SELECT * FROM {table} WHERE {of_case} = %s ORDER BY {key} LIMIT 1", [case])
    columns, row = [column.name for column in cursor.description], cursor.fetchone()
    filled = {name: _literal(value) for name, value in zip(columns, row, strict=True) if name != key} | own
    names = ", ".join(f'"{name}"' for name in filled)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(filled.values())}) RETURNING {key}"


def _literal(value: Any) -> str:
    return sql.Literal(value).as_string(connection.connection).replace("%", "%%")


urlpatterns = [path("page/", page), path("rows/", rows), path("file/", file)]
