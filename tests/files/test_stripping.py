"""A photograph inside a document loses what tells of people, and nothing of its picture."""

import io

import pytest
from PIL import Image

from samokov_portal.files.refusals import Damaged
from samokov_portal.files.stripping import stripped
from tests.files.makers import MARK, encoded, jpeg, picture, png

PICTURES = {"jpeg": jpeg(), "progressive jpeg": jpeg(progressive=True), "png": png()}


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.tobytes()


@pytest.mark.parametrize("kind", PICTURES)
def test_picture_stays_bit_for_bit(kind: str) -> None:
    left = stripped(PICTURES[kind] + b"<script>" + MARK)

    assert pixels(left) == pixels(PICTURES[kind])
    assert not any(word in left for word in (MARK, b"Exif", b"xmpmeta", b"<script>"))


def test_filling_between_segments_is_skipped() -> None:
    sent = encoded(picture(), "JPEG")

    assert stripped(sent[:2] + b"\xff\xff" + sent[2:]) == sent


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>"])
def test_what_is_neither_is_left_alone(content: bytes) -> None:
    assert stripped(content) == content


@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\x00\x00\x00", b"\xff\xd8\xff", jpeg()[:100] + b"\0" * 5000, png()[:60], png()[:8]],
    # Named: a picture bears the second in which it was made, and two workers make theirs in two.
    ids=["zeros", "cut marker", "filled up", "cut header", "signature alone"],
)
def test_picture_without_order_is_refused(content: bytes) -> None:
    with pytest.raises(Damaged):
        stripped(content)
