"""A PDF that was taken shows its pages and does nothing else."""

import io
import zlib

import pikepdf
import pytest
from pypdf import PdfReader

from samokov_portal.files.refusals import Damaged, Encrypted, FileRefused, HasActiveContent, NotAccepted
from tests.files.makers import MARK, MARKER, XMP, action, cleaned, document, jpeg, laid_open, pdf_bytes


def array(*items: object) -> pikepdf.Array:
    return pikepdf.Array(list(items))


def signed() -> pikepdf.Pdf:
    """A document with a field in which somebody's signature is."""
    pdf = document()
    signature = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=array(0, 1, 2, 3), Contents=b"xx")
    )
    field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="sig", V=signature))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=array(field), SigFlags=3)
    return pdf


def test_simple_document_keeps_its_page() -> None:
    kind, kept = cleaned(pdf_bytes())

    assert (kind, len(PdfReader(io.BytesIO(kept)).pages)) == ("pdf", 1)


def test_author_and_place_do_not_outlive_the_door() -> None:
    pdf = document()
    pdf.docinfo["/Author"] = MARKER
    pdf.Root.Metadata = pikepdf.Stream(pdf, XMP)
    pdf.pages[0].obj.Metadata = pikepdf.Stream(pdf, XMP)
    pdf.pages[0].obj.PieceInfo = pikepdf.Dictionary(Who=MARKER)
    sent = pdf_bytes(pdf, fix_metadata_version=False)

    _kind, kept = cleaned(sent)

    assert MARK in sent
    assert MARK not in laid_open(kept)
    assert not PdfReader(io.BytesIO(kept)).metadata


@pytest.mark.parametrize("packed", [False, True])
def test_photograph_inside_says_no_more_where_it_was_taken(packed: bool) -> None:
    pdf = document()
    photograph = pikepdf.Stream(pdf, b"")
    if packed:
        photograph.write(zlib.compress(jpeg()), filter=array(pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode))
    else:
        photograph.write(jpeg(), filter=pikepdf.Name.DCTDecode)
    for key, value in {"/Subtype": pikepdf.Name.Image, "/Width": 60, "/Height": 40, "/BitsPerComponent": 8}.items():
        photograph[key] = value
    photograph.ColorSpace = pikepdf.Name.DeviceRGB
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=photograph))

    _kind, kept = cleaned(pdf_bytes(pdf))

    (shown,) = PdfReader(io.BytesIO(kept)).pages[0].images
    assert (MARK in kept, b"Exif" in kept, shown.image.size) == (False, False, (60, 40))


ACTIONS = {
    "launch": action("Launch", F="cmd.exe"),
    "script": action("JavaScript", JS="app.alert(1)"),
    "form": action("SubmitForm", F="https://example.org"),
    "other file": action("GoToR", F=r"\\server\x.pdf"),
    "script as an address": action("URI", URI="javascript:alert(1)"),
    "local file as an address": action("URI", URI="file:///etc/passwd"),
    "behind a harmless one": action("GoTo", Next=array(action("Launch", F="cmd.exe"))),
}
DONE = (b"/Launch", b"/JavaScript", b"/SubmitForm", b"/GoToR", b"javascript:", b"file:", b"cmd.exe", b"app.alert")


@pytest.mark.parametrize("what", ACTIONS)
def test_action_that_runs_or_fetches_is_taken_out_wherever_it_hangs(what: str) -> None:
    pdf = document(OpenAction=ACTIONS[what], AA=pikepdf.Dictionary(WC=ACTIONS[what]))
    pdf.pages[0].obj.AA = pikepdf.Dictionary(O=ACTIONS[what])
    link = pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=array(0, 0, 9, 9), A=ACTIONS[what], PA=ACTIONS[what])
    pdf.pages[0].obj.Annots = array(link)
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=array("x", ACTIONS[what])))
    pdf.Root.Outlines = pikepdf.Dictionary(First=pdf.make_indirect(pikepdf.Dictionary(Title="t", A=ACTIONS[what])))

    _kind, kept = cleaned(pdf_bytes(pdf))

    assert [word for word in DONE if word in laid_open(kept)] == []
    assert b"/OpenAction" not in laid_open(kept)


