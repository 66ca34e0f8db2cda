"""Two clerks who tie the same cases at the same moment."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from feedback.actions import merging
from feedback.actions.refusals import (
    Refused,
)
from feedback.models import Case
from tests.factories import at
from tests.feedback.life_stories import (
    filed,
    take,
)

pytestmark = pytest.mark.django_db
TIED_AT, LATER = at("2026-03-10"), at("2026-03-20")
WHY = "за една и съща лампа"


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_who_tie_two_cases_to_each_other_one_is_refused(staff: Any) -> None:
    one, other = filed(), filed()
    together, results = threading.Barrier(2), []

    def tie(case: Case, main: Case) -> None:
        try:
            together.wait(timeout=10)
            merging.merge_case(case_id=case.pk, main=main, reason=WHY, by=staff["clerk"], now=LATER)
            results.append("tied")
        except Refused as refusal:
            results.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=tie, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(results) in (["IsTied", "tied"], ["WrongMain", "tied"])
    assert Case.objects.exclude(duplicate_of=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_ties_a_tied_case_again_waits_for_who_answers_the_main_one(staff: Any) -> None:
    case, main = filed(), filed()  # the tied one has the smaller key
    take("merge", case, now=LATER, by=staff["clerk"], main=main)
    results: list[str] = []

    def tie() -> None:
        try:
            merging.merge_case(case_id=case.pk, main=main, reason=WHY, by=staff["clerk"], now=LATER)
        except Refused as refusal:
            results.append(type(refusal).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=tie)
    with transaction.atomic():
        # As an answer does: the main one first.
        Case.objects.select_for_update(of=("self",)).get(pk=main.pk)
        thread.start()
        until_it_waits(thread)
        Case.objects.select_for_update(of=("self",), nowait=True).get(pk=case.pk)
    thread.join(timeout=30)

    assert results == ["IsTied"]


def until_it_waits(thread: threading.Thread) -> None:
    """Until another connection to this database waits for a lock, or `thread` has come to its end without."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        while thread.is_alive():
            # Within a transaction the view stays as it was first read.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waits)
            if cursor.fetchone() != (0,):
                return
