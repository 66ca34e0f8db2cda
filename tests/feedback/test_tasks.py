"""What the worker does by the clock, beside letters."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from feedback.tasks import clear_sessions, forget_attempts
from samokov_portal.office.limits import Limit, take
from samokov_portal.office.tally import Tally

pytestmark = pytest.mark.django_db
LIMIT = Limit("tries", 3, timedelta(minutes=15))


def test_counts_of_windows_that_are_over_are_forgotten(clock: datetime) -> None:
    take(LIMIT, "10.0.0.7", clock - timedelta(minutes=16))
    take(LIMIT, "10.0.0.8", clock - timedelta(minutes=14))

    forget_attempts(timestamp=0)

    assert list(Tally.objects.values_list("count", "ends_at")) == [(1, clock + timedelta(minutes=1))]


def test_sessions_that_are_over_are_removed(clock: datetime) -> None:
    for name, hours in (("over", -1), ("running", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=clock + timedelta(hours=hours))

    clear_sessions(timestamp=0)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
