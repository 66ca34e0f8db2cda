"""What people type finds what they mean: a list by hand, half of it never looked at while the search was tuned."""

import csv
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samokov_portal.search.finding import find, marked
from samokov_portal.search.index import Item, replace
from samokov_portal.search.models import Entry, Synonym
from samokov_portal.search.words import stem
from services.models import Service

pytestmark = pytest.mark.django_db

QUERIES = list(csv.DictReader((Path(__file__).parent / "queries.csv").read_text(encoding="utf-8").splitlines()))


def shares(part: str) -> tuple[float, float, list[str]]:
    """The shares of queries whose service comes first, and among the first five; and those that miss it."""
    names = {service.slug: {service.number, service.name} for service in Service.objects.all()}
    firsts, fives, missed = 0, 0, []
    rows = [row for row in QUERIES if row["part"] == part]
    for row in rows:
        wanted = set(row["expected"].split("|"))
        assert wanted <= set().union(*names.values()), row["expected"]
        hits = [bool(wanted & names[hit.key]) for hit in find(row["query"], sources=["service"], limit=5).hits]
        firsts += any(hits[:1])
        fives += any(hits)
        if not any(hits):
            missed.append(row["query"])
    return firsts / len(rows), fives / len(rows), missed


def test_there_are_enough_queries_and_none_twice() -> None:
    assert len({row["query"] for row in QUERIES}) == len(QUERIES) >= 120
    assert sum(row["part"] == "held-out" for row in QUERIES) >= 60


def test_queries_that_were_held_out_find_their_service() -> None:
    first, five, missed = shares("held-out")

    assert (first >= 0.95, five >= 0.99) == (True, True), (first, five, missed)


def test_queries_that_it_was_tuned_on_find_their_service() -> None:
    first, five, missed = shares("tuning")

    assert (first >= 0.98, five >= 0.99) == (True, True), (first, five, missed)


@pytest.mark.parametrize("query", ["хладилник", "9999", "%", "_", "", "' | !", "\x00", "а" * 5000])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert find(query).hits == []


def test_it_says_how_latin_letters_were_read() -> None:
    found = find("udostoverenie za nasledniczi")

    assert (found.read_as, found.hits[0].title) == (
        "удостоверение за наследници",
        "Издаване на удостоверение за наследници",
    )


def test_it_says_which_other_words_it_sought() -> None:
    found = find("смет")

    assert found.synonyms == [("смет", "битови отпадъци")]
    assert "битови отпадъци" in found.hits[0].title


def test_a_synonym_of_an_editor_counts_at_once() -> None:
    before = find("фотоволтаик").hits
    row = Synonym(said="фотоволтаик", means="разрешение за строеж")
    row.save()

    after = find("фотоволтаик").hits

    assert before == []
    assert after[0].title == "Издаване на разрешение за строеж"


def test_what_was_sought_is_marked() -> None:
    assert marked("Издаване на скици", {stem("скица")}) == (("Издаване на ", False), ("скици", True))


def test_half_a_word_already_finds() -> None:
    assert find("наслед").hits[0].title == "Издаване на удостоверение за наследници"


def test_promises_deeds_and_the_charter_are_found_too() -> None:
    sources = {source for query in ("чакане на гише", "дупка на улицата", "принципи") for source in _sources(query)}

    assert {"standard", "page", "charter"} <= sources


def _sources(query: str) -> set[str]:
    return {hit.source for hit in find(query).hits}


def test_a_source_replaces_its_own_entries_only() -> None:
    before = Entry.objects.exclude(source="page").count()

    replace("page", [Item(key="one", title="Единствена страница", path="/")])

    assert list(Entry.objects.filter(source="page").values_list("title", flat=True)) == ["Единствена страница"]
    assert Entry.objects.exclude(source="page").count() == before
    assert find("повреда").hits == []


def test_a_question_takes_four_queries_at_most() -> None:
    with CaptureQueriesContext(connection) as queries:
        find("кофа за боклук udostoverenie")

    assert len(queries) <= 4
