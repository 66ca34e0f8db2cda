"""Of an image only the pixels are kept, and of no image more than memory can bear."""

import io
import struct
import zlib

import pytest
from PIL import Image

from samokov_portal.files.images import PIXELS_MAX
from samokov_portal.files.refusals import Damaged, ImageTooLarge, NotAccepted
from tests.files.makers import MARK, cleaned, encoded, heic, jpeg, picture, png, png_header, webp

PHOTOGRAPHS = {"jpeg": jpeg, "png": png, "webp": webp, "heic": heic}
KEPT_AS = {"jpeg": "jpeg", "png": "png", "webp": "webp", "heic": "jpeg"}


def segments(content: bytes) -> list[int]:
    """The markers of a JPEG up to its picture, read by the letter of the standard."""
    place, found = 2, []
    while content[place + 1] != 0xDA:
        found.append(content[place + 1])
        place += 2 + struct.unpack_from(">H", content, place + 2)[0]
    return found


def png_chunks(content: bytes) -> list[bytes]:
    place, found = 8, []
    while place < len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        found.append(name)
        place += 12 + length
    return found


def webp_chunks(content: bytes) -> list[bytes]:
    place, found = 12, []
    while place < len(content):
        name, length = struct.unpack_from("<4sI", content, place)
        found.append(name)
        place += 8 + length + length % 2
    return found


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
def test_place_and_owner_do_not_outlive_the_door(kind: str) -> None:
    sent = PHOTOGRAPHS[kind]()

    kept_as, kept = cleaned(sent)

    assert MARK in sent
    assert kept_as == KEPT_AS[kind]
    assert MARK not in kept
    assert not any(word in kept for word in (b"Exif", b"xmpmeta", b"ICC_PROFILE", b"sRGB IEC"))


def test_jpeg_keeps_no_segment_but_those_of_its_pixels() -> None:
    _kind, kept = cleaned(jpeg())

    assert set(segments(kept)) <= {0xE0, 0xDB, 0xC0, 0xC4}


def test_png_keeps_no_chunk_but_those_of_its_pixels() -> None:
    _kind, kept = cleaned(png())

    assert set(png_chunks(kept)) == {b"IHDR", b"IDAT", b"IEND"}


def test_webp_keeps_no_chunk_but_that_of_its_pixels() -> None:
    _kind, kept = cleaned(webp())

    assert webp_chunks(kept) == [b"VP8 "]


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
def test_photograph_is_turned_as_it_was_seen(kind: str) -> None:
    sent = PHOTOGRAPHS[kind]()

    _kind, kept = cleaned(sent)

    with Image.open(io.BytesIO(kept)) as image:
        width, height = image.size
        top = image.convert("RGB").getpixel((width // 2, height // 8))
        bottom = image.convert("RGB").getpixel((width // 2, height * 7 // 8))
    assert height > width
    assert top[0] > 180 > 80 > top[2]
    assert bottom[2] > 180 > 80 > bottom[0]


@pytest.mark.parametrize(("kind", "kept_kind"), [("PNG", "png"), ("WEBP", "webp"), ("MPO", "jpeg")])
def test_of_several_pictures_in_a_file_the_first_is_kept(kind: str, kept_kind: str) -> None:
    sent = encoded(picture(), kind, save_all=True, append_images=[Image.new("RGB", (60, 40), "green")])

    found, kept = cleaned(sent)

    with Image.open(io.BytesIO(kept)) as image:
        assert (found, getattr(image, "n_frames", 1)) == (kept_kind, 1)
        assert image.convert("RGB").getpixel((10, 10))[0] > 180


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        ("RGBA", "PNG", {}),
        ("LA", "PNG", {}),
        ("P", "PNG", {"transparency": 0}),
        ("RGB", "PNG", {"transparency": (255, 0, 0)}),
        ("RGBA", "WEBP", {"lossless": True}),
    ],
)
def test_what_was_transparent_stays_so(mode: str, kind: str, options: dict[str, object]) -> None:
    image = (
        Image.new("RGBA", (40, 40), (255, 0, 0, 0))
        if "A" in mode
        else Image.new(mode, (40, 40), "red" if mode == "RGB" else 0)
    )
    sent = encoded(image.convert(mode), kind, **options)

    _kind, kept = cleaned(sent)

    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "P"])
def test_pictures_of_scanners_are_taken(mode: str) -> None:
    kind, kept = cleaned(encoded(Image.new(mode, (30, 20), 1), "PNG"))

    with Image.open(io.BytesIO(kept)) as image:
        assert (kind, image.size) == ("png", (30, 20))


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_jpeg_without_colours_or_for_print_is_taken(mode: str) -> None:
    kind, kept = cleaned(encoded(picture().convert(mode), "JPEG"))

    with Image.open(io.BytesIO(kept)) as image:
        assert (kind, image.mode) == ("jpeg", "L" if mode == "L" else "RGB")


def test_second_file_behind_a_picture_is_gone() -> None:
    program = b"PK\x03\x04<html><script>alert(1)</script>"

    _kind, kept = cleaned(jpeg() + program)

    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (8_000, 7_000), (1, 70_000), (2**31 - 1, 1)])
def test_image_of_absurd_size_is_refused_undecoded(width: int, height: int) -> None:
    with pytest.raises(ImageTooLarge):
        cleaned(png_header(width, height))


def test_largest_image_that_is_taken_is_that_of_a_good_telephone() -> None:
    assert 8_160 * 6_120 <= PIXELS_MAX < 8_000 * 7_000


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_image_that_was_cut_off_is_refused(kind: str, part: float) -> None:
    sent = encoded(picture((400, 300)), {"heic": "HEIF"}.get(kind, kind))

    with pytest.raises(Damaged):
        cleaned(sent[: int(len(sent) * part)])


def test_text_that_unpacks_to_gigabytes_inside_a_png_is_refused() -> None:
    bomb = zlib.compress(b"\0" * 80_000_000)
    chunk = b"zTXt" + b"Comment\0\0" + bomb
    whole = png_header(10, 10)
    sent = whole[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + whole[33:]

    with pytest.raises(Damaged):
        cleaned(sent)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO"])
def test_image_of_another_kind_is_refused(kind: str) -> None:
    with pytest.raises(NotAccepted):
        cleaned(encoded(picture(), kind))


def test_transparent_photograph_of_a_telephone_stands_on_white_paper() -> None:
    kind, kept = cleaned(encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "HEIF", quality=90))

    with Image.open(io.BytesIO(kept)) as image:
        assert (kind, min(image.getpixel((30, 30))) > 245) == ("jpeg", True)
