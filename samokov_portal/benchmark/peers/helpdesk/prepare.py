"""`python -m … N` makes the tables, N tickets and somebody of the staff, and prints the cookie of that person."""

import sys
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402 - the apps must be loaded
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

# By its name, because its package is not where types are checked.
QUEUE, QUEUES = ("helpdesk", "Queue"), 12
# Two years of tickets, four of five of them closed after some weeks, with the words in which they came.
TICKETS = """
    INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email, status, on_hold, description,
                                 resolution, priority, assigned_to_id, secret_key)
    SELECT 'Не свети лампа ' || n, 1 + n %% %(queues)s, at, at + n %% 60 * interval '1 day', 'maria@example.bg',
           CASE WHEN n %% 5 = 0 THEN 1 ELSE 4 END, FALSE, %(text)s, '', 3, %(user)s, md5(n::text)
    FROM (
        SELECT n, now() - n * interval '730 days' / %(tickets)s AS at FROM generate_series(1, %(tickets)s) AS n
    ) AS made
"""
FOLLOWUPS = """
    INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public)
    SELECT id, created, 'Ticket Opened Via Web', %(text)s, TRUE FROM helpdesk_ticket
"""
TEXT = "От седмица не светят лампите по улицата и вечер не се вижда нищо. " * 5


def prepare(tickets: int) -> str:
    """The tables with so many tickets; the cookie of somebody of the staff."""
    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_superuser("staff")
    for number in range(1, QUEUES + 1):
        apps.get_model(*QUEUE).objects.create(
            title=f"Отдел {number}", slug=f"unit-{number}", allow_public_submission=True
        )
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"tickets": tickets, "queues": QUEUES, "user": user.pk, "text": TEXT}
        cursor.execute(TICKETS, values)
        cursor.execute(FOLLOWUPS, values)
        cursor.execute("ANALYZE")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    print(prepare(int(sys.argv[1])))  # noqa: T201 - who started it reads it
