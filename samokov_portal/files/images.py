"""Images are decoded and encoded anew, so that only pixels are kept: no place, no owner, no second file inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pillow_heif
from PIL import Image, ImageFile, ImageOps

from samokov_portal.files.refusals import ImageTooLarge, untrusted_input

# What the largest cameras of telephones make by default; decoded it takes 200 MB.
PIXELS_MAX = 50_000_000
# JPEG cannot hold a longer side.
SIDE_MAX = 65_500
Image.MAX_IMAGE_PIXELS = PIXELS_MAX

pillow_heif.register_heif_opener()
# The limits of a process count the stacks of its threads, and a second thread gains little.
pillow_heif.options.DECODE_THREADS = 1

QUALITY = 90
PLAIN_MODES = {"jpeg": {"L", "RGB"}, "png": {"1", "L", "LA", "RGB", "RGBA", "I;16"}, "webp": {"RGB", "RGBA"}}
# Fast encoders: a person is waiting for the answer.
OPTIONS: dict[str, dict[str, int]] = {
    "jpeg": {"quality": QUALITY},
    "png": {"compress_level": 3},
    "webp": {"quality": QUALITY, "method": 2},
}


def clean_image(source: IO[bytes], target: IO[bytes], container: str) -> str:
    """Encode the first frame of `source` anew into `target`; the kind of what is kept (HEIC becomes JPEG).

    A colour profile is not kept: it may hold names and dates, and colours of evidence survive without.
    """
    kind = "jpeg" if container == "heif" else container
    with untrusted_input():
        pixels = upright_pixels(source, container)
    image = plain(pixels, kind)
    image.info.clear()
    image.save(target, format=kind, **OPTIONS[kind])
    return kind


def upright_pixels(source: IO[bytes], container: str) -> Image.Image:
    """The first frame, decoded whole, turned as its camera was held. Only the decoder of `container` is asked."""
    source.seek(0)
    try:
        with whole_images_only():
            image = Image.open(source, formats=[container])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels() from error
    if image.width * image.height > PIXELS_MAX or max(image.size) > SIDE_MAX:
        raise too_many_pixels()
    with whole_images_only():
        image.load()
    return ImageOps.exif_transpose(image)


@contextmanager
def whole_images_only() -> Iterator[None]:
    """Inside, a cut-off image is damaged, whatever another library of this process told Pillow (WeasyPrint does)."""
    told, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = told


def too_many_pixels() -> ImageTooLarge:
    return ImageTooLarge(megapixels=PIXELS_MAX // 1_000_000)


def plain(image: Image.Image, kind: str) -> Image.Image:
    """The image in a mode that its kind can hold; transparency becomes white where the kind has none."""
    if kind == "jpeg" and image.has_transparency_data:
        seen = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper
    if image.mode in PLAIN_MODES[kind] and "transparency" not in image.info:
        return image
    return image.convert(full_mode(image) if kind != "jpeg" else "RGB")


def full_mode(image: Image.Image) -> str:
    """The mode of eight bits a channel that loses nothing that is seen."""
    return "RGBA" if image.has_transparency_data else "RGB"
