"""The first synonyms, from the repository; an editor goes on from there."""

import json
from pathlib import Path

from samokov_portal.history import upsert
from samokov_portal.search.models import Synonym
from samokov_portal.search.words import stems

DATA = Path(__file__).parent / "data" / "synonyms.json"


def load_synonyms() -> int:
    """Bring the synonyms of the repository into the table; what an editor changed is left alone."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    return sum(
        upsert(
            Synonym,
            key={"said": row["said"]},
            values={"means": row["means"], "stems": sorted(set(stems(row["said"])))},
            why="зареден речник на търсенето",
        )[1]
        for row in rows
    )
