"""The administration pages that staff use: Django's own, with our words and our mending, in both languages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from services.models import Service, Unit
from tests.browser.touring import Place, Tour, at

pytestmark = pytest.mark.django_db(transaction=True)
# What is Django's own and stays, with the reason; anything else is a fault.
KNOWN = {
    # A column of a table of parts has no name where it holds what tells of the row and what removes it. Asked for by
    # axe as good practice, not by WCAG; to name it, the whole template of Django would be ours.
    "empty-table-header",
    # A table of parts that may only be read scrolls sideways on a phone. Browsers let such a region be reached by Tab
    # (Chromium since 130, Firefox), which axe does not count.
    "scrollable-region-focusable",
}


def test_administration_pages_have_no_faults_of_ours(open_page: Callable[..., Page], log_in: Any) -> None:
    unit, service = (model.objects.order_by("pk")[0] for model in (Unit, Service))
    tour = Tour(log_in(open_page(), "editor"), "bg", known=KNOWN)

    def administered() -> Iterator[Place]:
        yield at("admin:index")
        yield at("admin:charter_standard_changelist")
        yield at("admin:services_service_change", service.pk)
        yield at("admin:services_unit_change", unit.pk)
        yield at("admin:services_unit_history", unit.pk)

    assert tour.in_both_languages(administered) == {}
