"""An office document that was taken holds its text, and neither programs nor authors."""

import io
import struct
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from samokov_portal.files.refusals import (
    Damaged,
    Encrypted,
    FileRefused,
    HasActiveContent,
    HasMacros,
    NotAccepted,
    TooHeavy,
)
from tests.files.makers import (
    LINKS,
    MARK,
    archive,
    cleaned,
    entries_of,
    jpeg,
    opendocument,
    openxml,
    png,
    relationships,
)

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENTS = {
    "docx": openxml("docx"),
    "xlsx": openxml("xlsx"),
    "odt": opendocument("text"),
    "ods": opendocument("spreadsheet"),
}
TEXT = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml", "ods": "content.xml"}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_document_is_recognised_and_keeps_its_text(kind: str) -> None:
    found, kept = cleaned(archive(DOCUMENTS[kind]))

    assert (found, "Здравейте" in entries_of(kept)[TEXT[kind]].decode()) == (kind, True)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_author_does_not_outlive_the_door(kind: str) -> None:
    _kind, kept = cleaned(archive(DOCUMENTS[kind]))

    found = entries_of(kept)
    assert [name for name, content in found.items() if MARK in content] == []
    assert not any("thumbnail" in name.lower() or name.startswith("docProps/") for name in found)


def test_no_link_and_no_type_speaks_of_what_was_left_out() -> None:
    _kind, kept = cleaned(archive(openxml()))

    found = entries_of(kept)
    links = ElementTree.fromstring(found["_rels/.rels"])
    types = ElementTree.fromstring(found["[Content_Types].xml"])
    assert [link.get("Target") for link in links] == ["word/document.xml"]
    assert [part.get("PartName") for part in types] == [None, "/word/document.xml"]


def test_manifest_lists_what_there_is() -> None:
    _kind, kept = cleaned(archive(opendocument()))

    found = entries_of(kept)
    space = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
    listed = [entry.get(f"{space}full-path") for entry in ElementTree.fromstring(found["META-INF/manifest.xml"])]
    assert listed == ["/", "content.xml", "meta.xml"]
    assert next(iter(found)) == "mimetype"
    assert kept[30:38] == b"mimetype"


@pytest.mark.parametrize("kind", ["docx", "odt"])
@pytest.mark.parametrize(("name", "content"), [("media/p.jpeg", jpeg()), ("media/p.png", png())])
def test_photograph_inside_says_no_more_where_it_was_taken(kind: str, name: str, content: bytes) -> None:
    _kind, kept = cleaned(archive({**DOCUMENTS[kind], name: content}))

    picture = entries_of(kept)[name]
    assert (MARK in picture, b"Exif" in picture) == (False, False)
    with Image.open(io.BytesIO(content)) as sent, Image.open(io.BytesIO(picture)) as left:
        assert sent.tobytes() == left.tobytes()


