"""The catalogue on the web and as open data."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from services.models import Service, ServiceDetail, ServiceGroup, ServiceOffer

pytestmark = pytest.mark.django_db
CATALOGUE, API = "/services/", "/api/v1/services/"
NONSENSE = [
    "q=%00",
    "q=" + "я" * 101,
    "group=няма",
    "group=%00",
    "unit=няма",
    "unit=%00",
    "unit=7&group=7",
    "q=%25&q=_",
    "q=%27%22%3Cscript%3E",
    "page=-1",
]
INHERITANCE = "2016-udostoverenie-za-naslednitsi"
FOREIGN = "1997-udostoverenie-za-nastoyasht-adres-pri-veche-registriran-nastoyasht-adres"


def shown(client: Client, query: str = "") -> list[str]:
    """The slugs of the services that the catalogue lists."""
    return [service.slug for service in client.get(f"{CATALOGUE}?{query}").context["services"]]


def test_the_whole_catalogue_is_shown_by_groups(client: Client) -> None:
    response = client.get(CATALOGUE)

    assert response.status_code == 200
    assert len(response.context["services"]) == 113
    assert [group.position for group in response.context["groups"]] == list(range(1, 14))
    assert response.context["asked"] is False


def test_a_search_lists_the_best_match_first(client: Client) -> None:
    response = client.get(CATALOGUE, {"q": "удостоверение за наследници"})

    assert response.context["asked"] is True
    assert response.context["services"][0].slug == INHERITANCE
    assert INHERITANCE in response.content.decode()


def test_a_search_without_a_result_says_so(client: Client) -> None:
    response = client.get(CATALOGUE, {"q": "ъъъ"})

    assert (response.status_code, list(response.context["services"])) == (200, [])


def test_the_catalogue_is_filtered_by_group(client: Client) -> None:
    expected = set(Service.objects.filter(group__code="transport").values_list("slug", flat=True))

    assert set(shown(client, "group=transport")) == expected
    assert expected


def test_the_catalogue_is_filtered_by_unit(client: Client) -> None:
    expected = set(Service.objects.filter(unit__code="apio").values_list("slug", flat=True))

    assert set(shown(client, "unit=apio")) == expected
    assert expected


def test_search_and_filters_work_together(client: Client) -> None:
    assert INHERITANCE in shown(client, "q=наследници&group=civil-registration")
    assert shown(client, "q=наследници&group=transport") == []


@pytest.mark.parametrize("page", [CATALOGUE, API])
@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_in_the_address_is_no_error(client: Client, page: str, query: str) -> None:
    assert client.get(f"{page}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["group=няма", "unit=няма", "q=" + "я" * 101])
def test_what_makes_no_sense_is_ignored(client: Client, query: str) -> None:
    assert len(shown(client, query)) == 113


def test_the_catalogue_may_only_be_read(client: Client) -> None:
    assert [client.post(page).status_code for page in (CATALOGUE, API, f"{CATALOGUE}{INHERITANCE}/")] == [405] * 3


def test_the_catalogue_is_there_in_english(client: Client) -> None:
    assert client.get(f"/en{CATALOGUE}").status_code == 200


def test_the_page_of_a_service_shows_it(client: Client) -> None:
    response = client.get(f"{CATALOGUE}{INHERITANCE}/")

    assert response.status_code == 200
    assert response.context["service"].slug == INHERITANCE
    assert "Издаване на удостоверение за наследници" in response.content.decode()


@pytest.mark.parametrize("slug", ["няма", "nyama", "2016"])
def test_a_service_that_is_not_there_is_not_found(client: Client, slug: str) -> None:
    assert client.get(f"{CATALOGUE}{slug}/").status_code == 404


def test_data_of_another_municipality_are_never_shown_as_our_own(client: Client) -> None:
    response = client.get(f"{CATALOGUE}{FOREIGN}/")

    fee = response.context["facts"]["fee"]
    assert fee.ours == []
    assert [row.provider for row in fee.others] == ["Каварна"]
    assert "По данни на" in response.content.decode()
    assert "Каварна" in response.content.decode()


def test_our_own_data_are_shown_as_our_own(client: Client) -> None:
    service = Service.objects.get(slug=FOREIGN)
    service.details.exclude(provider="samokov").delete()
    ServiceDetail.objects.create(service=service, field="fee", provider="samokov", text="7,77 лв.")

    response = client.get(f"{CATALOGUE}{FOREIGN}/")

    fee = response.context["facts"]["fee"]
    assert ([row.text for row in fee.ours], fee.others) == (["7,77 лв."], [])
    assert "7,77" in response.content.decode()
    assert "По данни на" not in response.content.decode()


def test_text_of_the_catalogue_is_escaped(client: Client) -> None:
    service = Service.objects.get(slug=INHERITANCE)
    ServiceDetail.objects.create(service=service, field="fee", provider="<b>Край</b>", text="<script>alert(1)</script>")

    page = client.get(f"{CATALOGUE}{INHERITANCE}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "<b>Край</b>" not in page


def few_and_many(count: Any, page: str) -> tuple[int, int]:
    """How many queries `page` makes for 3 services and for 30 more, each with three statements."""
    Service.objects.exclude(pk__in=Service.objects.order_by("pk").values("pk")[:3]).delete()
    few = count(page)
    group = ServiceGroup.objects.get(code="social")
    for place in range(30):
        row = Service.objects.create(slug=f"proba-{place}", name=f"Проба {place}", group=group, number_status="unknown")
        for field in ("fee", "term", "documents"):
            ServiceDetail.objects.create(service=row, field=field, text="текст")
    return few, count(page)


@pytest.mark.parametrize("page", [CATALOGUE, f"{CATALOGUE}?q=а", API, f"{API}?q=а"])
def test_a_longer_catalogue_makes_no_more_queries(client: Client, count_queries: Any, page: str) -> None:
    few, many = few_and_many(lambda address: count_queries(client.get, address), page)

    assert few == many


def test_open_data_list_every_service(client: Client) -> None:
    response = client.get(API)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert list(response.json()) == ["results"]
    assert len(response.json()["results"]) == 113


def test_open_data_of_a_service_say_whose_each_statement_is(client: Client) -> None:
    record = client.get(API, {"q": "2016"}).json()["results"][0]

    details = record.pop("details")
    assert record == {
        "number": "2016",
        "number_status": "verified",
        "slug": INHERITANCE,
        "name": "Издаване на удостоверение за наследници",
        "name_en": "Certificate of heirs",
        "group": "Гражданска регистрация и актосъставяне (ГРАО)",
        "unit": None,
        "complex": None,
        "checked_on": None,
    }
    assert [(row["field"], row["provider"], row["own"], row["verified"]) for row in details] == [
        ("legal_basis", "", False, True),
        ("term", "община в ИИСДА (прев. 60281)", False, True),
        ("documents", "община в ИИСДА (прев. 60281)", False, True),
    ]
    assert {tuple(row) for row in details} == {("field", "variant", "text", "provider", "own", "verified", "source")}


def test_open_data_name_the_unit(client: Client) -> None:
    records = client.get(API, {"q": "1999"}).json()["results"]

    assert [record["unit"] for record in records] == [Service.objects.get(number="1999").unit.name]


def test_open_data_are_best_match_first(client: Client) -> None:
    records = client.get(API, {"q": "удостоверение за наследници"}).json()["results"]

    assert records[0]["slug"] == INHERITANCE


def test_open_data_keep_cyrillic_readable(client: Client) -> None:
    assert "Издаване на удостоверение за наследници" in client.get(API).content.decode()


def test_open_data_that_did_not_change_are_not_sent_again(client: Client) -> None:
    tag = client.get(API).headers.get("ETag")

    response = client.get(API, headers={"if-none-match": tag or ""})

    assert tag
    assert response.status_code == 304


def test_kinds_of_order_stand_on_the_page_only_where_the_municipality_announced_them(client: Client) -> None:
    service = Service.objects.get(number="2016")
    before = client.get(service.get_absolute_url()).content.decode()
    quick = {"speed": "quick", "term_amount": 3, "term_unit": "working_days", "source": "Наредба № 12"}
    ServiceOffer.objects.create(service=service, **quick)
    ServiceOffer.objects.create(service=service, speed="ordinary", fee=Decimal("3.07"), source="Наредба № 12")

    response = client.get(service.get_absolute_url())

    text = " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())
    assert "Видове поръчка" not in before
    assert [offer.speed for offer in response.context["offers"]] == ["ordinary", "quick"]
    assert "3,07 €" in text
    assert "не е известна" in text
    assert "3 работни дни" in text