def test_link_to_a_page_of_the_web_stays() -> None:
    pdf = document()
    there = action("URI", URI="https://samokov.bg")
    pdf.pages[0].obj.Annots = array(pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=array(0, 0, 9, 9), A=there))

    _kind, kept = cleaned(pdf_bytes(pdf))

    assert b"https://samokov.bg" in laid_open(kept)


def test_embedded_file_is_taken_out() -> None:
    pdf = document()
    pdf.attachments["evil.exe"] = b"MZ-PROGRAM"
    pdf.pages[0].obj.Annots = array(
        pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=pdf.attachments["evil.exe"].obj)
    )
    sent = pdf_bytes(pdf)

    _kind, kept = cleaned(sent)

    assert b"MZ-PROGRAM" in laid_open(sent)
    assert b"MZ-PROGRAM" not in laid_open(kept)
    assert dict(PdfReader(io.BytesIO(kept)).attachments) == {}
    assert b"/FileAttachment" not in laid_open(kept)


def test_form_that_is_a_program_loses_the_program() -> None:
    pdf = document()
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=array(), XFA=pikepdf.Stream(pdf, b"<xdp>app.alert(1)</xdp>"))

    _kind, kept = cleaned(pdf_bytes(pdf))

    assert b"app.alert" not in laid_open(kept)


@pytest.mark.parametrize("root", [{"Collection": pikepdf.Dictionary()}, {"NeedsRendering": True}])
def test_document_that_would_be_empty_afterwards_is_refused(root: dict[str, object]) -> None:
    with pytest.raises(HasActiveContent):
        cleaned(pdf_bytes(document(**root)))


@pytest.mark.parametrize("password", ["тайна", ""])
def test_document_behind_a_password_or_a_restriction_is_refused(password: str) -> None:
    with pytest.raises(Encrypted):
        cleaned(pdf_bytes(encryption=pikepdf.Encryption(user=password, owner="owner")))


def test_signed_document_is_kept_byte_for_byte() -> None:
    sent = pdf_bytes(signed())

    assert cleaned(sent) == ("pdf", sent)


def test_signed_document_with_something_active_is_refused() -> None:
    pdf = signed()
    pdf.Root.OpenAction = ACTIONS["launch"]

    with pytest.raises(HasActiveContent):
        cleaned(pdf_bytes(pdf))


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.98])
def test_document_that_was_cut_off_is_refused(part: float) -> None:
    sent = pdf_bytes()

    with pytest.raises(Damaged):
        cleaned(sent[: int(len(sent) * part)])


def test_document_without_pages_is_refused() -> None:
    with pytest.raises(Damaged):
        cleaned(pdf_bytes(pikepdf.new()))


def test_document_with_a_wrong_table_that_every_reader_mends_is_taken() -> None:
    sent = pdf_bytes(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    wrong = sent[: sent.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"

    kind, kept = cleaned(wrong)

    assert (kind, len(PdfReader(io.BytesIO(kept)).pages)) == ("pdf", 1)


def test_page_of_the_web_inside_a_document_is_gone() -> None:
    sent = pdf_bytes().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1) + b"<html><script>alert(2)</script>"

    _kind, kept = cleaned(sent)

    assert b"script" not in kept


def test_page_of_the_web_with_a_document_behind_it_is_refused() -> None:
    with pytest.raises(NotAccepted):
        cleaned(b"<html><script>alert(1)</script>\n" + pdf_bytes())


def test_document_that_contains_itself_is_refused() -> None:
    pdf = document()
    pdf.Root.Pages.Kids = array(pdf.Root.Pages)

    with pytest.raises(FileRefused):
        cleaned(pdf_bytes(pdf))
