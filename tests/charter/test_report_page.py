"""The page of a published report: every standard, and its files."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from charter.actions.reports import prepare_report
from charter.models import Report
from charter.report import listed_files
from tests.charter.figures import CHARTS, LATER, Q2, page_of
from tests.charter.staged import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(staff: Any, many: None) -> Report:
    return publish(Q2, LATER, staff)


def test_a_report_page_says_everything_of_each_standard(client: Client, published: Report) -> None:
    page = page_of(client, "/reports/2026-Q2/", {})

    for figure in published.figures.all():
        assert f'id="standard-{figure.code}"' in page
        assert figure.definition.split()[0] in page
    assert "Забавени становища." in page
    assert "Напомняне преди срока." in page
    assert "31.12.2026" in page
    assert "Проверено е." in page
    assert "95 % интервал: от 52,3\u202f% до 94,9\u202f%." in page
    assert page.count('<svg class="trend') == CHARTS


def test_a_report_page_lists_its_files_with_size_and_fingerprint(client: Client, published: Report) -> None:
    page = page_of(client, "/reports/2026-Q2/", {})

    listed = listed_files(published)

    assert [file.name for file in listed] == [
        "cases.csv",
        "definitions.json",
        "figures.csv",
        "figures.json",
        "groups.csv",
    ]
    for file in listed:
        content = client.get(f"/reports/2026-Q2/versions/1/{file.name}").content
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert file.sha256 in page


@pytest.mark.parametrize("name", ["groups.csv", "cases.csv", "definitions.json", "figures.json"])
def test_the_fingerprint_of_a_file_is_its_etag(client: Client, published: Report, name: str) -> None:
    address = f"/reports/2026-Q2/{name}"

    etag = client.get(address)["ETag"]

    assert etag == f'"{published.files.get(name=name).sha256}"'
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_draft_gives_no_file(client: Client) -> None:
    prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    assert client.get("/reports/2026-Q2/cases.csv").status_code == 404


def test_number_of_queries_of_a_report_does_not_grow_with_its_figures(
    client: Client, published: Report, django_assert_num_queries: Any
) -> None:
    client.get("/reports/2026-Q2/")

    # The frame, the report, its lines, its figures with actions and findings, the findings, the files, what is newer.
    with django_assert_num_queries(3 + 1 + 1 + 3 + 1 + 1 + 1):
        client.get("/reports/2026-Q2/")
