"""What is known of now is counted from today's rows, and says what the history says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from charter.measurement import MEASURES, Period
from feedback.models import Case
from feedback.samples import make_cases, names
from samokov_portal.history import one_snapshot, save_with_history
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.samples import Chance
from services.samples import make_applications

UNTIL = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
YEAR = Period.parse("2026")


def told(code: str, as_of: datetime) -> tuple[Any, ...]:
    """All that a figure says."""
    share = MEASURES[code](YEAR, as_of)
    beside = share.unanswered, share.extended, share.spread, share.response
    return share.part, share.whole, share.excluded, *beside


@pytest.mark.django_db(transaction=True)
def test_every_figure_of_now_is_the_same_from_todays_rows_as_from_the_history() -> None:
    chance = Chance(3, WorkingDayOverride.objects.all().calendar())
    days = [date(2026, 2, 1) + timedelta(days=2 * place) for place in range(60)]
    with transaction.atomic():
        make_cases(chance, days=days, until=UNTIL)
        make_applications(chance, days=days, names=names(), until=UNTIL)
    by_history = {code: told(code, UNTIL) for code in MEASURES}

    with one_snapshot(), CaptureQueriesContext(connection) as captured:
        of_today = {code: told(code, UNTIL) for code in MEASURES}

    assert of_today == by_history
    assert sum(bool(whole) for _part, whole, *_more in by_history.values()) > 8
    counted = [one["sql"] for one in captured.captured_queries if "GROUP BY" in one["sql"]]
    assert not any('FROM "feedback_historicalcase"' in statement for statement in counted)
    looked_up = [one["sql"] for one in captured.captured_queries if '"history_date" > ' in one["sql"]]
    assert len(looked_up) == len(set(looked_up)) > 1

    # Once something was changed after the moment that is asked about, only the history knows it.
    changed = Case.objects.filter(kind="signal", decided_at__isnull=False).order_by("pk")[0]
    changed.kind = "proposal"
    with transaction.atomic():
        save_with_history(changed, by=None, why="друг вид")
    with one_snapshot():
        assert {code: told(code, UNTIL) for code in MEASURES} == by_history


@pytest.mark.django_db
def test_within_another_transaction_the_history_is_read() -> None:
    with one_snapshot(), CaptureQueriesContext(connection) as captured:
        told("registered-same-day", UNTIL)

    assert 'FROM "feedback_historicalcase"' in captured.captured_queries[0]["sql"]
