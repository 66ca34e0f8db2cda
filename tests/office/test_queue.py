"""The SQL of a question to the work list, put together once for all who ask the same."""

from typing import Any

from feedback.models import Case
from samokov_portal.office import queue
from samokov_portal.office.queue import statement


class Interrupted:
    """A question at whose third look-up another thread has begun the memory anew."""

    looked_up = 0

    def __hash__(self) -> int:
        self.looked_up += 1
        if self.looked_up == 3:
            queue._statements.clear()
        return 1


def rows() -> Any:
    return Case.objects.filter(number="С-2026-000001")


def test_a_question_is_answered_also_while_another_thread_begins_anew() -> None:
    found = statement(Interrupted(), rows)

    assert found is not None
    assert found[1] == ("С-2026-000001",)


def test_the_same_question_is_put_together_once() -> None:
    first = statement("the same", rows)

    assert statement("the same", lambda: Case.objects.none()) is first
