"""The design page: there for those who build the portal, and nowhere else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from samokov_portal.office import rendering

pytestmark = pytest.mark.django_db


def test_design_page_is_not_found_without_debug(client: Client) -> None:
    assert client.get("/design/").status_code == 404


@pytest.mark.parametrize("address", ["/design/", "/en/design/"])
def test_design_page_shows_each_component_by_its_own_template(client: Client, settings: Any, address: str) -> None:
    settings.DEBUG = True

    response = client.get(address)

    used = {template.name for template in response.templates}
    assert response.status_code == 200
    assert {
        *("portal/inputs.html", "portal/field.html", "includes/error_summary.html", "includes/notice.html"),
        *("includes/status.html", "includes/verdict.html", "includes/trend_chart.html", "includes/sparkline.html"),
        *("includes/pages.html", "includes/pagination.html", "includes/breadcrumbs.html", "feedback/_work_tabs.html"),
        *("charter/_promise.html", "charter/_lines.html", "charter/_deadline.html", "charter/_counts.html"),
        *("feedback/_timeline.html", "feedback/_kept_files.html", "feedback/_letter_sheet.html"),
        *("search/_nothing.html", "charter/_trend_table.html"),
    } <= used


def test_every_include_is_on_the_design_page_or_in_the_frame(client: Client, settings: Any) -> None:
    """A new part of pages needs its place there; what belongs to one page only is named here."""
    settings.DEBUG = True
    # What is kept is not rendered again.
    rendering.kept.clear()
    of_one_page = {"draft.html", "proof.html"}

    used = {template.name for template in client.get(reverse("design")).templates}
    parts = {path.name for path in (settings.BASE_DIR / "templates" / "includes").glob("*.html")}

    # What only a member of staff sees stands in the frame of each of their pages.
    of_staff = {"staff_bar.html", "staff_links.html"}
    assert {name for name in parts if f"includes/{name}" not in used} == of_one_page | of_staff
