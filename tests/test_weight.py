"""What a visitor's first look at a page costs: the page, its styles and its scripts, as they travel."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from feedback.choices import Kind
from services.models import Service, ServiceGroup

pytestmark = pytest.mark.django_db

KILOBYTE = 1024
MOST, MOST_OF_STYLE_AND_SCRIPT = 60 * KILOBYTE, 30 * KILOBYTE
ASSET = re.compile(r'<(?:link rel="stylesheet" href|script src)="/static/([^"]+)"')
ADDRESSES = [
    *("/", "/charter/", "/charter/versions/1/", "/charter/standards/", "/charter/consultations/", "/terms/"),
    *("/charter/standards/signal-decision/", "/charter/standards/signal-decision/cases/", "/reports/"),
    *("/terms/?rule=signal-decision&received_on=2025-12-20", "/reports/verify/", "/seals/", "/accessibility/"),
    *("/terms/?rule=enquiry-answer&received_on=2025-12-20", "/privacy/", "/services/", "/services/?q=акт"),
    *(
        "/about/",
        "/life-events/",
        "/life-events/birth/",
        "/search/?q=акт",
        "/feedback/",
        "/feedback/survey/",
        "/feedback/track/",
    ),
    *(f"/feedback/new/{kind}/" for kind in Kind.values),
]


def compressed(content: bytes) -> int:
    """The bytes that travel, if nothing better than gzip is spoken."""
    return len(gzip.compress(content, compresslevel=6, mtime=0))


def weights(page: str) -> tuple[int, int]:
    """Of the page itself, and of the styles and scripts that it names."""
    named = set(ASSET.findall(page))
    files = [(Path(settings.BASE_DIR) / "static" / name).read_bytes() for name in named]
    return compressed(page.encode()), sum(map(compressed, files))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_public_page_is_heavy(client: Client, prefix: str) -> None:
    longest_group = max(ServiceGroup.objects.all(), key=lambda group: Service.objects.filter(group=group).count())
    addresses = [*ADDRESSES, f"/services/?group={longest_group.pk}", f"/services/{heaviest_service().slug}/"]

    heavy = {}
    for address in addresses:
        response = client.get(prefix + address)
        assert response.status_code == 200, address
        page, rest = weights(response.content.decode())
        if page + rest > MOST or rest > MOST_OF_STYLE_AND_SCRIPT:
            heavy[address] = (page, rest)

    assert heavy == {}


def heaviest_service() -> Service:
    return max(Service.objects.all(), key=lambda service: len(str(vars(service))))


def test_all_styles_and_scripts_together_are_light() -> None:
    """Also what only members of staff load: no page can name more than there is."""
    files = [*(settings.BASE_DIR / "static").glob("*/*.css"), *(settings.BASE_DIR / "static").glob("*/*.js")]

    assert sum(compressed(path.read_bytes()) for path in files) <= MOST_OF_STYLE_AND_SCRIPT


def test_weight_counts_what_the_page_names() -> None:
    page = (
        '<link rel="stylesheet" href="/static/css/base.css"><script src="/static/js/draft.js" type="module"></script>'
    )

    assert weights(page)[1] > weights("")[1] == 0
