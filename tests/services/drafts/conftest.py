"""The service that is drafted, who drafts it, and a draft of it."""

from datetime import datetime
from typing import Any

import pytest

from services.actions.drafts import begin_draft
from services.documents import DETAIL_KEY, document_of, in_order
from services.models import Service, ServiceDraft
from tests.services.drafts.saying import NUMBER, said, statement


@pytest.fixture
def service() -> Service:
    return Service.objects.get(number=NUMBER)


@pytest.fixture
def editor(staff: Any) -> Any:
    return staff["editor"]


@pytest.fixture
def draft(service: Service, editor: Any, now: datetime) -> ServiceDraft:
    """Another name, a document more, and a quick order."""
    details = in_order(
        [*document_of(service)["details"], statement("result", "Удостоверение", leva=["2.50"])], DETAIL_KEY
    )
    offer = {"speed": "quick", "term_amount": 1, "term_unit": "working_days", "fee": "7.50", "valid_from": None}
    document = said(service, name="Ново име", details=details, offers=[{**offer, "source": "Наредба № 12"}])
    return begin_draft(document=document, why="нова наредба", by=editor, now=now)
