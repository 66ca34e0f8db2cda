"""A text of the charter as one document: what a draft proposes, and what differs from the text in force.

A passage is written as a paragraph between empty lines; what it is stands before it as a sign.
"""

from collections.abc import Iterator
from typing import Any

from charter.choices import PassageKind
from charter.models import CharterVersion, Passage, Remark, Section
from samokov_portal.editing.telling import Difference, changed_runs, told_otherwise

Document = dict[str, Any]
FRAME = (
    *(
        "title",
        "title_en",
        "adopted_year",
        "place",
        "approved_by",
        "approved_by_post",
        "coordinated_by",
        "coordinated_by_post",
    ),
    *("is_complete", "note", "source"),
)
SECTION = ("numeral", "title", "title_en", "title_original", "title_note")
REMARK = ("text", "source", "confidence")
SIGNS = {PassageKind.DETERMINES: "> ", PassageKind.PRINCIPLE: "# ", PassageKind.GOAL: "* ", PassageKind.PARAGRAPH: ""}


def document_of(version: CharterVersion) -> Document:
    """All that a version says; three queries."""
    return {
        **{name: getattr(version, name) for name in FRAME},
        "sections": [
            {**{name: getattr(section, name) for name in SECTION}, "passages": _passages(section)}
            for section in version.sections.all()
        ],
        "remarks": [{name: getattr(row, name) for name in REMARK} for row in version.remarks.all()],
    }


def _passages(section: Section) -> list[Document]:
    return [{"kind": passage.kind, "text": passage.text} for passage in section.passages.all()]


def as_text(passages: list[Document]) -> str:
    """The passages of a section as an editor writes them."""
    return "\n\n".join(SIGNS[PassageKind(passage["kind"])] + passage["text"] for passage in passages)


def as_passages(text: str) -> list[Document]:
    """What an editor wrote as passages, each with what it is."""
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return [_passage(part) for part in paragraphs if part]


def _passage(paragraph: str) -> Document:
    kind = next(kind for kind, sign in SIGNS.items() if paragraph.startswith(sign))
    return {"kind": kind.value, "text": paragraph.removeprefix(SIGNS[kind]).strip()}


def differences(before: Document | None, after: Document) -> list[Difference]:
    """What is different in `after`, in the order of the text."""
    found = told_otherwise(dict(_frame(before)) if before else {}, dict(_frame(after)))
    old = {section["numeral"]: section for section in before["sections"]} if before else {}
    new = {section["numeral"]: section for section in after["sections"]}
    for numeral in dict.fromkeys([*new, *old]):
        section = new.get(numeral) or old[numeral]
        label = f"{numeral}. {section['title']}"
        found += changed_runs(label, _lines(old.get(numeral)), _lines(new.get(numeral)))
    remarks = [[row["text"] for row in document["remarks"]] if document else [] for document in (before, after)]
    return [*found, *changed_runs(str(Remark._meta.verbose_name), *remarks)]


def _lines(section: Document | None) -> list[str]:
    """A section in lines: its title, then its passages."""
    if section is None:
        return []
    title = " / ".join(filter(None, (section[name] for name in SECTION[1:])))
    return [title, *(passage["text"] for passage in section["passages"])]


def _frame(document: Document) -> Iterator[tuple[str, str]]:
    for name in FRAME:
        field: Any = CharterVersion._meta.get_field(name)
        value = document[name]
        yield str(field.verbose_name), ("✓" if value else "") if isinstance(value, bool) else str(value)


def rows_of(document: Document, version: CharterVersion) -> Iterator[Any]:
    """The rows of the parts of `version`, each to be stored before the next one is asked for."""
    for position, part in enumerate(document["sections"], start=1):
        section = Section(version=version, position=position, **{name: part[name] for name in SECTION})
        yield section
        for place, passage in enumerate(part["passages"], start=1):
            yield Passage(section=section, position=place, **passage)
    for position, remark in enumerate(document["remarks"], start=1):
        yield Remark(version=version, position=position, **remark)
