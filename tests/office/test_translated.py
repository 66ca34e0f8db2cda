"""Names and headings that are data, in the two languages of the pages."""

import pytest
from django.test import Client
from django.utils.translation import override

from charter.models import CharterVersion, Section, Standard
from samokov_portal.office.templatetags.translated import translated, translated_text
from services.catalogue import load_catalogue
from services.models import LifeEvent, Service, ServiceGroup, Unit

NAMED = [
    (Service, "name"),
    (ServiceGroup, "name"),
    (Unit, "name"),
    (Unit, "short_name"),
    (LifeEvent, "name"),
    (LifeEvent, "about"),
    (CharterVersion, "title"),
    (Section, "title"),
    (Standard, "title"),
]
HEIRS = "/services/2016-udostoverenie-za-naslednitsi/"


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), NAMED, ids=[f"{model.__name__}-{field}" for model, field in NAMED])
def test_each_name_that_we_load_has_one_in_english(model: type, field: str) -> None:
    names = list(model.objects.values_list(f"{field}_en", flat=True))  # type: ignore[attr-defined]

    assert names
    assert all(name.strip() for name in names)


@pytest.mark.django_db
def test_no_two_services_share_an_english_name_unless_they_do_in_bulgarian() -> None:
    """Of the two lists of tourism some are named alike; whoever reads English must not see fewer services."""
    assert Service.objects.values("name_en").distinct().count() == Service.objects.values("name").distinct().count()


def test_what_is_translated_follows_the_page() -> None:
    group = ServiceGroup(name="Кадастър & имоти", name_en="Cadastre & property")

    with override("bg"):
        assert translated(group, "name") == "Кадастър &amp; имоти"
    with override("en"):
        assert translated(group, "name") == "Cadastre &amp; property"
        assert translated_text(group, "name") == "Cadastre & property"


def test_what_is_not_translated_is_marked_as_bulgarian() -> None:
    group = ServiceGroup(name="Кадастър <и>")

    with override("bg"):
        assert translated(group, "name") == "Кадастър &lt;и&gt;"
    with override("en"):
        assert translated(group, "name") == '<span lang="bg">Кадастър &lt;и&gt;</span>'
        assert translated_text(group, "name") == "Кадастър <и>"


@pytest.mark.django_db
def test_a_service_says_both_its_names_in_english(client: Client) -> None:
    page = client.get(f"/en{HEIRS}").content.decode()

    assert "<h1>Certificate of heirs</h1>" in page
    assert '<p class="lead" lang="bg">Издаване на удостоверение за наследници</p>' in page
    assert "Certificate of heirs" not in client.get(HEIRS).content.decode()


@pytest.mark.django_db
def test_a_service_without_an_english_name_keeps_its_own(client: Client) -> None:
    service = Service.objects.get(number="2016")
    service.name_en = ""
    service.save()

    assert '<h1><span lang="bg">Издаване на' in client.get(f"/en{HEIRS}").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/services/", "Civil registration and records"),
        ("/en/services/?q=наследници", "Certificate of heirs"),
        ("/en/life-events/", "Birth of a child"),
        ("/en/charter/", '<span class="small muted" lang="en">Main principles of administrative service</span>'),
        ("/en/charter/standards/", "Waiting at the counter"),
        ("/en/charter/standards/waiting-time/", "<h1>Waiting at the counter</h1>"),
    ],
)
def test_english_pages_name_things_in_english(client: Client, path: str, words: str) -> None:
    assert words in client.get(path).content.decode()
    assert words not in client.get(path.removeprefix("/en")).content.decode()


@pytest.mark.django_db
def test_an_editors_english_name_outlives_the_next_load(client: Client) -> None:
    service = Service.objects.get(number="2016")
    service.name_en = "Heirs' certificate"
    service._change_reason = "по-ясно"
    service.save()

    load_catalogue()

    assert Service.objects.get(number="2016").name_en == "Heirs' certificate"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("birth certificate original", "/en/services/2052-udostoverenie-za-razhdane-original/"),
        ("certificate of heirs", f"/en{HEIRS}"),
        ("building permit", "/en/services/2112-razreshenie-za-stroezh/"),
        ("bees", "/en/services/2029-registratsia-na-sobstvenitsi-na-pcheli-i-pchelni-semeystva/"),
        ("waiting at the counter", "/en/charter/standards/waiting-time/"),
    ],
)
def test_what_is_sought_in_english_is_found(client: Client, query: str, path: str) -> None:
    best = client.get("/en/search/suggest/", {"q": query}).json()["results"][0]

    assert (best["path"], best["lang"]) == (path, "en")


@pytest.mark.django_db
def test_hits_are_named_in_the_language_of_the_page(client: Client) -> None:
    english = client.get("/en/search/", {"q": "наследници"}).content.decode()

    assert f'<a href="/en{HEIRS}" lang="en">Certificate of heirs</a>' in english
    assert f'<a href="{HEIRS}" lang="bg">' in client.get("/search/", {"q": "наследници"}).content.decode()
