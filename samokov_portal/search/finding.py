"""Pages by what somebody typed, the most fitting first.

Each word typed is one of the words of the pages, or close to one, or begins one. A page is worth what the words found
in it tell, by where they stand; what the title says besides makes it a little less fitting. A question may be read in
several ways (another keyboard, other words for the same): a page is worth what the best reading makes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from django.db import connection

from samokov_portal.search.keyboards import readings
from samokov_portal.search.models import Synonym
from samokov_portal.search.words import STOP_WORDS, WORD, stem, words

LONGEST_QUERY = 100
MOST_WORDS = 12
# A beginning of two letters begins hundreds of words.
MOST_STEMS = 8
MOST_SYNONYMS = 3
# How far a mistyped word may be from the one that is meant, by the length of its stem.
SLIPS = ((4, 0), (6, 1), (100, 2))
COST_OF_A_SLIP = 0.22
QUALITY_OF_A_BEGINNING = 0.8
QUALITY_OF_A_ROOT = 0.6
QUALITY_OF_A_SYNONYM = 0.97
# How much of two stems is the same where they are derived from one word (презаверка, презаверяване).
SHORTEST_ROOT = 5
ROOT_SHARE = 0.6
# What a word tells that stands nowhere, and how much of it counts against the pages found without it.
UNKNOWN = 0.5
# Beginnings that are worth looking up, as somebody types.
SHORTEST_BEGINNING = 2
# What is worth less than this part of the whole question, or of the best page, is not shown.
LEAST = 0.2
LEAST_OF_BEST = 0.55
# By the weights D, C, B, A.
WEIGHTS = "{0.2, 0.4, 0.85, 1.0}"
# ts_rank of a word that stands once in a title.
ONCE = 0.6079271
TITLE_COUNTS = 0.25
BOOST_COUNTS = 0.12


@dataclass(frozen=True)
class Word:
    """A word of a question: what it tells, and the stems that may stand for it with how surely each."""

    telling: float
    stems: tuple[tuple[str, float], ...] = ()

    @property
    def quality(self) -> float:
        return max((quality for _stem, quality in self.stems), default=0.0)


@dataclass(frozen=True)
class Hit:
    """A page that was found. `parts` are pieces of its title with whether each is what was sought.

    `title_en` is empty where nobody has translated it.
    """

    source: str
    key: str
    title: str
    title_en: str
    about: str
    path: str
    score: float
    parts: tuple[tuple[str, bool], ...] = ()
    parts_en: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Found:
    """The answer to a question: pages, and what the question was taken to mean."""

    hits: list[Hit] = field(default_factory=list)
    # The words as they were read, where that is not what was typed.
    read_as: str = ""
    # Pairs of what was said and what it was taken to mean.
    synonyms: list[tuple[str, str]] = field(default_factory=list)


def find(query: str, *, sources: Sequence[str] = (), limit: int = 50) -> Found:
    """The pages (of `sources`, if given) that fit `query`, at most `limit`, best first; three queries at most."""
    typed = readings(query[:LONGEST_QUERY].replace("\x00", ""))
    read = [_telling(reading)[:MOST_WORDS] for reading in typed]
    if not any(read):
        return Found()
    known = _vocabulary({stem(word) for reading in read for word in reading})
    candidates = _synonyms_near(known, read)
    said = {one for row in candidates for one in row.stems}
    place = max(range(len(read)), key=lambda number: (_sense(read[number], known, said), -number))
    chosen = read[place]
    asked = [_word(stem(word), known, is_last=word == chosen[-1]) for word in chosen]
    synonyms = _synonyms(chosen, asked, candidates)
    ways = _ways(chosen, asked, synonyms)
    hits = _ranked(ways, sources, limit)
    sought = {text for way in ways for word in way for text, _quality in word.stems}
    return Found(
        [replace(hit, parts=marked(hit.title, sought), parts_en=marked(hit.title_en, sought)) for hit in hits],
        read_as=" ".join(typed[place]) if place else "",
        synonyms=[(row.said, row.means) for row in synonyms],
    )


def marked(title: str, sought: set[str]) -> tuple[tuple[str, bool], ...]:
    """`title` in pieces, each with whether it is a word whose stem is in `sought`."""
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in WORD.finditer(title):
        if stem(match[0].lower()) in sought:
            parts += [(title[end : match.start()], False), (match[0], True)]
            end = match.end()
    parts.append((title[end:], False))
    return tuple(part for part in parts if part[0])


def _telling(reading: list[str]) -> list[str]:
    """The words of `reading` that tell something; all of them where none does."""
    return [word for word in reading if word not in STOP_WORDS] or reading


# Words close by trigrams are looked for only where the very word is not known.
VOCABULARY = """
    SELECT asked.word, near.text, near.telling, starts_with(near.text, asked.word),
           levenshtein_less_equal(near.text, asked.word, 2)
    FROM unnest(%(words)s::text[]) AS asked(word), LATERAL (
        SELECT text, telling FROM search_stem
        WHERE text >= asked.word AND text < asked.word || U&'\\FFFF'
          AND (length(asked.word) >= %(shortest)s OR text = asked.word)
        UNION
        SELECT text, telling FROM search_stem
        WHERE text %% asked.word AND NOT EXISTS (SELECT FROM search_stem AS same WHERE same.text = asked.word)
    ) AS near
