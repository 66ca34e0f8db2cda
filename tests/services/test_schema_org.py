"""A service as schema.org says it, inside its page."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from services.models import Service, ServiceDetail, Unit

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def service() -> Service:
    return Service.objects.filter(details=None, number="", unit=None, name__startswith="Издаване на").order_by("pk")[0]


def record(client: Client, service: Service) -> dict[str, Any]:
    blocks = BLOCK.findall(client.get(service.get_absolute_url()).content.decode())
    assert len(blocks) == 1
    return json.loads(blocks[0])


def say(service: Service, field: str, text: str, **others: Any) -> None:
    ServiceDetail.objects.create(service=service, field=field, text=text, **{"provider": "samokov", **others})


def test_a_service_of_which_only_the_name_is_known(client: Client, service: Service) -> None:
    address = f"http://testserver{service.get_absolute_url()}"

    assert record(client, service) == {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": address,
        "url": address,
        "name": service.name,
        "inLanguage": "bg",
        "serviceType": service.group.name,
        "provider": {
            "@type": "GovernmentOrganization",
            "name": "Община Самоков",
            "address": "ул. „Македония“ № 34, 2000 Самоков",
            "email": "samokov@samokov.bg",
        },
        "areaServed": {"@type": "AdministrativeArea", "name": "Община Самоков"},
        "serviceOutput": [{"@type": "Thing", "name": service.name.removeprefix("Издаване на ")}],
        "availableChannel": [
            {
                "@type": "ServiceChannel",
                "name": "на гише",
                "serviceUrl": address,
                "serviceLocation": {
                    "@type": "Place",
                    "name": "Център за административно обслужване",
                    "address": "ул. „Македония“ № 34, 2000 Самоков, партер",
                },
            }
        ],
    }


def test_what_is_known_is_told(client: Client, service: Service) -> None:
    service.number, service.unit = "9999", Unit.objects.get(code="apio")
    service.save()
    say(service, "about", "Описание.")
    say(service, "who", "Всеки жител.")
    say(service, "result", "Удостоверение.")
    say(service, "channels", "с писмо", variant="post")

    told = record(client, service)

    assert told["identifier"] == {"@type": "PropertyValue", "propertyID": "Регистър на услугите", "value": "9999"}
    assert told["serviceOperator"]["name"] == service.unit.name
    assert (told["description"], told["audience"]["audienceType"]) == ("Описание.", "Всеки жител.")
    assert [output["name"] for output in told["serviceOutput"]] == ["Удостоверение."]
    assert [(channel["name"], channel.get("description")) for channel in told["availableChannel"]] == [
        ("на гише", None),
        ("по пощата", "с писмо"),
    ]


def test_neither_old_fees_nor_what_others_say_is_told(client: Client, service: Service) -> None:
    say(service, "fee", "77,77 лв.")
    say(service, "about", "чуждо описание", provider="Каварна")

    text = json.dumps(record(client, service), ensure_ascii=False)

    assert "77,77" not in text
    assert "чуждо описание" not in text


def test_text_cannot_leave_the_block(client: Client, service: Service) -> None:
    say(service, "about", "</script><script>alert(1)</script><!-- & ")

    page = client.get(service.get_absolute_url()).content.decode()

    assert "<script>alert(1)" not in page
    assert record(client, service)["description"] == "</script><script>alert(1)</script><!-- & "
