"""A consultation in tests: a draft, announced, with comments."""

from datetime import date, datetime
from typing import Any

from charter.actions.consultations import announce, comment_on, save_draft
from charter.models import Comment, Consultation
from samokov_portal.office.once import new_form_token, read_form_token

DAYS = date(2026, 11, 23), date(2026, 12, 23)
WHY = "Срокът за чакане се скъсява."


def draft(staff: Any, now: datetime, **facts: Any) -> Consultation:
    """A draft with one part."""
    facts = {"title": "Промени в хартата", "why": WHY, "opens_on": DAYS[0], "closes_on": DAYS[1]} | facts
    part = {"heading": "Чакане", "current": "20 минути", "proposed": "15 минути"}
    return save_draft(consultation=Consultation(**facts), passages=[part], by=staff["editor"], now=now)


def opened(staff: Any, now: datetime) -> Consultation:
    """A draft on which people may comment."""
    return announce(consultation_id=draft(staff, now).pk, by=staff["editor"], now=now)


def said(row: Consultation, now: datetime, **facts: Any) -> Comment:
    """A comment on the whole draft."""
    values = {"passage": None, "words": "Добре е.", "name": ""} | facts
    nonce = read_form_token(new_form_token())
    return comment_on(consultation_id=row.pk, nonce=nonce, values=values, now=now)[0]


def sent(**changes: Any) -> dict[str, Any]:
    """What a browser sends of a comment."""
    return {
        "token": new_form_token(),
        "passage": "",
        "words": "Добре е.",
        "name": "",
        "website": "",
        "proof": "",
    } | changes
