"""The page of a service: every field that a reader needs, whose it is, and what nobody has said yet."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils.translation import override

from services.choices import DetailField, Variant
from services.facts import facts_of, issued_by, orders_of, ways_of
from services.models import LifeEvent, LifeEventService, Service, ServiceDetail

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Service:
    """A service of which the catalogue says nothing but its name."""
    service = Service.objects.filter(details=None).order_by("pk")[0]
    service.name = "Проба"
    service.save()
    return service


def page(client: Client, service: Service, prefix: str = "") -> str:
    return client.get(prefix + service.get_absolute_url()).content.decode()


def say(service: Service, field: str, text: str, variant: str = "", provider: str = "samokov") -> ServiceDetail:
    return ServiceDetail.objects.create(
        service=service, field=field, text=text, variant=variant, provider=provider, is_verified=True
    )


@pytest.mark.parametrize("field", DetailField)
def test_each_field_has_its_heading_and_what_is_said_of_it(client: Client, service: Service, field: str) -> None:
    before = page(client, service)
    say(service, field, "казано за проба")

    assert f'id="fact-{field}"' in before
    assert "казано за проба" not in before
    assert "казано за проба" in page(client, service)


def test_what_nobody_has_said_is_said_to_be_unknown(client: Client, service: Service) -> None:
    facts = client.get(service.get_absolute_url()).context["facts"]

    assert [name for name, fact in facts.items() if fact.ours or fact.others] == []
    assert page(client, service).count("Не е посочено от Община Самоков.") == 9


@pytest.mark.parametrize(
    ("is_complex", "checked_on", "said"),
    [
        (True, date(2026, 11, 20), ["<dd>\n      \n        Да\n", "20.11.2026"]),
        (False, date(2026, 11, 20), ["<dd>\n      \n        Не\n", "20.11.2026"]),
        (None, None, ["Описанието още не е проверено от Общината."]),
    ],
)
def test_the_page_says_whether_the_service_is_complex_and_when_it_was_checked(
    client: Client, service: Service, is_complex: bool | None, checked_on: date | None, said: list[str]
) -> None:
    service.is_complex, service.checked_on = is_complex, checked_on
    service.save()

    content = page(client, service)

    assert [words for words in said if words not in content] == []


def test_silence_and_appeal_are_told_with_their_articles(client: Client, service: Service) -> None:
    content = page(client, service)

    expected = [
        "мълчалив отказ",
        "АПК, чл. 84, ал. 2",
        "АПК, чл. 84, ал. 1",
        "АПК, чл. 149",
        "1\u00a0месец",
        "14\u00a0дни",
    ]
    assert [words for words in expected if words not in content] == []
    assert '?rule=silent-refusal"' in content


def test_a_counter_is_named_and_other_ways_are_unknown(client: Client, service: Service) -> None:
    ways = client.get(service.get_absolute_url()).context["ways"]
    content = page(client, service)

    assert [(way.variant, way.rows) for way in ways] == [
        (Variant.COUNTER, []), (Variant.POST, []), (Variant.EMAIL, []), (Variant.ONLINE, []),
    ]  # fmt: skip
    assert "Център за административно обслужване" in content
    assert content.count("Не е посочено дали Община Самоков приема заявления по този начин.") == 3


def test_a_way_that_somebody_described_is_told(client: Client, service: Service) -> None:
    say(service, "channels", "с писмо до деловодството", Variant.POST)

    content = page(client, service)

    assert "с писмо до деловодството" in content
    assert content.count("Не е посочено дали Община Самоков приема заявления по този начин.") == 2


def test_kinds_of_order_stand_in_one_table(service: Service) -> None:
    say(service, "term", "3 дни", Variant.QUICK)
    say(service, "fee", "8,00 €", Variant.QUICK)
    say(service, "term", "7 дни", Variant.ORDINARY)
    say(service, "term", "1 ден", Variant.EXPRESS, provider="Каварна")

    orders = orders_of(facts_of(service.details.order_by("pk")))

    told = [(order.variant, [row.text for row in order.terms], [row.text for row in order.fees]) for order in orders]
    assert told == [(Variant.ORDINARY, ["7 дни"], []), (Variant.QUICK, ["3 дни"], ["8,00 €"])]


def test_the_page_shows_the_table_of_orders_only_where_there_are_some(client: Client, service: Service) -> None:
    assert 'id="orders"' not in page(client, service)

    say(service, "term", "3 дни", Variant.QUICK)

    content = page(client, service)
    assert 'id="orders"' in content
    assert "Бърза поръчка" in content


def test_every_way_holds_what_is_said_of_it(service: Service) -> None:
    say(service, "channels", "гише 1", Variant.COUNTER)
    say(service, "channels", "изобщо")

    facts = facts_of(service.details.order_by("pk"))

    assert {way.variant: [row.text for row in way.rows] for way in ways_of(facts)}[Variant.COUNTER] == ["гише 1"]
    assert [row.text for row in facts["channels"].plain] == ["изобщо"]


@pytest.mark.parametrize(
    ("field", "variant"), [("term", "counter"), ("channels", "quick"), ("about", "ordinary"), ("documents", "post")]
)
def test_the_database_refuses_a_variant_that_does_not_fit(service: Service, field: str, variant: str) -> None:
    with pytest.raises(IntegrityError, match="services_servicedetail_variant_fits"):
        say(service, field, "x", variant)


@pytest.mark.parametrize(
    ("name", "issued"),
    [
        ("Издаване на удостоверение за наследници", "удостоверение за наследници"),
        ("Припознаване на дете", ""),
        ("Преиздаване на картон", ""),
    ],
)
def test_what_is_issued_follows_from_the_name_or_is_unknown(name: str, issued: str) -> None:
    assert issued_by(Service(name=name)) == issued


def test_a_form_is_linked_and_a_strange_address_is_not(client: Client, service: Service) -> None:
    form = say(service, "form", "Заявление по образец")
    form.source = "https://samokov.bg/form.pdf"
    form.save()
    assert 'href="https://samokov.bg/form.pdf">Изтеглете формуляра' in page(client, service).replace("\n", "")

    form.source = "javascript:alert(1)"
    form.save()
    assert "Изтеглете формуляра" not in page(client, service)


def test_the_page_names_the_life_events_that_need_the_service(client: Client) -> None:
    service = Service.objects.get(number="2016")

    assert 'href="/life-events/death/"' in page(client, service)
    assert 'href="/life-events/car/"' not in page(client, service)


def test_statements_cost_no_query_each(client: Client, service: Service, count_queries: Any) -> None:
    few = count_queries(client.get, service.get_absolute_url())
    for field in DetailField:
        say(service, field, "наше")
        for provider in ("Каварна", "Девня"):
            say(service, field, "чуждо", provider=provider)

    assert count_queries(client.get, service.get_absolute_url()) == few


def test_life_events_lead_to_services_in_their_order(client: Client) -> None:
    events = client.get("/life-events/").context["events"]
    services = client.get("/life-events/death/").context["services"]

    assert [event.code for event in events][:3] == ["birth", "marriage", "death"]
    assert [service.number for service in services][:4] == ["2019", "", "2016", "2091"]


def test_every_life_event_has_services_and_each_stands_at_its_own_place() -> None:
    for event in LifeEvent.objects.all():
        places = list(
            LifeEventService.objects.filter(event=event).order_by("position").values_list("position", flat=True)
        )
        assert places == list(range(1, len(places) + 1))
        assert len(places) >= 5


def test_the_catalogue_begins_with_life_events_until_somebody_searches(client: Client) -> None:
    assert 'href="/life-events/birth/"' in client.get("/services/").content.decode()
    assert 'href="/life-events/birth/"' not in client.get("/services/?q=раждане").content.decode()


@pytest.mark.parametrize("address", ["/life-events/nothing/", "/life-events/%00/"])
def test_a_life_event_that_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_life_events_cost_the_same_however_many(client: Client, count_queries: Any) -> None:
    event = LifeEvent.objects.get(code="car")
    few = (count_queries(client.get, "/life-events/"), count_queries(client.get, event.get_absolute_url()))
    taken = LifeEventService.objects.filter(event=event).values("service")
    for position, service in enumerate(Service.objects.exclude(pk__in=taken), start=100):
        LifeEventService.objects.create(event=event, service=service, position=position)
    LifeEvent.objects.create(code="new", name="Ново", about="Ново", position=50)

    assert (count_queries(client.get, "/life-events/"), count_queries(client.get, event.get_absolute_url())) == few


def test_the_english_pages_say_that_the_descriptions_are_bulgarian(client: Client, service: Service) -> None:
    with override("bg"):
        assert "If you get no answer in time" in page(client, service, "/en")
        assert client.get("/en/life-events/birth/").status_code == 200
