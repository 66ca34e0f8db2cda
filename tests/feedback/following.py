"""Cases that their senders follow: in any state, with the number and the code of their receipt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from feedback.access import access_digest
from feedback.choices import Kind
from feedback.models import Case
from samokov_portal.history import save_with_history
from tests.factories import CODE
from tests.feedback.life_stories import WAY, brought_to, filed

TRACK = "/feedback/track/"
Staff = dict[str, Any]


@dataclass(frozen=True)
class Receipt:
    """What a sender holds, with the case itself; `page` is where it is followed."""

    case: Case
    code: str = CODE

    @property
    def page(self) -> str:
        return reverse("feedback:tracked", args=[self.case.number])


def receipt_of(case: Case) -> Receipt:
    """The receipt of a case whose code was not kept: it gets the code of the tests."""
    case.access_digest = access_digest(CODE)
    save_with_history(case, by=None, why="код на тестовете", fields=["access_digest"])
    return Receipt(case)


def file_case(now: datetime, kind: str = Kind.SIGNAL, **facts: Any) -> Receipt:
    """A case filed through the portal at `now`."""
    return receipt_of(filed(kind, received_at=now, **facts))


def case_in(status: str, staff: Staff, now: datetime, kind: str = Kind.SIGNAL) -> Receipt:
    """A case that came to `status` the day before `now`."""
    received_at = now - timedelta(days=len(WAY[status]) + 1)
    with transaction.atomic():
        case = brought_to(status, staff, filed(kind, received_at=received_at))
    assert case.status == status
    return receipt_of(case)


def follow(client: Client, receipt: Receipt) -> Any:
    """The answer to the number and the code."""
    return client.post(TRACK, {"number": receipt.case.number, "code": receipt.code})
