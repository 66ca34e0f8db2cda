"""Letters that wait for a printer, and how many of them are many."""

from datetime import datetime
from typing import Any

import pytest

from feedback.models import Letter
from samokov_portal.frontdesk import prints
from tests.feedback.desk_letters import BY_PHONE, QUEUED_MAIL, letter_of


@pytest.fixture
def letters(clock: datetime) -> list[Letter]:
    """Three on paper, and two that no printer needs."""
    letter_of(clock, **QUEUED_MAIL)
    letter_of(clock, **BY_PHONE)
    return [letter_of(clock, recipient=f"Мария Стоянова {number}") for number in "123"]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is more than two papers is much."""
    monkeypatch.setattr("samokov_portal.frontdesk.views.prints.AT_ONCE", 2)


@pytest.fixture
def no_printer(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where only who asks matters, one printer is enough; it lays out what it is given."""
    seen: list[Any] = []

    def render(papers: Any, **size: str) -> bytes:
        seen.extend(papers)
        return b"%PDF-"

    monkeypatch.setattr(prints, "render_papers", render)
    return seen
