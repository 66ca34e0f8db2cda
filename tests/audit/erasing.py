"""What tests of erasure share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from feedback.models import Case
from samokov_portal.history import save_with_history
from tests.factories import CaseFactory

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
WHY = "по искане на лицето"
PERSON = ("Евстатия Грънчарова", "0888 765-432")


def kept(row: Any) -> Any:
    save_with_history(row, by=None, why="Евстатия звънях")
    return row


def everything() -> str:
    """Every row of every table as text, as this transaction sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [name for (name,) in cursor.fetchall()]
        said = []
        for table in tables:
            cursor.execute(sql.SQL("SELECT string_agg(one::text, ' ') FROM {} AS one").format(sql.Identifier(table)))
            said.append(cursor.fetchone()[0] or "")
    return "\n".join(said)


def ended(years: int, **values: Any) -> Case:
    """A case that ended so many years and a day ago: it is closed eleven days after it came."""
    now = datetime.now(tz=UTC)  # noqa: TID251 - the command reads the clock
    came = now - relativedelta(years=years, days=12)
    row: Case = CaseFactory(closed=True, received_at=came, first_due_on=came.date() + timedelta(days=60), **values)
    return row


def told(capsys: Any, *arguments: str) -> str:
    connection.check_constraints()  # what the test made is a transaction that ended
    call_command("retain", *arguments)
    return str(capsys.readouterr().out)
