"""Files as people and attackers send them; a marker stands wherever they tell of a person or a place."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

from samokov_portal.files.cleaning import clean

MARKER = "SECRET-PLACE-42.3370N-23.5530E"
MARK = MARKER.encode()
TURNED_RIGHT = 6  # the camera was held upright: what it saw on the left is on top
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><who>{MARKER}</who></x:xmpmeta>'.encode()

pillow_heif.register_heif_opener()


def cleaned(content: bytes) -> tuple[str, bytes]:
    """The kind and the bytes of what is kept of the content."""
    kept = io.BytesIO()
    kind = clean(io.BytesIO(content), kept)
    return kind, kept.getvalue()


def picture(size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Its left half is red, its right half blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


def exif() -> Image.Exif:
    """Where, by whom and how turned it was taken."""
    tags = Image.Exif()
    tags[0x010E] = MARKER
    tags[0x0112] = TURNED_RIGHT
    place = tags.get_ifd(0x8825)
    place[1], place[2] = "N", (42.0, 20.0, 13.2)
    place[28] = MARK
    return tags


def profile() -> bytes:
    """A colour profile in whose description there is room for a name."""
    own = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return bytes(own) + MARK


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format=kind, **options)
    return file.getvalue()


def jpeg(**options: Any) -> bytes:
    return encoded(
        picture(), "JPEG", **{"exif": exif(), "xmp": XMP, "icc_profile": profile(), "comment": MARK, **options}
    )


def png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", MARKER)
    texts.add_text("Comment", MARKER, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return encoded(picture(), "PNG", exif=exif(), pnginfo=texts, icc_profile=profile())


def webp() -> bytes:
    return encoded(picture(), "WEBP", lossless=True, exif=exif(), xmp=XMP, icc_profile=profile())


def heic() -> bytes:
    return encoded(picture((128, 64)), "HEIF", quality=90, exif=exif().tobytes(), xmp=XMP)


def png_header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it is this large."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def document(**root: Any) -> pikepdf.Pdf:
    """A PDF with one page, and with these entries in its root."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    for key, value in root.items():
        pdf.Root[f"/{key}"] = value
    return pdf


def pdf_bytes(pdf: pikepdf.Pdf | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    with pdf or document() as made:
        made.save(file, **options)
    return file.getvalue()


def action(kind: str, **entries: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name("/" + kind), **entries)


def laid_open(kept: bytes) -> bytes:
    """The PDF with every stream unpacked, so that nothing in it hides from a plain search."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        pdf.save(
            file,
            qdf=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            fix_metadata_version=False,
        )
    return file.getvalue()


def archive(entries: dict[str, bytes | str]) -> bytes:
    """A ZIP with these entries in this order; `mimetype` is not compressed, as OpenDocument wants it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 12, 0, 0)), content, compress_type=how)
    return file.getvalue()


def entries_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


OFFICE = "application/vnd.openxmlformats-officedocument"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
METADATA_LINKS = f"{PACKAGE_LINKS}/metadata"
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"),
}


def relationships(*links: tuple[str, str, str]) -> str:
    """A part with links, each of a type, a target and extra attributes."""
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}" {extra}/>'
        for number, (kind, target, extra) in enumerate(links)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE_LINKS}">{rows}</Relationships>'


def openxml(
    kind: str = "docx", *, types: str = "", main_type: str = "", links: str = "", more: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The entries of a DOCX or XLSX written by somebody who left a name in its properties."""
    part, part_type = MAIN[kind]
    return {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main_type or part_type}"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package'
        '.core-properties+xml"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{OFFICE}.extended-properties+xml"/>{types}</Types>',
        "_rels/.rels": relationships(
            (f"{LINKS}/officeDocument", part, ""),
            (
                f"{METADATA_LINKS}/core-properties",
                "docProps/core.xml",
                "",
            ),
            (f"{LINKS}/extended-properties", "/docProps/app.xml", ""),
            (
                f"{METADATA_LINKS}/thumbnail",
                "docProps/thumbnail.jpeg",
                "",
            ),
        ),
        part: "<document>Здравейте</document>",
        f"{part.partition('/')[0]}/_rels/{part.rpartition('/')[2]}.rels": links or relationships(),
        "docProps/core.xml": f"<creator>{MARKER}</creator>",
        "docProps/app.xml": f"<Company>{MARKER}</Company>",
        "docProps/thumbnail.jpeg": jpeg(),
        **(more or {}),
    }


def opendocument(kind: str = "text", *, manifest: str = "", more: dict[str, Any] | None = None) -> dict[str, Any]:
    """The entries of an ODT or ODS written by somebody who left a name in its properties."""
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="">{inside}</manifest:file-entry>'
        for name, inside in {"/": "", "content.xml": manifest, "meta.xml": "", "Thumbnails/thumbnail.png": ""}.items()
    )
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<content>Здравейте</content>",
        "meta.xml": f"<creator>{MARKER}</creator>",
        "Thumbnails/thumbnail.png": png(),
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{space}">{listed}</manifest:manifest>',
        **(more or {}),
    }
