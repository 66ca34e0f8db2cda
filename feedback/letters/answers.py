"""The beginning of an answer from a text of the editor, filled in from the case. Nothing is saved by it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.letters.fields import contacts_of_the_municipality, day_in_letter
from feedback.letters.wording import BRACES, FIELD, FIELDS, Field, filled_in
from feedback.models import AnswerTemplate, Case

# Of what letters may name, what is known before there is an answer; and what the answer is about.
ANSWER_FIELDS: dict[str, Field] = {
    **{name: FIELDS[name] for name in ("name", "number", "kind", "subject", "received", "due", "contacts")},
    "place": Field(gettext_lazy("мястото, за което е"), "ул. „Македония“ № 34, гр. Самоков"),
    "unit": Field(gettext_lazy("звеното, което отговаря"), "Дирекция „Устройство на територията“"),
    "today": Field(gettext_lazy("днешната дата"), "23.11.2026 г."),
}
# What stands where the case does not say: nobody may overlook it.
UNKNOWN = "[допълнете]"
# What is of each sender by itself. In an answer to several it stays in braces until it is given.
OWN = ("name", "number", "subject", "received", "due", "place")
PLACE_UNSAID = "мястото, за което пишете"


def answer_fields(case: Case, today: date) -> Mapping[str, str]:
    """What a text may name, of this case; what the case does not say is marked to be completed."""
    found = {
        "name": case.name,
        "number": case.number,
        "kind": case.get_kind_display(),
        "subject": case.subject,
        "received": day_in_letter(case.received_at),
        "due": day_in_letter(case.due_on) if case.due_on else "",
        "contacts": contacts_of_the_municipality(),
        "place": ", ".join(str(part) for part in (case.place, case.settlement) if part),
        "unit": str(case.unit or ""),
        "today": day_in_letter(today),
    }
    return {name: value or UNKNOWN for name, value in found.items()}


def begun(template: AnswerTemplate, case: Case, *, typed: str, today: date, to_several: bool = False) -> str:
    """The answer with the filled-in text after what was `typed` already, which stays as it is.

    Where it goes to several senders, what is of one of them is left in braces (`given_to`).
    """
    fields = {name: said for name, said in answer_fields(case, today).items() if not (to_several and name in OWN)}
    text = filled_in(template.text, fields)
    return f"{typed.rstrip()}\n\n{text}" if typed.strip() else text


def given_to(case: Case, answer: str, today: date) -> str:
    """The answer as the sender of `case` gets it: what it leaves in braces is said of this case."""
    own = {name: said for name, said in answer_fields(case, today).items() if name in OWN and said != UNKNOWN}
    own.setdefault("place", PLACE_UNSAID)
    return FIELD.sub(lambda found: own.get(found[1], found[0]), answer)


def faults_of_answer(text: str) -> list[str]:
    """Why no answer can begin from this text: it names what is not known."""
    unknown = [found for found in dict.fromkeys(BRACES.findall(text)) if found[1:-1] not in ANSWER_FIELDS]
    if not unknown:
        return []
    allowed = ", ".join(f"{{{name}}}" for name in ANSWER_FIELDS)
    values: dict[str, Any] = {"unknown": ", ".join(unknown), "allowed": allowed}
    return [_("Няма такова поле: %(unknown)s. Може да пишете: %(allowed)s.") % values]
