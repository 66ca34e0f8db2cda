"""What is there for staff costs citizens nothing: no session, no cookie, and no query about who they are."""

from typing import Any

import pytest
from allauth.account.middleware import AccountMiddleware
from django.conf import settings as portal_settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
PAGES = ("/", "/services/", "/charter/", "/charter/standards/", "/terms/", "/search/?q=адрес", "/reports/", "/privacy/")
OF_STAFF = ("django_session", "staff_", "mfa_", "account_", "auth_", "axes_")


@pytest.mark.parametrize("page", [*PAGES, "/nothing-here/", "/healthz", "/api/v1/standards/"])
def test_a_public_page_asks_nothing_of_who_reads_it(client: Client, page: str) -> None:
    with CaptureQueriesContext(connection) as made:
        answer = client.get(page)

    assert answer.status_code in (200, 404)
    assert [query["sql"] for query in made if any(f'FROM "{table}' in query["sql"] for table in OF_STAFF)] == []
    assert portal_settings.SESSION_COOKIE_NAME not in answer.cookies


@pytest.mark.parametrize("status", [200, 404])
def test_the_middleware_of_allauth_asks_the_database_nothing(
    django_assert_num_queries: Any, rf: RequestFactory, status: int
) -> None:
    request = rf.get("/accounts/")  # without a session and without a user: it may touch neither

    with django_assert_num_queries(0):
        answer = AccountMiddleware(lambda _request: HttpResponse(status=status))(request)

    assert answer.status_code == status
