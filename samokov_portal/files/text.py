"""Plain text: letters in UTF-8 and nothing that some program would take for a page, a script or a document."""

import codecs
import re
import shutil
from typing import IO

from samokov_portal.files.refusals import NotAccepted

CHUNK_BYTES = 64 * 1024
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# A tag, a processing instruction or a comment; RTF; PostScript; a script for a shell; a program for Windows.
DISGUISED = re.compile(r"\ufeff?\s*(<[a-z!?/]|\{\\rtf|%!|#!|MZ)", re.IGNORECASE)


def clean_text(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy `source` as it is when it is plain text; refused when it is anything else."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    source.seek(0)
    first = True
    while chunk := source.read(CHUNK_BYTES):
        try:
            letters = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise NotAccepted from error
        if CONTROL.search(letters) or (first and DISGUISED.match(letters)):
            raise NotAccepted
        first = False
    if decoder.getstate()[0]:
        raise NotAccepted
    source.seek(0)
    shutil.copyfileobj(source, target)
