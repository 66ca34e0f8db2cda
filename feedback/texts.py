"""Competent bodies and the texts of letters and of answers, from the repository into the database."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from feedback.choices import LETTER_KINDS, LetterKind
from feedback.letters.wording import standard_texts
from feedback.models import AnswerTemplate, Body, LetterTemplate
from samokov_portal.history import upsert
from services.choices import Notice

DATA = Path(__file__).parent / "data"
BODIES, ANSWERS = DATA / "bodies.json", DATA / "answers.json"
WHY = "заредени писма"


def read_bodies() -> list[dict[str, Any]]:
    """The bodies as the file names them; what is not known of one is not there."""
    return json.loads(BODIES.read_text(encoding="utf-8"))


@transaction.atomic
def load_letters() -> dict[str, int]:
    """Bring bodies and texts of letters to what the files say; returns how many rows were written of each.

    Rows that an editor added or changed are left alone; a second call writes nothing.
    """
    return {
        "bodies": sum(_load_body(row) for row in read_bodies()),
        "templates": sum(_load_template(kind) for kind in LETTER_KINDS),
        "answers": sum(_load_answer(row) for row in json.loads(ANSWERS.read_text(encoding="utf-8"))),
    }


def _load_body(row: dict[str, Any]) -> bool:
    values = {name: row.get(name, "") for name in ("email", "address", "source")}
    return upsert(Body, key={"name": row["name"]}, values=values, why=WHY, revive=False)[1]


def _load_template(kind: LetterKind | Notice) -> bool:
    subject, text = standard_texts()[kind]
    return upsert(LetterTemplate, key={"kind": kind}, values={"subject": subject, "text": text}, why=WHY)[1]


def _load_answer(row: dict[str, Any]) -> bool:
    values = {"kind": row["kind"], "text": row["text"]}
    return upsert(AnswerTemplate, key={"title": row["title"]}, values=values, why=WHY, revive=False)[1]
