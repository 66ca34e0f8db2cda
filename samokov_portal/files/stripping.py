"""Photographs inside documents: what says where and with what they were taken goes, the picture stays bit for bit."""

import re
import struct

from samokov_portal.files.refusals import untrusted_input

JPEG_START = b"\xff\xd8"
PNG_START = b"\x89PNG\r\n\x1a\n"
END_OF_IMAGE, START_OF_SCAN, COMMENT, FILL = 0xD9, 0xDA, 0xFE, 0xFF
# APP0 is JFIF, APP14 says how Adobe codes colours; the other application segments hold EXIF, XMP, IPTC and profiles.
METADATA_SEGMENTS = frozenset({*range(0xE1, 0xEE), 0xEF, COMMENT})
# Inside a scan 0xFF stands before 0 or a restart marker; anything else ends it.
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
METADATA_CHUNKS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"iCCP"})


def stripped(picture: bytes) -> bytes:
    """The picture without its metadata, if it is a JPEG or a PNG; else as it is. Raises Damaged when it is broken."""
    with untrusted_input():
        if picture.startswith(JPEG_START):
            return stripped_jpeg(picture)
        if picture.startswith(PNG_START):
            return stripped_png(picture)
    return picture


def stripped_jpeg(picture: bytes) -> bytes:
    """The JPEG without EXIF, XMP, comments and profiles; what follows its end, as a second picture, is dropped."""
    kept = [JPEG_START]
    place = len(JPEG_START)
    while place < len(picture):
        start, marker = struct.unpack_from("BB", picture, place)
        if start != FILL:
            raise ValueError("no segment where one must start")
        if marker == FILL:
            place += 1
            continue
        if marker == END_OF_IMAGE:
            break
        end = place + 2 + struct.unpack_from(">H", picture, place + 2)[0]
        if marker == START_OF_SCAN:
            after = AFTER_SCAN.search(picture, end)
            end = after.start() if after else len(picture)
        if marker not in METADATA_SEGMENTS:
            kept.append(picture[place:end])
        place = end
    return b"".join([*kept, b"\xff\xd9"])


def stripped_png(picture: bytes) -> bytes:
    """The PNG without EXIF, texts, times and profiles; what follows its end is dropped."""
    kept = [PNG_START]
    place = len(PNG_START)
    while True:
        length, name = struct.unpack_from(">I4s", picture, place)
        end = place + 12 + length
        if end > len(picture):
            raise ValueError("a chunk is longer than the file")
        if name not in METADATA_CHUNKS:
            kept.append(picture[place:end])
        if name == b"IEND":
            return b"".join(kept)
        place = end
