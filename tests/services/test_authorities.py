"""Who is in office and who was, as data, and the page that says so."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from charter.models import CharterVersion
from services.models import Authority, Tenure, Unit

pytestmark = pytest.mark.django_db
MAYOR = "д-р инж. Ангел Джоргов"
TOOK_OFFICE = date(2023, 11, 13)


def tenure(**said: Any) -> Tenure:
    """A tenure of the Secretary, of whom nothing is known."""
    values = {"holder": "Първа", "source": "проба", "confidence": "V", **said}
    return Tenure(**{"authority": Authority.objects.get(kind="secretary"), **values})


def holders(on: date) -> dict[str, list[str]]:
    return {row.kind: [one.holder for one in row.of_the_day] for row in Authority.objects.held_on(on)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((date(2020, 1, 1), date(2024, 1, 1)), (date(2023, 12, 31), None)),
        ((date(2020, 1, 1), None), (date(2026, 1, 1), date(2026, 1, 2))),
        ((None, date(2024, 1, 1)), (date(2010, 1, 1), date(2011, 1, 1))),  # an unknown beginning is open
        ((None, None), (date(2026, 1, 1), None)),
    ],
)
def test_two_people_do_not_hold_one_office_on_one_day(first: Any, second: Any) -> None:
    tenure(from_on=first[0], until_on=first[1]).save()

    with pytest.raises(IntegrityError, match="services_tenure_one_at_a_time"), transaction.atomic():
        tenure(holder="Втора", from_on=second[0], until_on=second[1]).save()


def test_one_may_follow_the_other_on_the_same_day() -> None:
    tenure(from_on=date(2020, 1, 1), until_on=date(2024, 1, 1)).save()
    tenure(holder="Втора", from_on=date(2024, 1, 1)).save()

    assert holders(date(2023, 12, 31))["secretary"] == ["Първа"]
    assert holders(date(2024, 1, 1))["secretary"] == ["Втора"]


def test_two_offices_may_be_held_at_once() -> None:
    tenure(holder=MAYOR, from_on=TOOK_OFFICE).save()

    assert holders(TOOK_OFFICE) == {"mayor": [MAYOR], "secretary": [MAYOR], "council": [], "chair": []}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("services_tenure_ends_after_it_began", {"from_on": date(2024, 1, 1), "until_on": date(2024, 1, 1)}),
        ("services_tenure_says_who_and_whence", {"holder": ""}),
        ("services_tenure_says_who_and_whence", {"source": ""}),
    ],
)
def test_the_database_refuses_a_tenure_that_makes_no_sense(name: str, said: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        tenure(**said).save()


def test_an_editor_is_told_of_an_overlap_beside_the_form() -> None:
    tenure(from_on=date(2020, 1, 1)).save()

    with pytest.raises(ValidationError, match="друг е бил на тази длъжност"):
        tenure(holder="Втора", from_on=date(2024, 1, 1)).full_clean()


def test_a_unit_does_not_end_before_it_began() -> None:
    unit = Unit.objects.get(code="mdt")
    unit.valid_from = unit.valid_until = date(2024, 1, 1)

    with pytest.raises(IntegrityError, match="services_unit_ends_after_it_began"), transaction.atomic():
        unit.save()


def test_the_mayor_is_who_took_office_and_nobody_else_is_known() -> None:
    assert holders(TOOK_OFFICE) == {"mayor": [MAYOR], "secretary": [], "council": [], "chair": []}
    assert holders(date(2023, 11, 12))["mayor"] == []


def test_the_charter_keeps_the_names_of_its_year_and_the_page_names_who_is_in_office(client: Client) -> None:
    page = client.get("/about/").content.decode()

    charter = CharterVersion.objects.get(number=1)
    assert MAYOR in page
    assert charter.approved_by == "Владимир Георгиев"
    assert charter.approved_by not in page
    assert page.count("Не е известно на портала") == 2  # the Secretary and the chair of the council
    assert "29 общински съветници" in page


def test_the_page_speaks_of_the_day_that_is_asked_for(client: Client) -> None:
    page = client.get("/about/?on=2020-05-01").content.decode()

    assert MAYOR not in page
    assert "Към 01.05.2020" in page
    assert "samokov@samokov.bg" not in page.split('id="in-office"')[1].split("<footer")[0]  # contacts are of today


def test_a_unit_that_has_ended_is_shown_for_its_own_days_only(client: Client) -> None:
    unit = Unit.objects.get(code="uteop")
    unit.valid_until = date(2025, 1, 1)
    unit.save()

    assert unit.name not in client.get("/about/").content.decode()
    assert unit.name in client.get("/about/?on=2024-12-31").content.decode()


def test_a_bad_day_is_said_and_the_page_is_of_today(client: Client) -> None:
    response = client.get("/about/?on=вчера")

    assert response.status_code == 422
    assert MAYOR in response.content.decode()


def test_the_english_page_says_posts_in_english(client: Client) -> None:
    page = client.get("/en/about/").content.decode()

    assert "Mayor of the municipality" in page
    assert f'<span lang="bg">{MAYOR}</span>' in page


def test_the_page_asks_little_of_the_database(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        client.get("/about/")


def test_the_footer_of_every_page_leads_there(client: Client) -> None:
    assert 'href="/about/"' in client.get("/").content.decode().split("<footer")[1]


def test_a_page_without_any_data_says_so(client: Client) -> None:
    Tenure.objects.all().delete()
    Authority.objects.all().delete()

    assert "Органите на общината още не са въведени" in client.get("/about/").content.decode()
