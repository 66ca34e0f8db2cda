"""What of the catalogue can be found by searching."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import override

from samokov_portal.search.index import Item, replace
from samokov_portal.search.sources import SERVICES
from services.choices import DetailField, NumberStatus
from services.models import Service

# Asked for most in Bulgarian municipalities, the first of all first: of two that fit equally, this one comes first.
NUMBERS = """
    2052 2076 1999 2037 2019 2016 2109 2057 2079 2128 2107 1997 2033 2039 2000 2073 1994 2396 2071 1998 2091 2124
    2131 2083 2112 2082 2084 2119 2027 2062 1990 1989 2021 2078 2095 2105 2878 2012 2069 2760 1475 3122 3087 1996
    2086 2031 2066 2093 2029
"""
MOST_USED = NUMBERS.split()
# What is said of a service beside its name, and helps to find it.
TELLING = (DetailField.LEGAL_BASIS, DetailField.DOCUMENTS)


def index_services() -> int:
    """Make what can be found of the catalogue say what the catalogue says; returns how many services there are."""
    with override("bg"):
        return replace(SERVICES, items())


def items() -> Iterator[Item]:
    """Each service as something to be found."""
    for service in Service.objects.select_related("group").prefetch_related("details"):
        yield Item(
            key=service.slug,
            title=service.name,
            title_en=service.name_en,
            path=reverse("services:detail", args=[service.slug]),
            alias=service.number,
            about=service.group.name,
            text=" ".join(row.text for row in service.details.all() if row.field in TELLING and not row.is_foreign),
            boost=boost(service),
        )


def boost(service: Service) -> float:
    """How much sooner than another it is shown, between 0 and 1; what only an older list names comes last."""
    if service.number_status == NumberStatus.OLDER_LIST:
        return 0.0
    place = MOST_USED.index(service.number) if service.number in MOST_USED else len(MOST_USED)
    return 1 - 0.7 * place / len(MOST_USED)
