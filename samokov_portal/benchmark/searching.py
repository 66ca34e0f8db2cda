"""A question to the search over many entries, against one plain statement of full-text search."""

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

from django.db import connection, transaction

from samokov_portal.benchmark.lines import Ground, Result
from samokov_portal.search.finding import find
from samokov_portal.search.index import Item, replace
from samokov_portal.search.models import Entry
from samokov_portal.search.sources import SERVICES
from services.entries import items

ENTRIES, ROUNDS = 5_000, 5
MOST_MILLISECONDS = 20
# Words that stand in one entry alone, as the names of streets and places do in real ones.
RARE = 3
# As people type: whole names, beginnings, numbers, mistyped, in Latin letters, on another keyboard, other words for it.
QUESTIONS = (
    *(
        "удостоверение за наследници",
        "акт за раждане",
        "скица",
        "данък сгради",
        "настоящ адрес",
        "куче",
        "2052",
        "2016",
    ),
    *("удост", "разреш", "стр", "удосговерение за наслдници", "реждане", "скйца на имот", "настояш адрес"),
    *("udostoverenie za rajdane", "skica", "danak sgradi", "kofa za bokluk", "наследственно", "смет", "сграда строеж"),
    *(",dgodke", "dp,etekre pd ij,feg", "как да си извадя акт за раждане на детето", "ъъъъъъ", "паркиране инвалиди"),
)
PLAIN = """
    SELECT source, key, title FROM search_entry WHERE words @@ plainto_tsquery('simple', %s)
    ORDER BY ts_rank(words, plainto_tsquery('simple', %s)) DESC LIMIT 50
"""


def search_of_many(_ground: Ground | None = None) -> Result:
    """Milliseconds of all but the slowest twentieth of the questions; the entries are made and taken back again."""
    with transaction.atomic():
        replace(SERVICES, many())
        count = Entry.objects.count()
        ours, floor = in_turns()
        transaction.set_rollback(True)
    took, least = (statistics.quantiles(times, n=20)[-1] for times in (ours, floor))
    more = {"entries": count, "median": round(statistics.median(ours), 1), "longest": round(max(ours), 1)}
    return Result(
        "a question to 5,000 entries, p95",
        "ms",
        took,
        least,
        "one plain statement",
        f"<= {MOST_MILLISECONDS} ms",
        took <= MOST_MILLISECONDS and count >= ENTRIES,
        {**more, "questions": len(QUESTIONS)},
    )


def many() -> Iterator[Item]:
    """The services there are, and made-up ones: the beginning of one name, the end of another, and rare words."""
    real = list(items())
    yield from real
    pairs = ((one, other) for one, other in product(real, real) if one is not other)
    for number, (one, other) in enumerate(islice(pairs, ENTRIES - len(real))):
        begins, ends = one.title.split(), other.title.split()
        rare = " ".join(word_of(number * RARE + place) for place in range(RARE))
        yield Item(
            key=f"made-up-{number}",
            title=" ".join([*begins[: len(begins) // 2], *ends[len(ends) // 2 :]]),
            path="/",
            alias=str(10_000 + number),
            about=one.about,
            text=f"{other.text} {rare}",
        )


def word_of(number: int) -> str:
    """A word that no other number has, of the sort that is pronounced."""
    syllables = [consonant + vowel for consonant in "бвгдзклмнпрст" for vowel in "аеиоу"]
    letters = ""
    for _syllable in range(3):
        number, place = divmod(number, len(syllables))
        letters += syllables[place]
    return f"{letters}н"


def in_turns() -> tuple[list[float], list[float]]:
    """Milliseconds of each question, by the search and by the plain statement, in turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    askers: tuple[Callable[[str], Any], ...] = (find, plainly)
    for question in QUESTIONS * ROUNDS:
        for times, ask in zip(taken, askers, strict=True):
            began = time.perf_counter()
            ask(question)
            times.append(1000 * (time.perf_counter() - began))
    return taken


def plainly(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [question, question])
        return cursor.fetchall()
