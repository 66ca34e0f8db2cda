"""What a person sees of each page of a PDF, and of the document around them, as one number each.

A fingerprint is the SHA-256 of everything a page is drawn from: the operators, the fonts, the pictures, the links. It
does not depend on how the file is packed: object numbers, compression and what points back from a page to the rest are
left out, so that the same pages written anew have the same fingerprints.

Nothing here needs Django or a database: it runs on any machine, and in a process without any secret.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

PAGES_MAX = 500
OBJECTS_MAX = 200_000
DECODED_MAX_BYTES = 128 * 1024 * 1024
DEPTH_MAX = 200
# What a page takes from above when it does not say it itself.
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
# What leads back to the rest of the document, or says how a stream is packed.
BACK = {"/Parent", "/StructParent", "/StructParents", "/P"}
PACKING = {"/Length", "/Filter", "/DecodeParms", "/DL"}
# Of the catalogue: what has a check of its own, and what a signature in the file adds.
ELSEWHERE = {"/Type", "/Pages", "/Metadata", "/StructTreeRoot", "/AF", "/AcroForm", "/Version", "/Extensions"}
OF_SIGNATURES = {"/Fields", "/SigFlags"}
TEXTS = ("/S", "/Alt", "/ActualText", "/E", "/T", "/Lang")


class TooMuch(Exception):
    """The file holds more pages, objects or bytes than any report does."""


class NotReadable(Exception):
    """An object of the file is not what the format says it is."""


@dataclass
class Fingerprints:
    """Of every page in order, of the text for those who do not see, and of the catalogue; the title; the metadata."""

    pages: list[str]
    text: str
    frame: str
    metadata: str
    title: str


@dataclass
class Reader:
    """Walks the objects of one file; the limits hold for all of it together."""

    pdf: pikepdf.Pdf
    bytes_left: int = DECODED_MAX_BYTES
    objects_left: int = OBJECTS_MAX
    digests: dict[tuple[int, int], bytes] = field(default_factory=dict)
    shared_digests: dict[tuple[int, int], bytes] = field(default_factory=dict)
    page_marks: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def take(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TooMuch

    def content(self, stream: Any) -> bytes:
        """What a stream holds, unpacked by ourselves and so never more than is allowed."""
        raw: bytes = stream.read_raw_bytes()
        self.take(len(raw))
        if packing(stream) != "/FlateDecode":
            return raw
        unpacker = zlib.decompressobj()
        try:
            unpacked = unpacker.decompress(raw, self.bytes_left + 1)
        except zlib.error as error:
            raise NotReadable from error
        self.take(len(unpacked))
        return unpacked

    def digest(self, stream: Any) -> bytes:
        place = stream.objgen
        if place not in self.digests:
            self.digests[place] = hashlib.sha256(self.content(stream)).digest()
        return self.digests[place]

    def shared(self, value: Any) -> bytes:
        """The digest of what many pages have together, read once: each drawing of the report is in it."""
        if value.objgen not in self.shared_digests:
            writer = Writer(self)
            writer.write(value)
            self.shared_digests[value.objgen] = writer.hash.digest()
        return self.shared_digests[value.objgen]


@dataclass
class Writer:
    """Writes objects so that what is the same is written the same; the hash of it is the fingerprint."""

    reader: Reader
    hash: Any = field(default_factory=hashlib.sha256)
    seen: dict[tuple[int, int], int] = field(default_factory=dict)

    def say(self, kind: bytes, content: bytes = b"") -> None:
        self.hash.update(kind + str(len(content)).encode() + b":" + content)

    def write(self, value: Any, depth: int = 0) -> None:
        self.reader.objects_left -= 1
        if depth > DEPTH_MAX or self.reader.objects_left < 0:
            raise TooMuch
        if not isinstance(value, pikepdf.Object):
            self.say(b"v", plain(value))
        elif value.is_indirect and value.objgen in self.reader.page_marks:
            self.say(b"p", self.reader.page_marks[value.objgen])
        elif value.is_indirect and value.objgen in self.seen:
            self.say(b"r", str(self.seen[value.objgen]).encode())
        else:
            if value.is_indirect:
                self.seen[value.objgen] = len(self.seen)
            self.write_object(value, depth)

    def write_object(self, value: Any, depth: int) -> None:
        if isinstance(value, pikepdf.Array):
            self.say(b"[", str(len(value)).encode())
            for item in value:
                self.write(item, depth + 1)
        elif isinstance(value, pikepdf.Stream):
            leave_out = PACKING if packing(value) in ("", "/FlateDecode") else {"/Length"}
            self.write_entries(value, BACK | leave_out, depth)
            self.say(b"s", self.reader.digest(value))
        elif isinstance(value, pikepdf.Dictionary):
            self.write_entries(value, BACK, depth)
        elif isinstance(value, pikepdf.Name):
            self.say(b"n", str(value).encode())
        else:
            self.say(b"t", bytes(value) if isinstance(value, pikepdf.String) else repr(value).encode())

    def write_entries(self, value: Any, left_out: set[str], depth: int) -> None:
        for key in sorted(set(value.keys()) - left_out):
            self.say(b"k", key.encode())
            self.write(value[key], depth + 1)
        self.say(b"e")

    def hexdigest(self) -> str:
        return str(self.hash.hexdigest())


def plain(value: Any) -> bytes:
    """A number, a truth or nothing; 1.50 and 1.5 are one number."""
    if isinstance(value, Decimal | float):
        text = f"{Decimal(value):f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).encode()
    return repr(value).encode()


def packing(stream: Any) -> str:
    """The one simple filter of a stream; "" for none; what is packed in another way is not unpacked here."""
    found = stream.get("/Filter")
    if isinstance(found, pikepdf.Array) and len(found) == 1:
        found = found[0]
    if found is None:
        return ""
    return str(found) if isinstance(found, pikepdf.Name) and "/DecodeParms" not in stream else "other"


def fingerprints(pdf: pikepdf.Pdf) -> Fingerprints:
    """The fingerprints of a file. Raises TooMuch and NotReadable; pikepdf.PdfError of a damaged file."""
    reader = Reader(pdf)
    pages = page_objects(pdf)
    # First what is drawn, so that a link may name the page that it leads to wherever that stands.
    marks = {page.objgen: page_digest(reader, page, with_links=False) for page in pages}
    reader.page_marks = {place: mark.encode() for place, mark in marks.items()}
    return Fingerprints(
        pages=[page_digest(reader, page, with_links=True) for page in pages],
        text=text_digest(reader),
        frame=frame_digest(reader),
        metadata=metadata_digest(reader),
        title=str(pdf.docinfo.get("/Title", "")),
    )


def page_objects(pdf: pikepdf.Pdf) -> list[Any]:
    """The pages in order, each an object of its own."""
    if len(pdf.pages) > PAGES_MAX:
        raise TooMuch
    return [page.obj for page in pdf.pages]


def page_digest(reader: Reader, page: Any, *, with_links: bool) -> str:
    """The fingerprint of one page."""
    writer = Writer(reader)
    for key in sorted((set(page.keys()) | set(INHERITED)) - BACK - {"/Annots", "/Type"}):
        writer.say(b"k", key.encode())
        value = inherited(page, key) if key in INHERITED else page[key]
        if key == "/Resources" and isinstance(value, pikepdf.Object) and value.is_indirect:
            writer.say(b"d", reader.shared(value))
        else:
            writer.write(value)
    if with_links:
        for link in page.get("/Annots", []):
            if not is_unseen_signature(link, inherited(page, "/MediaBox")):
                writer.write(link)
    return writer.hexdigest()


def inherited(page: Any, key: str) -> Any:
    """What a page says of `key`, itself or by those above it."""
    for _level in range(DEPTH_MAX):
        if key in page:
            return page[key]
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    raise TooMuch


def is_unseen_signature(link: Any, box: Any) -> bool:
    """Whether it is the field of a signature, which stands outside the page."""
    if (
        link.get("/Subtype") != "/Widget"
        or link.get("/FT") != "/Sig"
        or box is None
        or {"/A", "/AA"} & set(link.keys())
    ):
        return False
    left, bottom, right, top = [float(number) for number in link.get("/Rect", [])]
    low, floor, high, ceiling = [float(number) for number in box]
    outside = max(left, right) <= low or min(left, right) >= high or max(bottom, top) <= floor
    return outside or min(bottom, top) >= ceiling or (left == right and bottom == top)


def text_digest(reader: Reader) -> str:
    """The fingerprint of the structure: what a reader reads aloud, in which order and on which page."""
    writer = Writer(reader)
    root = reader.pdf.Root.get("/StructTreeRoot")
    for level, element in elements(root, reader):
        writer.say(b"l", str(level).encode())
        for key in TEXTS:
            writer.say(b"x", str(element[key]).encode() if key in element else b"")
        if "/Pg" in element:
            writer.write(element["/Pg"])
        marks = element.get("/K")
        writer.say(b"m", repr([int(mark) for mark in listed(marks) if isinstance(mark, int)]).encode())
    return writer.hexdigest()


def elements(root: Any, reader: Reader) -> Iterator[tuple[int, Any]]:
    """The elements of the structure in the order of reading, each with its level."""
    waiting = [(0, root)] if isinstance(root, pikepdf.Dictionary) else []
    while waiting:
        level, element = waiting.pop()
        reader.objects_left -= 1
        if reader.objects_left < 0:
            raise TooMuch
        yield level, element
        children = [kid for kid in listed(element.get("/K")) if isinstance(kid, pikepdf.Dictionary)]
        waiting += [(level + 1, kid) for kid in reversed(children)]


def listed(value: Any) -> list[Any]:
    """One or many, as many."""
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def frame_digest(reader: Reader) -> str:
    """The fingerprint of the catalogue: language, outline, targets of links, what happens when it is opened."""
    writer = Writer(reader)
    root = reader.pdf.Root
    for key in sorted(set(root.keys()) - ELSEWHERE):
        writer.say(b"k", key.encode())
        if key == "/Names":
            writer.write_entries(root[key], {"/EmbeddedFiles"}, 0)
        else:
            writer.write(root[key])
    if strange := set(root.get("/AcroForm", pikepdf.Dictionary()).keys()) - OF_SIGNATURES:
        writer.say(b"f", repr(sorted(strange)).encode())
    return writer.hexdigest()


def metadata_digest(reader: Reader) -> str:
    """The SHA-256 of the metadata, where the title stands too."""
    found = reader.pdf.Root.get("/Metadata")
    return reader.digest(found).hex() if isinstance(found, pikepdf.Stream) else ""


def attached(pdf: pikepdf.Pdf) -> dict[str, bytes]:
    """The attached files by name; what is listed as associated but not as attached has a name that says so.

    Raises as `fingerprints`.
    """
    reader = Reader(pdf)
    names = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    specs = list(leaves(names, reader))
    found: dict[str, bytes] = {}
    for spec in specs:
        name = name_of(spec)
        if name in found:
            raise NotReadable
        found[name] = content_of(spec, reader)
    known = {spec.objgen for spec in specs if spec.is_indirect}
    for spec in listed(pdf.Root.get("/AF")):
        if not spec.is_indirect or spec.objgen not in known:
            found[f"{name_of(spec)} (/AF)"] = content_of(spec, reader)
    return found


def name_of(spec: Any) -> str:
    return str(spec.get("/UF", spec.get("/F", "")))


def content_of(spec: Any, reader: Reader) -> bytes:
    stream = spec.get("/EF", pikepdf.Dictionary()).get("/F")
    if not isinstance(stream, pikepdf.Stream):
        raise NotReadable
    return reader.content(stream)


def leaves(node: Any, reader: Reader) -> Iterator[Any]:
    """The file specifications of a name tree."""
    waiting = [node] if isinstance(node, pikepdf.Dictionary) else []
    while waiting:
        reader.objects_left -= 1
        if reader.objects_left < 0:
            raise TooMuch
        here = waiting.pop()
        yield from listed(here.get("/Names"))[1::2]
        waiting += reversed(listed(here.get("/Kids")))
