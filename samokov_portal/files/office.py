"""Office documents are ZIP archives: each entry is looked at, and the archive is written anew without its authors."""

import io
import shutil
import zipfile
from typing import IO

from samokov_portal.files.opendocument import examine_opendocument
from samokov_portal.files.openxml import examine_openxml
from samokov_portal.files.package import Findings
from samokov_portal.files.refusals import (
    Damaged,
    Encrypted,
    HasActiveContent,
    NotAccepted,
    TooHeavy,
    untrusted_input,
)
from samokov_portal.files.stripping import stripped

ENTRIES_MAX = 5000
UNPACKED_MAX_BYTES = 256 * 1024 * 1024
# Sheets full of the same cells shrink a hundredfold; a bomb shrinks a thousandfold.
RATIO_MAX = 200
RATIO_COUNTS_FROM_BYTES = 1024 * 1024
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED_BIT = 0x1
# A document inside a document, an OLE object, a program for Windows or for Linux.
EMBEDDED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF")
# Office writes this date itself where it wants none.
NO_DATE = (1980, 1, 1, 0, 0, 0)


def clean_office(source: IO[bytes], target: IO[bytes]) -> str:
    """Write the document anew to `target`; its kind: docx, xlsx, odt or ods.

    A document with an electronic signature is kept byte for byte, or the signature would be lost.
    """
    written = io.BytesIO()
    source.seek(0)
    with untrusted_input(), zipfile.ZipFile(source) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        refuse_strange(entries)
        refuse_bomb(entries)
        findings = examine(archive, entries)
        rewrite(archive, entries, findings, written)
    source.seek(0)
    written.seek(0)
    shutil.copyfileobj(source if findings.signed else written, target)
    return findings.kind


def refuse_strange(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse passwords, and archives that two programs may read in two ways."""
    names = [entry.filename.lower() for entry in entries]
    if any(entry.flag_bits & ENCRYPTED_BIT for entry in entries):
        raise Encrypted
    if len(set(names)) < len(names) or any(entry.compress_type not in METHODS for entry in entries):
        raise Damaged
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise Damaged


def refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    """Judge by the sizes that the archive declares: more than these is never unpacked."""
    if len(entries) > ENTRIES_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX_BYTES:
        raise TooHeavy
    for entry in entries:
        if entry.file_size > RATIO_COUNTS_FROM_BYTES and entry.file_size > RATIO_MAX * entry.compress_size:
            raise TooHeavy


def examine(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Findings:
    names = [entry.filename for entry in entries]
    if "[Content_Types].xml" in names:
        return examine_openxml(archive, names)
    if entries and entries[0].filename == "mimetype" and entries[0].compress_type == zipfile.ZIP_STORED:
        return examine_opendocument(archive, names)
    raise NotAccepted


def rewrite(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], findings: Findings, written: IO[bytes]) -> None:
    """Every entry that stays, in its order, without dates, remarks and whatever lies between the entries."""
    with zipfile.ZipFile(written, "w") as clean:
        for entry in entries:
            content = archive.read(entry)  # checks its sum, also of what is then left out
            if content.startswith(EMBEDDED):
                raise HasActiveContent
            if entry.filename in findings.dropped:
                continue
            new = zipfile.ZipInfo(entry.filename, date_time=NO_DATE)
            new.compress_type = entry.compress_type
            clean.writestr(new, findings.replaced.get(entry.filename) or stripped(content))
