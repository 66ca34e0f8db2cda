"""Signing in, second factors, what was kept of an ended session, and the people of the municipality."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from samokov_portal.signin.eauth import Pending
from samokov_portal.signin.passing import FRESH_SECONDS, PASSED
from samokov_portal.signin.views.eauth import ASKED
from samokov_portal.staff.factors import add_app, factors_of, renew_codes
from samokov_portal.staff.models import StaffDevice, StaffUser
from samokov_portal.staff.sessions import KEPT, SessionStore
from tests.browser.touring import Place, Tour, at, pressed, sent
from tests.conftest import PASSWORD
from tests.staff.soft_key import SoftKey
from tests.staff.test_keys import add
from tests.staff.test_second_factor import SEED, code_of

pytestmark = pytest.mark.django_db(transaction=True)
PROVIDER = "https://eauth.example.bg"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def clerk(staff: dict[str, StaffUser], as_role: Any) -> StaffUser:
    """A clerk with an app, a key, recovery codes and two browsers, one of them with a very long name."""
    person, now = staff["clerk"], timezone.now()
    add(as_role("clerk"), SoftKey(), name="Ключът на връзката от кабинета")
    add_app(user=person, secret=SEED, code=code_of(periods=-1))
    for digest, browser in (("a", "Firefox"), ("b", "Mozilla/5.0(X11;Linuxx86_64)" * 6)):
        facts = {"digest": digest * 64, "first_at": now, "last_at": now, "address": "10.0.0.1", "browser": browser}
        StaffDevice.objects.create(user=person, **facts)
    return person


def put_in_session(page: Page, **data: Any) -> None:
    """Put `data` into the session of the page, as a view would."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    session = SessionStore(cookies[portal_settings.SESSION_COOKIE_NAME])
    session.update(data)
    session.save()


def test_setting_second_factors_up_has_no_faults(open_page: Callable[..., Page], log_in: Any, clerk: StaffUser) -> None:
    tour, mine = Tour(open_page(), "bg"), factors_of(clerk).keys[0].pk

    def by_whoever_has_none() -> Iterator[Place]:
        log_in(tour.page, "expert")
        yield at("second_factor", name="no second factor yet")
        yield at("second_factor_app")
        yield sent(reverse("second_factor_app"), "[name=code]", 422, "an app that was not read", code="000000")
        yield at("second_factor_key")
        yield pressed(reverse("second_factor_key"), reverse("second_factor_key"), 422, "a key that says nothing")

    def by_whoever_has_all() -> Iterator[Place]:
        log_in(tour.page, "clerk")
        put_in_session(tour.page, **{PASSED: time.time() - 2 * FRESH_SECONDS})
        yield at("second_factor")
        yield at("second_factor_rename", mine)
        yield sent(reverse("second_factor_rename", args=[mine]), "[name=name]", 422, "a key without a name", name="")
        confirm = reverse("second_factor_confirm")
        yield at("second_factor_confirm")
        yield sent(confirm, "[name=code]", 422, "a wrong code", code="000000")
        yield sent(confirm, "[name=code]", 200, "a recovery code", code=renew_codes(user=clerk)[0])
        yield pressed(reverse("second_factor"), reverse("second_factor_codes"), 200, "new recovery codes")

    tour.in_both_languages(by_whoever_has_none)
    assert tour.in_both_languages(by_whoever_has_all) == {}


def test_the_second_step_of_the_login_has_no_faults(
    open_page: Callable[..., Page], settings: Any, clerk: StaffUser
) -> None:
    settings.EAUTH_ISSUER = PROVIDER
    tour = Tour(open_page(), "bg")
    asked = Pending(state="s", nonce="n", verifier="v", next="", at=time.time())

    def on_the_way_in() -> Iterator[Place]:
        tour.page.context.clear_cookies()
        yield at("login", name="a login with a provider")
        known = {"username": "clerk", "password": PASSWORD}
        yield sent(reverse("login"), "[name=password]", 200, "the second step", **known)
        yield sent(reverse("login_second"), "[name=code]", 422, "a wrong code of the second step", code="000000")
        yield at("login_eauth_back", query="?state=x", status=400, name="an answer to what nobody asked")
        put_in_session(tour.page, **{ASKED: asked.as_data()})
        yield at("login_eauth_back", query="?state=s&error=access_denied", status=403, name="a provider that refused")

    assert tour.in_both_languages(on_the_way_in) == {}


def test_people_and_what_was_kept_have_no_faults(
    open_page: Callable[..., Page], log_in: Any, settings: Any, clerk: StaffUser
) -> None:
    settings.STAFF_SECOND_FACTOR = False
    fields = [("reason", "Причина с повече думи."), ("unit", "1")]
    sent_too_late = {"path": "/desk/cases/assign/", "fields": fields, "had_files": True, "at": time.time()}
    tour = Tour(open_page(), "bg")

    def people() -> Iterator[Place]:
        log_in(tour.page, "auditor")
        yield at("staff")
        yield at("staff_member", clerk.pk)
        yield at("kept", name="nothing is kept")
        put_in_session(tour.page, **{KEPT: sent_too_late})
        yield at("kept")

    assert tour.in_both_languages(people) == {}
