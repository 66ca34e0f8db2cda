"""A small PDF as the portal writes it, sealed, and ways to change it."""

import io
from collections.abc import Callable

import pikepdf


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """`pdf` opened, changed and written anew."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out, fix_metadata_version=False)
    return out.getvalue()


def replace_attachment(name: str, old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], None]:
    """A change of one attached file, once."""

    def change(pdf: pikepdf.Pdf) -> None:
        for spec in list(pdf.Root.Names.EmbeddedFiles.Names)[1::2]:
            if str(spec.UF) == name:
                stream = spec.EF.F
                content = stream.read_bytes()
                assert old in content
                stream.write(content.replace(old, new, 1))

    return change


def remove_attachment(name: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        names = pdf.Root.Names.EmbeddedFiles.Names
        kept = [
            part
            for key, spec in zip(list(names)[::2], list(names)[1::2], strict=True)
            if str(spec.UF) != name
            for part in (key, spec)
        ]
        pdf.Root.Names.EmbeddedFiles.Names = pikepdf.Array(kept)
        pdf.Root.AF = pikepdf.Array([spec for spec in pdf.Root.AF if str(spec.UF) != name])

    return change


def swap_pages(first: int, second: int) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        kids = pdf.Root.Pages.Kids
        kids[first], kids[second] = kids[second], kids[first]

    return change


def flip_text(page: int) -> Callable[[pikepdf.Pdf], None]:
    """Another glyph in the first text of a page."""

    def change(pdf: pikepdf.Pdf) -> None:
        operations = list(pikepdf.parse_content_stream(pdf.pages[page]))
        for place, operation in enumerate(operations):
            if str(operation.operator) == "TJ":
                [texts] = operation.operands
                raw = bytes(texts[0])
                texts[0] = pikepdf.String(raw[:-1] + bytes([raw[-1] ^ 1]))
                operations[place] = pikepdf.ContentStreamInstruction([texts], operation.operator)
                break
        else:
            raise AssertionError("no text")
        pdf.pages[page].Contents = pdf.make_stream(pikepdf.unparse_content_stream(operations))

    return change
