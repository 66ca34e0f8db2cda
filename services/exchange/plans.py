"""What a file of the catalogue would change, seen before anything is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samokov_portal.editing.telling import Difference
from services.choices import NumberStatus, TermUnit
from services.documents import (
    DETAIL_KEY,
    FRAME,
    OFFER_KEY,
    Document,
    differences,
    document_of,
    in_order,
    key_of,
    label_of,
)
from services.exchange.columns import Column, known_headings, plain_heading
from services.exchange.files import LONGEST_CELL, Cells, UnreadableFile
from services.forms.draft import DetailForm, Frame, FrameForm, OfferForm, as_initial
from services.models import Service, ServiceDraft, ServiceOffer

YES, NO = ("да", "yes", "true", "1"), ("не", "no", "false", "0")
PARTS = ("details", "offers")


class Outcome(models.TextChoices):
    """What a row of a file would do."""

    ADDED = "added", gettext_lazy("нова услуга")
    CHANGED = "changed", gettext_lazy("променя се")
    UNCHANGED = "unchanged", gettext_lazy("без промяна")
    DRAFTED = "drafted", gettext_lazy("вече има отворена чернова, не се пипа")
    WRONG = "wrong", gettext_lazy("не може да се прочете")


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a row, under which column."""

    column: str
    text: str


@dataclass
class Row:
    """One service as a file says it: the whole document that would come of it, and what is wrong."""

    number: int
    document: Document | None = None
    base: Document | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    outcome: Outcome = Outcome.WRONG

    @property
    def name(self) -> str:
        """The name of the service, as far as it can be read."""
        said = self.document or self.base
        return said["name"] if said else ""

    @property
    def differences(self) -> list[Difference]:
        """What it would change."""
        return differences(self.base, self.document) if self.document else []


@dataclass(frozen=True)
class Plan:
    """What a whole file would do; `missing` are the services of the catalogue of which it says nothing."""

    rows: list[Row]
    missing: list[Service]

    def of(self, outcome: Outcome) -> list[Row]:
        """The rows with one outcome, in the order of the file."""
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def to_draft(self) -> list[Row]:
        """The rows that would become drafts."""
        return [row for row in self.rows if row.outcome in (Outcome.ADDED, Outcome.CHANGED)]


class Catalogue:
    """What is published and drafted now, read once for all the rows of a file; seven queries."""

    def __init__(self, on: date) -> None:
        rows = Service.objects.with_frame().prefetch_related("details", "offers").order_by("name", "pk")
        self.services = {service.slug: service for service in rows}
        self.documents = {slug: document_of(service) for slug, service in self.services.items()}
        self.by_number = {doc["number"]: slug for slug, doc in self.documents.items() if doc["number"]}
        self.drafted = set(ServiceDraft.objects.open().values_list("slug", flat=True))
        self.frame = Frame(on)

    def base_of(self, slug: str, number: str) -> Document | None:
        """What is published of the service with this address, else with this number of the Register."""
        return self.documents.get(slug) or self.documents.get(self.by_number.get(number, ""))


def plan_table(table: list[tuple[int, Cells]], source: str, *, on: date) -> Plan:
    """What a table would change on a day; its first row names the columns. Raises UnreadableFile.

    An empty cell leaves what is published as it is: a file never removes. `source` is noted beside what it says anew.
    """
    if not table:
        raise UnreadableFile(_("Таблицата е празна."))
    columns = _columns(table[0][1])
    catalogue = Catalogue(on)
    return _settled([_table_row(number, cells, columns, catalogue, source) for number, cells in table[1:]], catalogue)


def _columns(headings: Cells) -> list[Column | None]:
    known = known_headings()
    columns = [known.get(plain_heading(heading)) for heading in headings]
    unknown = [heading for heading, column in zip(headings, columns, strict=True) if heading and column is None]
    if unknown:
        raise UnreadableFile(_("Непознати колони: %(names)s.") % {"names": "; ".join(unknown[:10])})
    keys = [column.key for column in columns if column]
    if len(set(keys)) < len(keys):
        raise UnreadableFile(_("Една и съща колона стои два пъти."))
    if not {("slug",), ("number",)} & set(keys):
        raise UnreadableFile(_("Няма колона с номера или с адреса на услугата, по която да се познае."))
    return columns


