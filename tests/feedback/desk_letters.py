"""Letters that wait at the desk, and what its pages say of them."""

import re
from datetime import datetime, timedelta
from typing import Any

from feedback.models import Body, Case, CaseEvent, Letter
from tests.factories import CaseFactory

LETTERS = "/desk/letters/"
HOUR = timedelta(hours=1)
ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
MAY = ("clerk", "secretary")
QUEUED_MAIL = {"means": "email", "state": "queued", "address": "maria@example.bg"}
FAILED = {"means": "email", "state": "failed", "address": "maria@example.bg", "last_error": "сървърът отказа (550)"}
ON_PAPER = {"means": "paper", "address": "ул. „Рила“ № 1"}
BY_PHONE = {"means": "phone", "address": "0888 123 456"}


def letter_of(clock: datetime, *, ago: timedelta = 2 * HOUR, case: Case | None = None, **facts: Any) -> Letter:
    """A letter to the sender, on paper unless said otherwise, written `ago`."""
    case = case or CaseFactory()
    written = clock - ago
    event = CaseEvent.objects.create(case=case, kind="decided", at=written)
    words = {"kind": "decided", "recipient": case.name, "subject": "Отговор", "text": "Лампите са подменени."}
    values = {**words, **ON_PAPER, **facts}
    if values["means"] == "email" and values.get("state", "queued") == "queued":
        values.setdefault("try_at", clock)
    return Letter.objects.create(case=case, event=event, created_at=written, **values)


def to_body(clock: datetime, *, email: str = "", sent: bool = False, case: Case | None = None, **facts: Any) -> Letter:
    body = Body.objects.create(name=f"Орган {Body.objects.count()}", email=email)
    state = {"state": "sent", "sent_at": clock - HOUR} if sent else {}
    means = {"means": "email" if email else "paper", "address": email}
    words = {"kind": "forwarding", "body": body, "recipient": body.name}
    return letter_of(clock, case=case, **{**words, **means, **state, **facts})


def listed(response: Any) -> list[int]:
    return [letter.pk for letter in response.context["letters"]]


def words(response: Any) -> str:
    """The page with single spaces and without the tags inside its sentences."""
    return in_words(response.content.decode())


def in_words(page: str) -> str:
    return " ".join(re.sub(r"</?span[^>]*>", "", page).replace("\u00a0", " ").split())