MACRO_SHEET = '<Override PartName="/xl/x.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
RENAMED = '<Override PartName="/word/x.dat" ContentType="application/vnd.ms-office.vbaProject"/>'
WITH_MACROS: dict[str, dict[str, Any]] = {
    "project": openxml(more={"word/vbaProject.bin": COMPOUND}),
    "project in capitals": openxml(more={"word/VBAPROJECT.BIN": COMPOUND}),
    "project under another name": openxml(types=RENAMED, more={"word/x.dat": b"x"}),
    "old macros of Excel": openxml("xlsx", types=MACRO_SHEET, more={"xl/x.xml": "<x/>"}),
    "document for macros": openxml(main_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
    "Basic": opendocument(more={"Basic/Standard/Module1.xml": "<x/>"}),
    "Python": opendocument(more={"Scripts/python/x.py": "x"}),
    "call of a macro": opendocument(more={"styles.xml": '<x href="vnd.sun.star.script:a.b?language=Basic"/>'}),
}


@pytest.mark.parametrize("what", WITH_MACROS)
def test_document_with_macros_is_refused(what: str) -> None:
    with pytest.raises(HasMacros):
        cleaned(archive(WITH_MACROS[what]))


def fetching(kind: str) -> str:
    return relationships((f"{LINKS}/{kind}", "https://example.org/x.dotm", 'TargetMode="External"'))


ACTIVE: dict[str, dict[str, Any]] = {
    "template from afar": openxml(links=fetching("attachedTemplate")),
    "object from afar": openxml(links=fetching("oleObject")),
    "picture from afar": openxml(links=fetching("image")),
    "links in capitals": openxml(more={"word/_rels/X.XML.RELS": fetching("frame")}),
    "object inside": openxml(more={"word/embeddings/oleObject1.bin": b"x"}),
    "document inside": openxml(more={"word/media/innocent.jpeg": archive(openxml())}),
    "control": openxml(more={"word/activeX/activeX1.xml": "<x/>"}),
    "other workbook": openxml("xlsx", more={"xl/externalLinks/externalLink1.xml": "<ddeLink/>"}),
    "object of Windows": opendocument(more={"Object 1": COMPOUND}),
    "program": opendocument(more={"Pictures/x.png": b"MZ\x90\x00"}),
}


@pytest.mark.parametrize("what", ACTIVE)
def test_document_that_fetches_or_embeds_is_refused(what: str) -> None:
    with pytest.raises(HasActiveContent):
        cleaned(archive(ACTIVE[what]))


def test_link_that_a_person_may_follow_stays() -> None:
    kind, kept = cleaned(archive(openxml(links=fetching("hyperlink"))))

    assert kind == "docx"
    assert b"https://example.org" in entries_of(kept)["word/_rels/document.xml.rels"]


def test_open_document_behind_a_password_is_refused() -> None:
    with pytest.raises(Encrypted):
        cleaned(archive(opendocument(manifest="<manifest:encryption-data/>")))


def test_archive_behind_a_password_is_refused() -> None:
    sent = bytearray(archive(openxml()))
    place = sent.rindex(b"PK\x01\x02")
    sent[place + 8] |= 1

    with pytest.raises(Encrypted):
        cleaned(bytes(sent))


def test_new_office_document_behind_a_password_is_refused_as_such() -> None:
    with pytest.raises(Encrypted):
        cleaned(COMPOUND + b"\0" * 9000 + "EncryptedPackage".encode("utf-16-le"))


def test_old_office_document_is_refused() -> None:
    with pytest.raises(NotAccepted):
        cleaned(COMPOUND + b"\0" * 9000 + "WordDocument".encode("utf-16-le"))


@pytest.mark.parametrize(
    "entries",
    [openxml(more={"_xmlsignatures/sig1.xml": "<x/>"}), opendocument(more={"META-INF/documentsignatures.xml": "<x/>"})],
)
def test_signed_document_is_kept_byte_for_byte(entries: dict[str, Any]) -> None:
    sent = archive(entries)

    assert cleaned(sent)[1] == sent


def test_signed_document_with_macros_is_refused() -> None:
    with pytest.raises(HasMacros):
        cleaned(archive(openxml(more={"_xmlsignatures/sig1.xml": "<x/>", "word/vbaProject.bin": COMPOUND})))


NOT_OURS: dict[str, dict[str, Any]] = {
    "plain archive": {"readme.txt": "x"},
    "program in Java": {"META-INF/MANIFEST.MF": "x"},
    "slides": openxml(main_type="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
    "drawing": opendocument("graphics"),
    "template": opendocument("text-template"),
    "book": {"mimetype": "application/epub+zip", "content.xml": "x"},
}


@pytest.mark.parametrize("what", NOT_OURS)
def test_archive_of_another_kind_is_refused(what: str) -> None:
    with pytest.raises(NotAccepted):
        cleaned(archive(NOT_OURS[what]))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "word/../../x", r"word\x.xml", "WORD/document.xml"]
)
def test_entry_with_a_name_that_two_programs_read_differently_is_refused(name: str) -> None:
    with pytest.raises(Damaged):
        cleaned(archive(openxml(more={name: "x"})))


def test_entry_that_unpacks_a_thousandfold_is_refused() -> None:
    with pytest.raises(TooHeavy):
        cleaned(archive(openxml(more={"word/media/x.bmp": b"\0" * 30_000_000})))


def test_archive_of_thousands_of_entries_is_refused() -> None:
    with pytest.raises(TooHeavy):
        cleaned(archive(openxml(more={f"word/{number}.xml": "" for number in range(5001)})))


def test_archive_that_lies_about_its_sizes_is_refused() -> None:
    sent = bytearray(archive(openxml(more={"word/x.xml": b"\0" * 9_000_000})))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = sent.rindex(signature)
        struct.pack_into("<I", sent, place + offset, 100)

    with pytest.raises(Damaged):
        cleaned(bytes(sent))


def test_entities_that_explode_are_refused() -> None:
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{laughs}]><Types xmlns="x">&e11;</Types>'

    with pytest.raises(FileRefused):
        cleaned(archive({**openxml(), "[Content_Types].xml": bomb}))


def test_external_entity_is_never_fetched() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><Types xmlns="x">&e;</Types>'

    with pytest.raises(FileRefused):
        cleaned(archive({**openxml(), "[Content_Types].xml": bomb}))


@pytest.mark.parametrize("part", [0.3, 0.7, 0.97])
def test_document_that_was_cut_off_is_refused(part: float) -> None:
    sent = archive(openxml())

    with pytest.raises(Damaged):
        cleaned(sent[: int(len(sent) * part)])


def test_document_with_a_wrong_sum_is_refused() -> None:
    sent = bytearray(archive(DOCUMENTS["odt"]))
    sent[sent.index(b"vnd.oasis")] ^= 1

    with pytest.raises(Damaged):
        cleaned(bytes(sent))


def test_page_of_the_web_between_the_entries_is_gone() -> None:
    file = io.BytesIO(archive(openxml()))
    with zipfile.ZipFile(file, "a") as opened:
        opened.comment = b"<script>alert(1)</script>"

    _kind, kept = cleaned(file.getvalue())

    assert b"<script>" not in kept


def test_list_of_parts_of_absurd_length_is_refused() -> None:
    with pytest.raises(TooHeavy):
        cleaned(archive({**openxml(), "[Content_Types].xml": "<Types>" + "".join(map(str, range(1_500_000)))}))


def test_document_that_leads_nowhere_is_refused() -> None:
    entries = openxml()
    del entries["_rels/.rels"]

    with pytest.raises(Damaged):
        cleaned(archive(entries))
