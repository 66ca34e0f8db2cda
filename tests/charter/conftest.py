"""What tests of the pages of figures count."""

import pytest

from samokov_portal.office.choices import Channel
from services.models import Unit
from tests.factories import CaseFactory


@pytest.fixture
def many(db: None) -> None:
    """Eleven signals of two units: six in time in the one, five in time or late in the other, which has no more."""
    units = [Unit.objects.get(code="hdettos"), Unit.objects.exclude(code="hdettos").order_by("pk")[0]]
    CaseFactory.create_batch(6, closed=True, unit=units[0])
    CaseFactory.create_batch(3, closed=True, unit=units[1])
    CaseFactory.create_batch(2, unit=units[1], channel=Channel.PHONE)
