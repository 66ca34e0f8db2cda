"""The SQL of a question to the work list, put together once for all who ask the same."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from feedback.models import Case
from samokov_portal.office import queue
from samokov_portal.office.queue import Place, asked_once, bounded, counted_by, kept
from samokov_portal.questions import Unaskable, question
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db

TODAY, NUMBER = date(2026, 11, 23), "С-2026-000001"


class Interrupted:
    """A question at whose third look-up another thread has begun the memory anew."""

    looked_up = 0

    def __hash__(self) -> int:
        self.looked_up += 1
        if self.looked_up == 3:
            queue._kept.clear()
        return 1


def rows(number: str, _today: date) -> Any:
    return Case.objects.filter(number=number, status="registered")


def test_a_question_is_answered_also_while_another_thread_begins_anew() -> None:
    found = kept(Interrupted(), rows, [NUMBER, TODAY])

    assert found is not None
    assert found.given([NUMBER, TODAY]) == (NUMBER,)


def test_the_same_question_is_put_together_once() -> None:
    first = kept("the same", rows, [NUMBER, TODAY])

    assert kept("the same", lambda *_arguments: Case.objects.none(), ["С-2026-000002", TODAY]) is first


def test_what_never_changes_stands_in_the_text() -> None:
    found = kept("a text", rows, [NUMBER, TODAY])

    assert found is not None
    assert "'registered'" in found.text
    assert NUMBER not in found.text


def test_a_question_that_counts_with_an_argument_is_refused() -> None:
    with pytest.raises(Unaskable):
        kept("counted with", lambda most: Case.objects.filter(pk=most)[:most], [3])


def test_what_follows_a_place_with_a_large_key_is_not_what_follows_a_small_one() -> None:
    case = CaseFactory.create()

    def after(day: date, key: int) -> Any:
        return Case.objects.by_awaited_day().after(Place(day, "c", key))

    place = case.queue_place
    found = kept("after", after, [TODAY, 1])
    assert found is not None
    assert found.ask([place.day, place.key - 1]) == [case]
    assert found.ask([place.day, place.key]) == []
    assert found.ask([place.day, 2**32 + place.key - 1]) == []


def test_what_is_asked_once_is_not_prepared() -> None:
    CaseFactory.create()
    once = asked_once(bounded(Case.objects.filter(subject__contains="%"), 5))
    every = asked_once(bounded(Case.objects.all(), 5))
    assert once is not None
    assert every is not None

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        before = cursor.fetchone()
        assert counted_by({"none": [once], "all": [every]}, []) == {"none": 0, "all": 1}
        assert len(every.ask([])) == 1
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == before
    assert asked_once(Case.objects.none()) is None


@question
def _numbered(number: str) -> Any:
    return Case.objects.filter(number=number).values_list("pk")


@question
def _nobodys(number: str) -> Any:
    return Case.objects.filter(number=number).none()


def test_what_is_counted_beside_brings_its_own_arguments(django_assert_num_queries: Any) -> None:
    number = CaseFactory.create().number
    CaseFactory.create_batch(2)
    others = kept("but one", lambda number: bounded(Case.objects.exclude(number=number), 5), [number])
    beside = {"it": _numbered.part(number), "nothing": _nobodys.part(number), "no other": _numbered.part("С-2026-9")}

    with django_assert_num_queries(1):
        found = counted_by({"rest": [others]}, [number], beside)

    assert found == {"rest": 2, "it": 1, "nothing": 0, "no other": 0}
    with django_assert_num_queries(0):
        assert counted_by({}, (), {"nothing": _nobodys.part(number)}) == {"nothing": 0}


def test_each_name_is_counted_by_the_arguments_it_asks_by() -> None:
    arguments = [CaseFactory.create().number, TODAY]
    CaseFactory.create_batch(2)
    named = kept("named", lambda number, _today: bounded(Case.objects.filter(number=number), 5), arguments)
    others = kept("others", lambda number, _today: bounded(Case.objects.exclude(number=number), 5), arguments)
    none = kept("none", lambda _number, _today: Case.objects.none(), arguments)

    assert none is None
    assert counted_by({"one": [named], "two": [named, named, none], "no": [none], "rest": [others]}, arguments) == {
        "one": 1,
        "two": 2,
        "no": 0,
        "rest": 2,
    }