def _table_row(number: int, cells: Cells, columns: list[Column | None], catalogue: Catalogue, source: str) -> Row:
    said = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
    row = Row(number)
    if len(cells) > len(columns):
        row.mistakes.append(Mistake("", _("Има клетки без заглавие на колоната.")))
    row.mistakes += [
        Mistake(column.heading, _("Повече от %(most)s знака.") % {"most": LONGEST_CELL})
        for column, cell in said.items() if len(cell) > LONGEST_CELL
    ]  # fmt: skip
    if row.mistakes:
        return row
    values = {column.key[0]: cell for column, cell in said.items() if column.is_frame}
    row.base = catalogue.base_of(values.get("slug", ""), values.get("number", ""))
    frame = _frame(row, values, catalogue)
    details = _details(row, {column: cell for column, cell in said.items() if len(column.key) == 3}, source)
    offers = _offers(row, {column: cell for column, cell in said.items() if column.is_offer})
    if not row.mistakes:
        row.document = {**frame, "details": details, "offers": offers}
    return row


def _frame(row: Row, values: dict[str, str], catalogue: Catalogue) -> Document:
    """The service itself, what the file does not say as it is published. Notes mistakes."""
    published = as_initial(row.base)["frame"] if row.base else {"number_status": NumberStatus.UNKNOWN}
    lists = FrameForm(frame=catalogue.frame, initial=published)
    coded = {name: _coded(lists, name, cell) for name, cell in values.items()}
    data: dict[str, Any] = {**published, **coded}
    if row.base:
        data["slug"] = row.base["slug"]
    form = FrameForm(data, frame=catalogue.frame, initial=published)
    if not form.is_valid():
        row.mistakes += [
            Mistake(label_of(name), text) for name, texts in form.errors.items() for text in map(str, texts)
        ]
        return {}
    return form.values()


def _coded(form: Any, name: str, cell: str) -> Any:
    """A cell as the form takes it: the code of what a list calls so, a yes or a no."""
    if name == "is_complex":
        return {**dict.fromkeys(YES, "true"), **dict.fromkeys(NO, "false")}.get(cell.casefold(), cell)
    choices = getattr(form.fields.get(name), "choices", ())
    labels = {str(label).casefold(): code for code, label in choices}
    return labels.get(cell.casefold(), cell)


def _details(row: Row, said: dict[Column, str], source: str) -> list[Document]:
    """The statements: those of the file in place of the published ones. Notes mistakes."""
    published = {key_of(one, DETAIL_KEY): one for one in row.base["details"]} if row.base else {}
    for column, cell in said.items():
        standing = published.get(column.key)
        if standing and _same_words(standing["text"], cell):
            continue
        form = DetailForm({**dict(zip(DETAIL_KEY, column.key, strict=True)), "text": cell, "source": source})
        if form.is_valid():
            published[column.key] = form.values()
        else:
            row.mistakes += _mistakes(form, column.heading)
    return in_order(list(published.values()), DETAIL_KEY)


def _same_words(first: str, second: str) -> bool:
    """Whether two texts say the same; files change ends of lines and outer spaces."""
    return first.replace("\r\n", "\n").strip() == second.replace("\r\n", "\n").strip()


def _offers(row: Row, said: dict[Column, str]) -> list[Document]:
    """The kinds of order: what the file says of each upon what is published. Notes mistakes."""
    published = {one["speed"]: one for one in row.base["offers"]} if row.base else {}
    for speed in dict.fromkeys(column.key[0] for column in said):
        cells = {column.key[1]: cell for column, cell in said.items() if column.key[0] == speed}
        units = {str(label).casefold(): code for code, label in TermUnit.choices}
        if "term_unit" in cells:
            cells["term_unit"] = units.get(cells["term_unit"].casefold(), cells["term_unit"])
        form = OfferForm({**published.get(speed, {}), **cells, "speed": speed})
        if form.is_valid():
            published[speed] = form.values()
        else:
            row.mistakes += _mistakes(form, f"{ServiceOffer._meta.verbose_name}: {speed}")
    return in_order(list(published.values()), OFFER_KEY)


def _mistakes(form: Any, heading: str) -> list[Mistake]:
    return [Mistake(heading, str(text)) for texts in form.errors.values() for text in texts]


