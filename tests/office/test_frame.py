"""The frame of a page is kept for all who see the same, and for nobody else."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.context_processors import PermWrapper
from django.template import Context, engines
from django.test import Client
from django.utils.translation import override

from charter.yearly import AwaitedReport
from samokov_portal.office import rendering
from samokov_portal.office.templatetags.frame import kept, staff_links
from samokov_portal.staff.models import StaffUser

FOOTER = "includes/site_footer.html"
REPORT = AwaitedReport(2026, date(2027, 3, 31), days_left=40)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    rendering.kept.clear()


def links(user: StaffUser, report: AwaitedReport | None = None) -> str:
    return staff_links(Context({"user": user, "awaited_report": report}))


def test_a_part_reads_only_what_is_said_to_it() -> None:
    known, other = (kept(FOOTER, phone=phone, is_known=True) for phone in ("<1>", "2"))

    assert "&lt;1&gt;" in known
    assert known == kept(FOOTER, phone="<1>", is_known=True)
    assert other != known
    assert kept(FOOTER, phone="<1>", is_known=False) != known


def test_a_part_is_kept_for_each_language() -> None:
    bulgarian = kept(FOOTER, is_known=True)
    with override("en"):
        english = kept(FOOTER, is_known=True)

    assert bulgarian != english


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["clerk", "mayor", "editor", "auditor", "secretary"])
@pytest.mark.parametrize("report", [None, REPORT, AwaitedReport(2025, date(2026, 3, 31), days_left=-3)])
def test_the_links_are_those_of_what_the_person_may_do(
    staff: dict[str, StaffUser], role: str, report: AwaitedReport | None
) -> None:
    """Also after others were shown theirs."""
    for other in staff.values():
        links(other, REPORT)
    person = StaffUser.objects.get(pk=staff[role].pk)

    shown = links(person, report)

    part = engines["django"].get_template("includes/staff_links.html")
    assert shown == part.render({"user": person, "perms": PermWrapper(person), "awaited_report": report})


@pytest.mark.django_db
def test_who_may_everything_is_not_shown_the_links_of_who_may_nothing() -> None:
    nobody = StaffUser.objects.create(username="nobody")
    all_powerful = StaffUser.objects.create(username="root", is_superuser=True, is_staff=True)

    assert links(nobody) != links(all_powerful)
    assert "/desk/staff/" not in links(nobody)
    assert "/desk/staff/" in links(all_powerful)


@pytest.mark.django_db
def test_the_page_one_is_on_is_marked_for_that_page_only(client: Client) -> None:
    for address in ("/", "/search/", "/"):
        text = client.get(address).content.decode()

        assert f'<a href="{address}" aria-current="page">' in text
        assert text.count('aria-current="page"') >= 2


@pytest.mark.django_db
def test_whoever_works_in_english_signs_out(as_role: Callable[[str], Client]) -> None:
    page = as_role("clerk").get("/en/desk/").content.decode()

    assert re.search(r'action="/en/desk/logout/">.*?<button [^>]*>Sign out</button>', page, re.DOTALL)
