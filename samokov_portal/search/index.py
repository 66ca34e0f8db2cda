"""How pages become findable: each source replaces its own entries whenever it changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from samokov_portal.search.models import Entry, Stem
from samokov_portal.search.words import stems

# Weights of tsvector, from the title down to what is only said of a page.
TITLE, ALIAS, ABOUT, TEXT = "A", "B", "C", "D"
# A tsvector keeps no position beyond.
LAST_POSITION = 16_383
LOCK = "search.index"


@dataclass(frozen=True)
class Item:
    """A page as its source describes it. `alias` are other names and numbers, `text` is found by and not shown."""

    key: str
    title: str
    path: str
    alias: str = ""
    about: str = ""
    text: str = ""
    boost: float = 0.0
    title_en: str = ""


@transaction.atomic
def replace(source: str, items: Iterable[Item]) -> int:
    """Make the entries of `source` exactly `items`; returns how many there are. Two at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
        cursor.execute("DELETE FROM search_entry WHERE source = %s", [source])
        entries = Entry.objects.bulk_create(
            Entry(
                source=source,
                key=item.key,
                title=item.title,
                title_en=item.title_en,
                about=item.about,
                path=item.path,
                boost=item.boost,
                words=vector(item),
            )
            for item in items
        )
        _weigh(cursor)
    return len(entries)


def vector(item: Item) -> str:
    """The words of `item` as the text of a tsvector, each with the weight of where it stands."""
    places: dict[str, list[str]] = {}
    position = 0
    # The English name is found like another name: it does not make the Bulgarian title longer.
    alias = f"{item.alias} {item.title_en}"
    for text, weight in ((item.title, TITLE), (alias, ALIAS), (item.about, ABOUT), (item.text, TEXT)):
        for stem in stems(text):
            position = min(position + 1, LAST_POSITION)
            places.setdefault(stem, []).append(f"{position}{weight}")
    # A stem is made of letters and digits, so nothing in it needs to be escaped.
    return " ".join(f"'{stem}':{','.join(where)}" for stem, where in places.items())


def _weigh(cursor: CursorWrapper) -> None:
    """Count anew how much each word tells, and what the titles weigh."""
    cursor.execute("DELETE FROM search_stem")
    cursor.execute(
        "INSERT INTO search_stem (text, telling) SELECT word, ln(1 + (SELECT count(*) FROM search_entry)::float / ndoc)"
        " FROM ts_stat('SELECT words FROM search_entry')"
    )
    told = dict(Stem.objects.values_list("text", "telling"))
    titles = Entry.objects.values_list("pk", "title")
    masses = {pk: sum(told.get(stem, 0.0) for stem in set(stems(title))) for pk, title in titles}
    cursor.execute(
        "UPDATE search_entry SET title_mass = mass FROM unnest(%s::bigint[], %s::float[]) AS weighed(id, mass)"
        " WHERE weighed.id = search_entry.id AND mass <> title_mass",
        [list(masses), list(masses.values())],
    )