def plan_documents(said: list[Any], *, on: date) -> Plan:
    """What the services of a JSON file would change on a day; what it does not name of each stays as published."""
    catalogue = Catalogue(on)
    return _settled([_json_row(number, one, catalogue) for number, one in enumerate(said, start=1)], catalogue)


def _json_row(number: int, said: Any, catalogue: Catalogue) -> Row:
    row = Row(number)
    if not isinstance(said, dict) or not all(isinstance(said.get(part, []), list) for part in PARTS):
        row.mistakes.append(Mistake("", _("Услугата трябва да е обект, а „details“ и „offers“ – списъци.")))
        return row
    unknown = sorted(set(map(str, said)) - {"slug", *FRAME, *PARTS})
    row.mistakes += [Mistake(name, _("Непознато поле.")) for name in unknown[:10]]
    row.base = catalogue.base_of(str(said.get("slug", "")), str(said.get("number", "")))
    whole = {
        "number_status": NumberStatus.UNKNOWN,
        "details": [],
        "offers": [],
        "sources": [],
        **(row.base or {}),
        **said,
    }
    if not isinstance(whole["sources"], list):
        row.mistakes.append(Mistake("sources", _("Източниците са списък.")))
        whole["sources"] = []
    sources = "\n".join(map(str, whole["sources"]))
    data = {**_as_typed(row, whole, "", but=("sources", *PARTS)), "sources": sources}
    if row.base:
        data["slug"] = row.base["slug"]
    form = FrameForm(data, frame=catalogue.frame, initial=row.base)
    if not form.is_valid():
        row.mistakes += [Mistake(name, str(text)) for name, texts in form.errors.items() for text in texts]
    details = list(_parts(row, whole["details"], DetailForm, "details"))
    offers = list(_parts(row, whole["offers"], OfferForm, "offers"))
    if not row.mistakes:
        parts = {"details": in_order(details, DETAIL_KEY), "offers": in_order(offers, OFFER_KEY)}
        row.document = {**form.values(), **parts}
    return row


def _as_typed(row: Row, said: dict[str, Any], where: str, but: tuple[str, ...] = ()) -> dict[str, str]:
    """The values as somebody would type them into the form. Notes those that are lists or objects as mistakes."""
    values = {str(name): value for name, value in said.items() if name not in but}
    nested = [name for name, value in values.items() if isinstance(value, list | dict)]
    row.mistakes += [Mistake(f"{where}{name}", _("Тук се пише текст, число или да/не.")) for name in nested]
    return {name: "" if value is None or name in nested else str(value) for name, value in values.items()}


def _parts(row: Row, said: Iterable[Any], form_class: Any, name: str) -> Iterator[Document]:
    """The statements or offers of a service, each once. Notes mistakes."""
    names, seen = (DETAIL_KEY if name == "details" else OFFER_KEY), set()
    for place, one in enumerate(said, start=1):
        data = dict(one) if isinstance(one, dict) else {}
        if isinstance(data.get("leva"), list):
            data["leva"] = "; ".join(map(str, data["leva"]))
        form = form_class(_as_typed(row, data, f"{name}[{place}]."))
        if not form.is_valid():
            row.mistakes += _mistakes(form, f"{name}[{place}]")
            continue
        document = form.values()
        key = key_of(document, names)
        if key in seen:
            row.mistakes.append(Mistake(f"{name}[{place}]", _("Това вече е казано по-горе.")))
        seen.add(key)
        yield document


def _settled(rows: list[Row], catalogue: Catalogue) -> Plan:
    """The rows with their outcomes; one service stands in a file once."""
    seen: set[str] = set()
    for row in rows:
        slug = row.document["slug"] if row.document else row.base["slug"] if row.base else ""
        if slug and slug in seen:
            row.mistakes.append(Mistake("", _("Услугата стои във файла два пъти.")))
            row.document = None
        seen.add(slug)
        row.outcome = _outcome(row, catalogue)
    missing = [service for slug, service in catalogue.services.items() if slug not in seen]
    return Plan(rows, missing)


def _outcome(row: Row, catalogue: Catalogue) -> Outcome:
    if row.document is None:
        return Outcome.WRONG
    if row.document == row.base:
        return Outcome.UNCHANGED
    if row.document["slug"] in catalogue.drafted:
        return Outcome.DRAFTED
    return Outcome.CHANGED if row.base else Outcome.ADDED
