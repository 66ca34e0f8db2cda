"""The closed list of what is taken, and how a kind is recognised: by the content, never by the name."""

from dataclasses import dataclass

from filetype import match
from filetype.types import archive, image
from filetype.types.isobmff import IsoBmff

HEAD_BYTES = 8192


@dataclass(frozen=True)
class Kind:
    """What is kept: how browsers call it and how its names end."""

    content_type: str
    extension: str


KINDS = {
    "jpeg": Kind("image/jpeg", "jpg"),
    "png": Kind("image/png", "png"),
    "webp": Kind("image/webp", "webp"),
    "pdf": Kind("application/pdf", "pdf"),
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "odt": Kind("application/vnd.oasis.opendocument.text", "odt"),
    "ods": Kind("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    "text": Kind("text/plain", "txt"),
}


class Heif(IsoBmff):
    """HEIC as all phones write it; the library's own class knows only one of its brands."""

    BRANDS = frozenset({"heic", "heix", "heim", "heis"})

    def __init__(self) -> None:
        super().__init__(mime="image/heif", extension="heic")

    def match(self, head: bytearray) -> bool:
        """Whether a still image coded with HEVC is among what the file says it can be read as."""
        if not self._is_isobmff(head):
            return False
        major, _version, compatible = self._get_ftyp(head)
        return bool(self.BRANDS & {major, *compatible})


CONTAINERS = {
    image.Jpeg(): "jpeg",
    image.Png(): "png",
    image.Webp(): "webp",
    Heif(): "heif",
    archive.Pdf(): "pdf",
    archive.Zip(): "zip",
}


def container_of(head: bytes) -> str | None:
    """What the first bytes of a file say it is; None for everything that may at best be plain text."""
    found = match(head[:HEAD_BYTES], list(CONTAINERS))
    return CONTAINERS[found] if found else None
