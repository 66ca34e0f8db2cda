"""No page for citizens asks the database more often than is written here, and no page is missing here.

Pages of the desk are held by the tests of their own modules.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from samokov_portal.office.once import new_form_token
from services.models import Service
from tests.factories import filing

pytestmark = pytest.mark.django_db
SERVICE = "{service}"
MOST_OF_A_FILING = 20
# By the address as the map has it: where it is asked, and how many statements it takes at most.
PAGES: dict[str, tuple[str, int]] = {
    "healthz": ("/healthz", 0),
    "api/v1/services/": ("/api/v1/services/", 2),
    "api/v1/schema/": ("/api/v1/schema/", 0),
    "api/v1/seals/": ("/api/v1/seals/", 1),
    "api/v1/term/": ("/api/v1/term/?rule=forward&received_on=2026-11-23", 1),
    "robots.txt": ("/robots.txt", 0),
    "sitemap.xml": ("/sitemap.xml", 5),
    ".well-known/security.txt": ("/.well-known/security.txt", 3),
    "api/v1/catalogue.<slug:form>": ("/api/v1/catalogue.jsonld", 11),
    "api/v1/open-data.<slug:form>": ("/api/v1/open-data.jsonld", 5),
    "open311/v2/discovery.<slug:form>": ("/open311/v2/discovery.json", 4),
    "open311/v2/services.<slug:form>": ("/open311/v2/services.json", 0),
    "open311/v2/services/<str:code>.<slug:form>": ("/open311/v2/services/signal.json", 3),
    "open311/v2/requests.<slug:form>": ("/open311/v2/requests.json", 2),
    "open311/v2/requests/<str:number>.<slug:form>": ("/open311/v2/requests/С-2026-000001.json", 1),
    "open311/v2/tokens/<str:token>.<slug:form>": (f"/open311/v2/tokens/{'0' * 32}.json", 1),
    "": ("/", 16),
    "seals/": ("/seals/", 4),
    "feeds/reports.atom": ("/feeds/reports.atom", 1),
    "feeds/charter.atom": ("/feeds/charter.atom", 2),
    "feeds/services.atom": ("/feeds/services.atom", 2),
    "about/": ("/about/", 8),
    "accessibility/": ("/accessibility/", 3),
    "privacy/": ("/privacy/", 3),
    "charter/": ("/charter/", 10),
    "charter/versions/<int:number>/": ("/charter/versions/1/", 10),
    "charter/consultations/": ("/charter/consultations/", 4),
    "terms/": ("/terms/", 4),
    "reports/": ("/reports/", 4),
    "reports/verify/": ("/reports/verify/", 3),
    "reports/keys/": ("/reports/keys/", 0),
    "services/": ("/services/", 7),
    "services/<slug:slug>/": (SERVICE, 9),
    "life-events/": ("/life-events/", 4),
    "life-events/<slug:code>/": ("/life-events/birth/", 5),
    "feedback/": ("/feedback/", 3),
    "feedback/new/<slug:kind>/": ("/feedback/new/signal/", 6),
    "feedback/survey/": ("/feedback/survey/", 3),
    "feedback/survey/thanks/": ("/feedback/survey/thanks/", 3),
    "feedback/survey/kiosk/thanks/": ("/feedback/survey/kiosk/thanks/", 3),
    "feedback/track/": ("/feedback/track/", 3),
    "search/": ("/search/", 3),
    "search/suggest/": ("/search/suggest/?q=скица", 5),
}
# Counted where their rows are made, or no pages: they are sent to, or are files.
ELSEWHERE = (
    *("api/v1/standards/", "api/v1/cases", "charter/standards/", "reports/<period:", "charter/consultations/<int:pk>/"),
    *("calendar/", "feedback/track/<number:number>/", "readyz"),
    *("services/<slug:slug>/opinion/", "feedback/similar/", "feedback/survey/answers/", "feedback/track/leave/"),
    *("feedback/survey/kiosk/", "desk/", "design/"),
)


def routes(resolver: Any, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            yield route


def test_every_page_for_citizens_is_counted() -> None:
    found = {route for route in routes(get_resolver()) if not route.startswith(ELSEWHERE)}

    assert found - PAGES.keys() == set()


@pytest.mark.parametrize("route", PAGES)
def test_a_page_asks_the_database_no_more_often_than_is_written(
    client: Client, route: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    path, most = PAGES[route]
    service = Service.objects.order_by("pk")[0]

    with django_assert_max_num_queries(most):
        answer = client.get(path.replace(SERVICE, service.get_absolute_url()))

    # 404: nobody is named there in the tests.
    assert answer.status_code in (200, 404)


def test_a_filing_and_its_receipt_take_no_more_statements_than_they_need(
    client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """Each row of the case, its letter and their histories is one; the rest are looks at what was sent before."""
    client.post("/feedback/new/signal/", filing("signal", token=new_form_token()))

    with django_assert_max_num_queries(MOST_OF_A_FILING):
        response = client.post("/feedback/new/signal/", filing("signal", token=new_form_token(), subject="Дупка"))

    assert response.status_code == 200
    assert "Ден по ден" in response.content.decode()
