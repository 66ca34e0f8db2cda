"""The open data of the portal by DCAT-AP 3: what there is, of whom, and where it is to be had.

Under which licence is not decided, so none is named: whoever needs it is told where to ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from charter.models import Report
from samokov_portal.office.templatetags.bulgarian import period_name
from samokov_portal.openness.linked import Node, Ref, Text, Value
from samokov_portal.openness.publisher import Publisher

AUTHORITY = "http://publications.europa.eu/resource/authority"
THEME = f"{AUTHORITY}/data-theme/GOVE"
CONTINUOUS = f"{AUTHORITY}/frequency/CONT"
MEDIA = "http://www.iana.org/assignments/media-types"
FORMATS = {
    "JSON": "application/json",
    "CSV": "text/csv",
    "PDF": "application/pdf",
    "XML": "text/xml",
    "JSON_LD": "application/ld+json",
    "RDF_TURTLE": "text/turtle",
}


@dataclass(frozen=True)
class Given:
    """A set of data: its name, what it holds, its page, and each file with its format."""

    name: str
    title: str
    about: str
    page: str
    files: dict[str, str]
    is_live: bool = True


def live() -> list[Given]:
    """What is counted at the moment of asking."""
    return [
        Given(
            "standards",
            "Стандарти от хартата на клиента и как се спазват",
            "Всеки стандарт с определение, цел, част, цяло и дял за избран период.",
            reverse("charter:standards"),
            {reverse("api_standards"): "JSON"},
        ),
        Given(
            "services",
            "Каталог на административните услуги",
            "Услугите със срок, такса, документи и основание, всяко с източника си; също по CPSV-AP.",
            reverse("services:catalogue"),
            {
                reverse("api_services"): "JSON",
                reverse("api_cpsv", args=["jsonld"]): "JSON_LD",
                reverse("api_cpsv", args=["ttl"]): "RDF_TURTLE",
            },
        ),
        Given(
            "seals",
            "Печати на записите",
            "Печатите, с които всеки може да провери, че записите на портала не са променяни.",
            reverse("seals"),
            {reverse("api_seals"): "JSON"},
        ),
        Given(
            "open311",
            "Сигнали и други преписки, подадени през Open311",
            "Номер, вид, дати и състояние по GeoReport v2, без текста, мястото и данните на подателя.",
            reverse("feedback:choose"),
            {reverse("open311:requests", args=[form]): form.upper() for form in ("json", "xml")},
        ),
    ]


def of_reports() -> list[Given]:
    """The published report of each period. One query."""
    return [
        Given(
            f"report-{row.period}",
            f"Доклад за спазване на стандартите: {period_name(row.period)}",
            "Подписани стойности на стандартите за периода.",
            row.get_absolute_url(),
            {
                reverse("charter:report_csv", args=[row.period]): "CSV",
                reverse("charter:report_json", args=[row.period]): "JSON",
                reverse("charter:report_pdf", args=[row.period]): "PDF",
            },
            is_live=False,
        )
        for row in Report.objects.standing().without_pdf().newest_first()
    ]


def catalogue(publisher: Publisher) -> Iterator[Node]:
    """The record of all open data: the catalogue, each set of data, and each way to have it."""
    yield from publisher.nodes()
    given = [*live(), *of_reports()]
    address = publisher.address(reverse("api_dcat", args=["ttl"]))
    title = Text(f"Отворени данни на портала на хартата – {publisher.name}")
    yield Node(
        f"{address}#catalogue",
        ("dcat:Catalog",),
        {
            "dct:title": [title],
            "dct:description": [title],
            "dct:publisher": [publisher.ref],
            "dct:language": [publisher.language],
            "dct:spatial": [publisher.area],
            "foaf:homepage": [Ref(publisher.address("/"))],
            "dcat:dataset": [Ref(f"{address}#{one.name}") for one in given],
        },
    )
    yield Node(publisher.address("/"), ("foaf:Document",))
    yield Node(THEME, ("skos:Concept",))
    yield Node(CONTINUOUS, ("dct:Frequency",))
    for name, media in FORMATS.items():
        yield Node(f"{AUTHORITY}/file-type/{name}", ("dct:MediaTypeOrExtent",))
        yield Node(f"{MEDIA}/{media}", ("dct:MediaType",))
    for one in given:
        yield from dataset(one, f"{address}#{one.name}", publisher)


def dataset(given: Given, address: str, publisher: Publisher) -> Iterator[Node]:
    """A set of data and its distributions."""
    said: dict[str, list[Value]] = {
        "dct:title": [Text(given.title)],
        "dct:description": [Text(given.about)],
        "dct:publisher": [publisher.ref],
        "dct:language": [publisher.language],
        "dct:spatial": [publisher.area],
        "dcat:contactPoint": [publisher.contact],
        "dcat:theme": [Ref(THEME)],
        "dcat:landingPage": [Ref(publisher.address(given.page))],
        "dcat:distribution": [Ref(f"{address}-{place}") for place in range(1, len(given.files) + 1)],
    }
    if given.is_live:
        said["dct:accrualPeriodicity"] = [Ref(CONTINUOUS)]
    yield Node(address, ("dcat:Dataset",), said)
    yield Node(publisher.address(given.page), ("foaf:Document",))
    for place, (path, name) in enumerate(given.files.items(), start=1):
        where = Ref(publisher.address(path))
        about: dict[str, list[Value]] = {
            "dct:title": [Text(f"{given.title} ({name})")],
            "dcat:accessURL": [where],
            "dcat:downloadURL": [where],
            "dct:format": [Ref(f"{AUTHORITY}/file-type/{name}")],
            "dcat:mediaType": [Ref(f"{MEDIA}/{FORMATS[name]}")],
        }
        yield Node(f"{address}-{place}", ("dcat:Distribution",), about)
