"""What can be said of a file that may be one of our reports: a list of checks, each naming what differs.

Nothing here needs Django or a database, and nothing here raises: whatever is wrong with the file is a verdict. It is
called in a process with bounded memory and time (`charter.inspection`).
"""

import csv
import hashlib
import io
import json
import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from charter import pades, recount
from charter.fingerprints import Fingerprints, NotReadable, TooMuch, attached, fingerprints
from charter.manifest import (
    MANIFEST,
    SIGNATURE,
    BadManifest,
    Manifest,
    Sheet,
    UnknownKey,
    WrongSignature,
    by_code,
    parse,
    signer_of,
)
from samokov_portal.keys import PublicKeys

logger = logging.getLogger(__name__)

# How many differences of one sort are told; one is enough to know.
TOLD = 20
# Written by spreadsheets and by our JSON in different ways; compared as they stand in the CSV.
CSV_ONLY = {"code", "excluded"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: `problem` is empty when it is as it should be."""

    what: str
    problem: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    # Whether it only says that something could not be checked.
    is_note: bool = False

    @property
    def is_ok(self) -> bool:
        return not self.problem or self.is_note


class Unreadable(Exception):
    """The file is not one that can be opened; the code of why."""


def first_difference(checks: Iterable[Check]) -> Check | None:
    """The first thing that is not as it should be."""
    return next((check for check in checks if not check.is_ok), None)


def verify(content: bytes, keys: PublicKeys) -> list[Check]:
    """Everything that can be said of the file, in the order in which it matters."""
    try:
        with reading():
            found, files = opened(content)
    except Unreadable as problem:
        return [Check("file", str(problem))]
    if MANIFEST not in files:
        return [Check("file"), Check("manifest", "missing")]
    try:
        manifest = parse(files[MANIFEST])
    except BadManifest:
        return [Check("file"), Check("manifest", "unreadable"), *of_signature(files, keys)]
    return [
        Check("file"),
        Check("manifest", facts={"period": manifest.period, "version": str(manifest.version)}),
        *of_signature(files, keys),
        *of_attachments(manifest, files),
        *of_pages(manifest.pages, found.pages),
        *of_document(manifest, found),
        *of_records(manifest, files),
        *of_seal(content),
    ]


@contextmanager
def reading() -> Iterator[None]:
    """What libraries say of a damaged or hostile file, as the code of why it cannot be read."""
    try:
        yield
    except pikepdf.PasswordError as error:
        raise Unreadable("encrypted") from error
    except (TooMuch, MemoryError, RecursionError) as error:
        raise Unreadable("too_heavy") from error
    except (NotReadable, pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, ArithmeticError) as error:
        # Every wrong type and missing key of an object of the file comes as one of these.
        raise Unreadable("damaged") from error


def opened(content: bytes) -> tuple[Fingerprints, dict[str, bytes]]:
    """The fingerprints of a file and what is attached to it."""
    if b"%PDF-" not in content[:1024]:
        raise Unreadable("not_pdf")
    with pikepdf.open(io.BytesIO(content), suppress_warnings=True, attempt_recovery=False) as pdf:
        if pdf.is_encrypted:
            raise Unreadable("encrypted")
        return fingerprints(pdf), attached(pdf)


def of_signature(files: Mapping[str, bytes], keys: PublicKeys) -> list[Check]:
    """Whose signature the manifest carries."""
    if SIGNATURE not in files:
        return [Check("signature", "missing")]
    try:
        return [Check("signature", facts={"key": signer_of(files[MANIFEST], files[SIGNATURE], keys)})]
    except UnknownKey as error:
        return [Check("signature", "unknown_key", {"key": str(error)})]
    except WrongSignature:
        return [Check("signature", "wrong")]


def of_attachments(manifest: Manifest, files: Mapping[str, bytes]) -> list[Check]:
    """Each attached file against its digest, and those with figures number by number."""
    checks = []
    for name, digest in manifest.attachments.items():
        if name not in files:
            checks.append(Check("attachment", "missing", {"name": name}))
            continue
        wrong = figures_that_differ(manifest, name, files[name])
        if wrong or hashlib.sha256(files[name]).hexdigest() != digest:
            checks.append(Check("attachment", "changed", {"name": name, "figures": listed(wrong)}))
        else:
            checks.append(Check("attachment", facts={"name": name}))
    strange = sorted(set(files) - set(manifest.attachments) - {MANIFEST, SIGNATURE})
    return checks + [Check("attachment", "added", {"name": name[:80]}) for name in strange[:TOLD]]


def figures_that_differ(manifest: Manifest, name: str, content: bytes) -> list[str]:
    """The codes of the figures that an attached file says otherwise than the manifest."""
    try:
        if name == "figures.json":
            said = by_code(json.loads(content)["figures"])
            return [
                code for code in sorted(manifest.figures.keys() | said) if manifest.figures.get(code) != said.get(code)
            ]
        if name == "figures.csv":
            rows = {row["code"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))}
            return [
                code
                for code in sorted(manifest.figures.keys() | rows)
                if code not in rows or code not in manifest.figures or not same(manifest.figures[code], rows[code])
            ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, csv.Error):
        # The digest tells that the file is changed; there are no figures in it to name.
        return []
    return []


def same(record: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a row of figures.csv says what the manifest says of a figure."""
    left_out = {f"{reason}={count}" for reason, count in record.get("excluded", {}).items()}
    written = {name: "" if record[name] is None else str(record[name]) for name in record if name not in CSV_ONLY}
    said = set(filter(None, row["excluded"].split("; ")))
    return said == left_out and all(row[name] == written[name] for name in written if name in row)


def of_pages(expected: list[Sheet], found: list[str]) -> list[Check]:
    """Pages changed, removed, added or moved; a page is known by its fingerprint wherever it stands."""
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for place, sheet in enumerate(expected):
        waiting[sheet.fingerprint].append(place)
    origin = [waiting[mark].popleft() if waiting[mark] else None for mark in found]
    missing = [place for places in waiting.values() for place in places]
    strange = [place for place, of in enumerate(origin) if of is None]
    changed = sorted(set(missing) & set(strange))
    rest, more = sorted(set(missing) - set(changed)), sorted(set(strange) - set(changed))
    checks = [told("changed", place, expected[place]) for place in changed]
    checks += [told("removed", place, expected[place]) for place in rest]
    checks += [told("added", place) for place in more]
    stand = [of for of in origin if of is not None]
    moved = [of for of, ought in zip(stand, sorted(stand), strict=True) if of != ought]
    checks += [told("moved", place, expected[place]) for place in sorted(moved)]
    return checks[:TOLD] or [Check("pages", facts={"count": str(len(found))})]


def told(problem: str, place: int, sheet: Sheet | None = None) -> Check:
    return Check("page", problem, {"page": str(place + 1), "figures": listed(sheet.figures if sheet else [])})


def of_document(manifest: Manifest, found: Fingerprints) -> list[Check]:
    """The title, the metadata, what is read aloud, and the catalogue."""
    said = manifest.document
    pairs = {
        "title": (said.title, found.title),
        "metadata": (said.metadata, found.metadata),
        "text": (said.text, found.text),
        "frame": (said.frame, found.frame),
    }
    if [sheet.fingerprint for sheet in manifest.pages] != found.pages:
        # They name the pages that they lead to by what is on them, and so differ with every page.
        del pairs["text"], pairs["frame"]
    wrong = [name for name, (ought, is_) in pairs.items() if ought != is_]
    return [Check("document", name) for name in wrong] or [Check("document")]


def of_records(manifest: Manifest, files: Mapping[str, bytes]) -> list[Check]:
    """Every figure counted again from the attached records; a report of the old kind holds none."""
    if recount.CASES not in files:
        return [Check("recount", "no_records", is_note=True)]
    try:
        found = recount.differences(manifest.figures, files[recount.CASES], files.get(recount.GROUPS))
    except recount.NotCountable as error:
        return [Check("recount", "not_countable", {"name": str(error)})]
    wrong = [
        {"figure": one.figure, "number": one.number, "said": str(one.said)[:80], "counted": str(one.counted)[:80]}
        for one in found[:TOLD]
    ]
    return [Check("recount", "differs", facts) for facts in wrong] or [
        Check("recount", facts={"count": str(len(manifest.figures))})
    ]


def of_seal(content: bytes) -> list[Check]:
    """The qualified signatures in the file itself, where there are any."""
    if b"/ByteRange" not in content:
        return [Check("pades", "none", is_note=True)]
    try:
        found = pades.signatures(content)
    except Exception:
        # pyHanko raises errors of many libraries on a broken signature, so a fault of ours would look like one: kept.
        logger.warning("a qualified signature could not be read", exc_info=True)
        return [Check("pades", "broken", {"signer": ""})]
    return [Check("pades", "" if sealed.is_intact else "broken", {"signer": sealed.signer}) for sealed in found] or [
        Check("pades", "none", is_note=True)
    ]


def listed(codes: Iterable[str]) -> str:
    return ", ".join(codes)
