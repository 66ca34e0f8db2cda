"""What a browser sends to the pages of the desk, and where."""

from typing import Any

from feedback.models import Case
from services.models import Unit
from tests.feedback.life_stories import REASON, body

DESK, LOG = "/desk/", "/desk/log/"
ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
ANSWERING = {"clerk", "expert", "secretary"}
# The changes of a case and who may begin each; extending takes the role that its ground names.
VERBS: dict[str, set[str]] = {
    "assign": {"clerk", "secretary"},
    "requalify": {"clerk", "secretary"},
    "ask": ANSWERING,
    "record-reply": ANSWERING,
    "lapse": ANSWERING,
    "forward": ANSWERING,
    "extend": {*ANSWERING, "mayor"},
    "end": ANSWERING,
    "answer": ANSWERING,
    "notify": ANSWERING,
    "close": ANSWERING,
    "record-withdrawal": ANSWERING,
}


def page(row: Case, verb: str = "") -> str:
    """The address of a case, or of a change of it."""
    return f"/desk/cases/{row.number}/{verb}/" if verb else f"/desk/cases/{row.number}/"


def change(verb: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends for the change `verb` filled in well."""
    good: dict[str, Any] = {
        "assign": {"unit": str(Unit.objects.get(code="mdt").pk)},
        "requalify": {"kind": "proposal", "reason": REASON},
        "ask": {"question": "На кой стълб?"},
        "record-reply": {"text": "На третия."},
        "lapse": {},
        "forward": {"bodies": [str(body().pk)], "reason": REASON},
        "extend": {"ground": "signal", "due_on": "10.12.2026", "reason": REASON},
        "end": {"ground": "repeated", "reason": REASON},
        "answer": {"outcome": "upheld", "answer": "Лампите са подменени."},
        "notify": {"how": "лично на гише"},
        "close": {},
        "record-withdrawal": {"how": "с писмо вх. № 12"},
    }[verb]
    prefix = verb.replace("-", "_")
    return {f"{prefix}-{name}": value for name, value in {**good, **changes}.items()}