"""
# For each word asked: the words of the pages like it, with what each tells, whether it begins so, and how far it is.
Vocabulary = dict[str, list[tuple[str, float, bool, int]]]


def _vocabulary(asked: set[str]) -> Vocabulary:
    with connection.cursor() as cursor:
        cursor.execute(VOCABULARY, {"words": sorted(asked), "shortest": SHORTEST_BEGINNING})
        known: Vocabulary = {}
        for word, text, telling, begins, slips in cursor.fetchall():
            known.setdefault(word, []).append((text, telling, begins, slips))
    return known


def _word(asked: str, known: Vocabulary, *, is_last: bool) -> Word:
    """What a word of a question stands for: itself, else what begins with it or is close to it."""
    near = known.get(asked, [])
    found: dict[str, float] = {}
    for text, _telling, begins, slips in near:
        if slips == 0:
            found[text] = 1.0
        elif begins and (is_last or len(asked) > SHORTEST_ROOT):
            found[text] = QUALITY_OF_A_BEGINNING * (0.5 + 0.5 * len(asked) / len(text))
        elif slips <= slips_allowed(asked) and not asked.isdigit():
            found[text] = 1 - COST_OF_A_SLIP * slips
        elif _share_a_root(asked, text):
            found[text] = QUALITY_OF_A_ROOT
    if not found:
        return Word(UNKNOWN)
    best = max(found.values())
    telling = max(telling for text, telling, _begins, _slips in near if found.get(text) == best)
    # Beside the very word only what is derived from it counts, not what merely looks alike.
    derived = {text for text, _telling, begins, slips in near if not slips or begins or _share_a_root(asked, text)}
    kept = {text: quality for text, quality in found.items() if best < 1 or text in derived}
    surest = sorted(kept.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_STEMS]
    return Word(telling, tuple(surest))


def _share_a_root(one: str, other: str) -> bool:
    """Whether two stems begin with so many of the same letters that they are derived from one word."""
    pairs = enumerate(zip(one, other, strict=False))
    shared = next((place for place, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))
    return shared >= SHORTEST_ROOT and shared >= ROOT_SHARE * max(len(one), len(other))


def slips_allowed(asked: str) -> int:
    """How many letters of a word of this length may be wrong, missing or too many."""
    return next(allowed for longest, allowed in SLIPS if len(asked) <= longest)


def _sense(reading: list[str], known: Vocabulary, said: set[str]) -> float:
    """How much of a reading the pages or the synonyms know, between 0 and 1."""
    if not reading:
        return -1.0
    asked = [stem(word) for word in reading]
    return sum(1.0 if one in said else _word(one, known, is_last=False).quality for one in asked) / len(reading)


def _synonyms_near(known: Vocabulary, read: list[list[str]]) -> list[Synonym]:
    """The synonyms of which at least a word may have been said; one query."""
    said = {stem(word) for reading in read for word in reading} | {row[0] for near in known.values() for row in near}
    return list(Synonym.objects.filter(stems__overlap=sorted(said)))


def _synonyms(chosen: list[str], asked: list[Word], candidates: list[Synonym]) -> list[Synonym]:
    """The synonyms whose words were all said, the longest first and none within another."""
    said = {stem(word) for word in chosen} | {text for word in asked for text, _quality in word.stems}
    taken: set[str] = set()
    found = []
    for row in sorted(candidates, key=lambda row: (-len(row.stems), row.said)):
        if set(row.stems) <= said and taken.isdisjoint(row.stems):
            taken |= set(row.stems)
            found.append(row)
    return found[:MOST_SYNONYMS]


def _ways(chosen: list[str], asked: list[Word], synonyms: list[Synonym]) -> list[list[Word]]:
    """The question as it stands, and with each selection of the synonyms in the place of what they stand for."""
    ways = [asked]
    known = _vocabulary({one for row in synonyms for one in map(stem, _telling(words(row.means)))}) if synonyms else {}
    for size in range(1, len(synonyms) + 1):
        for selection in combinations(synonyms, size):
            replaced = {one for row in selection for one in row.stems}
            rest = [
                word
                for text, word in zip(chosen, asked, strict=True)
                if stem(text) not in replaced and not any(one in replaced for one, _quality in word.stems)
            ]
            meant = [
                _word(one, known, is_last=False)
                for row in selection
                for one in dict.fromkeys(map(stem, _telling(words(row.means))))
            ]
            ways.append(rest + [_less_sure(word) for word in meant])
    return ways


def _less_sure(word: Word) -> Word:
    return replace(word, stems=tuple((text, quality * QUALITY_OF_A_SYNONYM) for text, quality in word.stems))


def _ranked(ways: list[list[Word]], sources: Sequence[str], limit: int) -> list[Hit]:
    """The pages with any of the words, by what the best of `ways` makes of each; one query."""
    sought = sorted({text for way in ways for word in way for text, _quality in word.stems})
    if not sought:
        return []
    values: list[Any] = []
    worth = "GREATEST(" + ", ".join(_worth(way, values) for way in ways) + ")"
    statement = f"""
        SELECT source, key, title, title_en, about, path, worth + {BOOST_COUNTS} * boost * worth AS score
        FROM (SELECT *, {worth} AS worth FROM search_entry
              WHERE words @@ %s::tsquery AND (%s::text[] = '{{}}' OR source = ANY (%s))
              OFFSET 0) AS weighed  -- what a page is worth is counted once, not wherever it is named
        WHERE worth >= {LEAST}
        ORDER BY score DESC, title, key LIMIT %s
    """
    values += [" | ".join(f"'{text}'" for text in sought), list(sources), list(sources), limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        hits = [Hit(*row) for row in cursor.fetchall()]
    return [hit for hit in hits if hit.score >= LEAST_OF_BEST * hits[0].score]


def _worth(way: list[Word], values: list[Any]) -> str:
    """SQL: how well a page fits a reading of the question, between 0 and 1; its values are added to `values`."""
    whole = sum(word.telling * (0.5 + 0.5 * word.quality) for word in way) or 1.0
    found, in_title = [], []
    for word in way:
        if not word.stems:
            continue
        ranks = []
        for text, quality in word.stems:
            ranks.append(f"{quality} * LEAST(1, ts_rank('{WEIGHTS}', words, %s::tsquery) / {ONCE})")
            values.append(f"'{text}'")
        found.append(f"{word.telling} * GREATEST({', '.join(ranks)})")
    for word in way:
        if word.stems:
            values.append(" | ".join(f"'{text}':A" for text, _quality in word.stems))
            in_title.append(f"CASE WHEN words @@ %s::tsquery THEN {word.telling} ELSE 0 END")
    if not found:
        return "0"
    covered = f"LEAST(1, ({' + '.join(in_title)}) / GREATEST(title_mass, 0.001))"
    return f"({' + '.join(found)}) / {whole} * ({1 - TITLE_COUNTS} + {TITLE_COUNTS} * {covered})"
