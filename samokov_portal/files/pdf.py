"""PDF: what would run, fetch, hide or tell on its maker is taken out, and the rest is written anew."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import pikepdf

from samokov_portal.files.refusals import Damaged, Encrypted, HasActiveContent, untrusted_input
from samokov_portal.files.stripping import JPEG_START, stripped

# Where readers look for the end of the file; without it the upload was cut off and pages would be missing.
END = b"%%EOF"
END_WITHIN_BYTES = 1024
DECODED_MAX_BYTES = 256 * 1024 * 1024

METADATA = frozenset({"/Metadata", "/PieceInfo", "/Thumb"})
SCRIPTS = frozenset({"/AA", "/JS", "/JavaScript", "/XFA"})
ATTACHED = frozenset({"/EmbeddedFiles", "/EF", "/RF", "/AF", "/Renditions", "/AlternatePresentations"})
ACTIONS = frozenset({"/OpenAction", "/A", "/PA", "/Next"})
HARMLESS_ACTIONS = frozenset({"/GoTo", "/Named", "/URI"})
HARMLESS_ADDRESSES = ("http://", "https://", "mailto:", "tel:")
ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D"})

# The limits are of the process, and the process is the cell.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=DECODED_MAX_BYTES,
    run_length_max_memory=DECODED_MAX_BYTES,
    png_max_memory=DECODED_MAX_BYTES,
    tiff_max_memory=DECODED_MAX_BYTES,
)


@dataclass
class Found:
    """What was met on the way through a document."""

    signed: bool = False
    active: bool = False


def clean_pdf(source: IO[bytes], target: IO[bytes]) -> None:
    """Write `source` anew to `target` without scripts, launches, embedded files and metadata.

    A document with an electronic signature is kept byte for byte, or the signature would be lost; therefore it is
    refused if there is anything active in it.
    """
    source.seek(0)
    original = source.read()
    with untrusted_input(), opened(original) as pdf:
        found = clean(pdf)
        if found.signed and found.active:
            raise HasActiveContent
        kept = original if found.signed else written_anew(pdf)
    target.write(kept)


def opened(original: bytes) -> pikepdf.Pdf:
    """The document, if it has pages and no password; small faults that readers mend are mended."""
    if END not in original[-END_WITHIN_BYTES:]:
        raise Damaged
    try:
        pdf = pikepdf.open(io.BytesIO(original))
    except pikepdf.PasswordError as error:
        raise Encrypted from error
    if pdf.is_encrypted:
        raise Encrypted
    if len(pdf.pages) == 0:
        raise Damaged
    # A portfolio is only an envelope for files; a dynamic form has a single page that says „please wait“.
    if "/Collection" in pdf.Root or pdf.Root.get("/NeedsRendering", False):
        raise HasActiveContent
    return pdf


def clean(pdf: pikepdf.Pdf) -> Found:
    """Take out of every object what must not stay; what was found."""
    found = Found()
    for thing in pdf.objects:
        for dictionary in dictionaries(thing):
            clean_dictionary(dictionary, found)
        if isinstance(thing, pikepdf.Stream):
            clean_photograph(thing)
    for place, key in ((pdf.trailer, "/Info"), (pdf.Root, "/OpenAction"), (pdf.Root, "/Perms")):
        if key in place:
            del place[key]
    return found


def dictionaries(thing: object) -> Iterator[pikepdf.Object]:
    """Each dictionary of one indirect object, however deep; other indirect objects have their own turn."""
    waiting = [thing]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Array):
            inside = list(current)
        elif isinstance(current, pikepdf.Dictionary | pikepdf.Stream):
            yield current
            inside = [value for _key, value in current.items()]
        else:
            continue
        waiting += [item for item in inside if isinstance(item, pikepdf.Object) and not item.is_indirect]


def clean_dictionary(dictionary: pikepdf.Object, found: Found) -> None:
    """Take out what must not stay in this one dictionary, and note what was met."""
    keys = set(dictionary.keys())
    active = {key for key in keys & ACTIONS if is_active(dictionary[key])} | (keys & (SCRIPTS | ATTACHED))
    for key in active | (keys & METADATA):
        del dictionary[key]
    annotations = dictionary.get("/Annots")
    calm = [item for item in listed(annotations) if not is_active_annotation(item)]
    if len(calm) < len(listed(annotations)):
        active.add("/Annots")
        dictionary["/Annots"] = pikepdf.Array(calm)
    found.active = found.active or bool(active)
    found.signed = found.signed or (dictionary.get("/FT") == pikepdf.Name.Sig and "/V" in keys)


def is_active(action: object) -> bool:
    """Whether an action, or one of several, does more than lead to a place or to a page of the web."""
    if isinstance(action, pikepdf.Array):
        return any(is_active(item) for item in action)
    if not isinstance(action, pikepdf.Dictionary) or "/S" not in action:
        return False
    if str(action["/S"]) not in HARMLESS_ACTIONS:
        return True
    address = str(action.get("/URI", "")).strip().lower()
    return bool(address) and not address.startswith(HARMLESS_ADDRESSES)


def is_active_annotation(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and str(item.get("/Subtype")) in ACTIVE_ANNOTATIONS


def clean_photograph(stream: pikepdf.Stream) -> None:
    """Strip a photograph, which lies in a document as its camera wrote it, at times packed once more."""
    filters = [str(name) for name in listed(stream.get("/Filter"))]
    if filters not in (["/DCTDecode"], ["/FlateDecode", "/DCTDecode"]):
        return
    photograph = stream.read_raw_bytes()
    if len(filters) > 1:
        photograph = zlib.decompressobj().decompress(photograph, DECODED_MAX_BYTES)
    if photograph.startswith(JPEG_START):
        own = [item for item in listed(stream.get("/DecodeParms"))[-1:] if isinstance(item, pikepdf.Dictionary)]
        stream.write(stripped(photograph), filter=pikepdf.Name.DCTDecode, decode_parms=own[0] if own else None)


def listed(value: object) -> list[object]:
    """What may be missing, stand alone or stand in an array, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def written_anew(pdf: pikepdf.Pdf) -> bytes:
    """Every stream as it is coded now, because decoding is where bombs go off; nothing that is not referred to."""
    written = io.BytesIO()
    pdf.save(written, stream_decode_level=pikepdf.StreamDecodeLevel.none, deterministic_id=True)
    return written.getvalue()
