from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from charter.inspection import verify_apart
from charter.verification import Check, first_difference
from samokov_portal.files.cell import CellFailed
from samokov_portal.keys import BadKey, PublicKeys, by_id, known_keys, public_key

MAX_BYTES = 100 * 1024 * 1024
OK = {
    "file": "a PDF that can be read",
    "manifest": "manifest of the report for {period}, version {version}",
    "signature": "manifest signed by the key {key}",
    "attachment": "{name} is as it was attached",
    "pages": "all {count} pages are as they were, in their order",
    "document": "title, metadata, reading order and catalogue are as they were",
    "recount": "all {count} figures come out the same from the attached records",
    "pades": "signed by {signer} (whether to trust the certificate is for you to say)",
}
PROBLEMS = {
    ("file", "not_pdf"): "this is not a PDF",
    ("file", "encrypted"): "the PDF is encrypted; our reports are not",
    ("file", "damaged"): "the PDF is damaged and cannot be read to its end",
    ("file", "too_heavy"): "the PDF takes more to open than any report of ours",
    ("manifest", "missing"): "there is no manifest: not a report of ours, or an old one known by its SHA-256 only",
    ("manifest", "unreadable"): "the manifest cannot be read",
    ("signature", "missing"): "the manifest is not signed, so nothing says whose it is",
    ("signature", "unknown_key"): "the manifest is signed by the unknown key {key}",
    ("signature", "wrong"): "the signature is not of this manifest",
    ("attachment", "changed"): "{name} is changed; figures that differ: {figures}",
    ("attachment", "missing"): "{name} is missing",
    ("attachment", "added"): "{name} was added",
    ("page", "changed"): "page {page} is changed; standards on it: {figures}",
    ("page", "removed"): "page {page} is missing; standards on it: {figures}",
    ("page", "added"): "page {page} was added",
    ("page", "moved"): "page {page} was moved; standards on it: {figures}",
    ("document", "title"): "the title is changed",
    ("document", "metadata"): "the metadata are changed",
    ("document", "text"): "the reading order or an alternative text is changed",
    ("document", "frame"): "the catalogue (language, outline, links, actions) is changed",
    ("recount", "no_records"): "no records are attached (a report of the old kind): nothing to count again",
    ("recount", "not_countable"): "the attached records cannot be read: {name}",
    ("recount", "differs"): "{figure}: {number} is said to be {said}, the records give {counted}",
    ("pades", "none"): "the file bears no qualified signature",
    ("pades", "broken"): "the qualified signature is broken {signer}",
}


class Command(BaseCommand):
    help = "Verify the PDF of a report: manifest, signature, attached files, pages, figures. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--key", type=Path, action="append", help="a public key in PEM, instead of the configured ones; repeatable"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checks = verify_apart(_content(options["file"]), _keys(options["key"]))
        except CellFailed as error:
            raise CommandError(
                f"The file could not be looked at, and it is not to blame: {_last_line(error)}"
            ) from error
        for check in checks:
            self.stdout.write(f"{'--' if check.is_note else 'ok' if check.is_ok else 'NO'}  {said(check)}")
        problem = first_difference(checks)
        if problem is not None:
            raise CommandError(f"Not verified: {said(problem)}.")
        self.stdout.write("Verified.")


def said(check: Check) -> str:
    """A check in words."""
    words = PROBLEMS[check.what, check.problem] if check.problem else OK[check.what]
    facts = {name: value or "none" for name, value in check.facts.items()}
    return words.format_map(facts)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(f"{path} is larger than {MAX_BYTES // 1024**2} MB; our reports are much smaller.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _keys(paths: list[Path] | None) -> PublicKeys:
    try:
        if paths:
            return by_id(public_key(path) for path in paths)
        return known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS)
    except BadKey as error:
        raise CommandError(f"{error}.") from error


def _last_line(error: CellFailed) -> str:
    return str(error).strip().rpartition("\n")[2]
