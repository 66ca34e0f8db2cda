"""What tests of actions ask for."""

from collections.abc import Callable
from typing import Any

import pytest

from feedback.models import Case


@pytest.fixture
def told() -> Callable[[Case], list[tuple[Any, ...]]]:
    """The events of a case after its registration: what, when, who, and what the sender reads."""

    def told_of(case: Case) -> list[tuple[Any, ...]]:
        events = case.events.exclude(kind="registered").in_order()
        return list(events.values_list("kind", "at", "by__username", "note"))

    return told_of


@pytest.fixture
def newest() -> Callable[[Any], tuple[str, Any, str]]:
    """Of the newest row of history: kind, who, why."""

    def newest_of(row: Any) -> tuple[str, Any, str]:
        history = row.history.first()
        return history.history_type, history.history_user, history.history_change_reason

    return newest_of
