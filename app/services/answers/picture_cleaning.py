"""Reads a picture from anywhere and draws it anew; runs in a child process only.

Nothing of the file itself survives, just its pixels: no place and camera from the metadata, no
second file hidden behind the first, no animation.
"""

import struct
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from app.jobs.errors import ChildRefusedError
from app.jobs.reporter import Reporter

Refusal: TypeAlias = Literal["foreign", "broken", "huge"]
"""Not a picture of a known format; one that cannot be read to its end; too many pixels."""

RESULT_HEAD: Final = struct.Struct(">II")
"""Width and height, before the bytes of the new file."""

_READ: Final = ("PNG", "JPEG", "WEBP")
_DECODED_AS_A_WHOLE: Final = 16_000_000
"""Pixels of the largest PNG or WebP."""
_JPEG_QUALITIES: Final = (85, 75, 65)
_COLOURS: Final = 256
_SMALLER: Final = 0.75
_WHITE: Final = (255, 255, 255)
_SIXTEEN_BITS_TO_EIGHT: Final = 1 / 256


@dataclass(frozen=True, slots=True)
class PictureKind:
    """What becomes of a picture: its format, and the most it may be before and after."""

    format: Literal["PNG", "JPEG"]
    longest_side: int
    """Pixels of the longer side of the new picture."""
    bytes_after: int
    bytes_before: int
    pixels_before: int
    """Width times height of the picture given, if it is a JPEG."""
    memory: int
    """Bytes that may be used to read and draw it."""


def clean(argument: tuple[bytes, PictureKind], _reporter: Reporter) -> bytes:
    """Return the picture drawn anew, after ``RESULT_HEAD``; refuses with a ``Refusal``."""
    data, kind = argument
    # The renderer of reports turns this on for the whole process that loads it.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        # Pillow warns of metadata that it cannot read; none of it is kept.
        warnings.simplefilter("ignore")
        _check_readable(data, kind)
        try:
            drawn = _drawn_anew(_opened(data), kind)
        except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
            raise _refusal("broken") from error
    for width, height, file in _ever_smaller(drawn, kind.format):
        if len(file) <= kind.bytes_after:
            return RESULT_HEAD.pack(width, height) + file
    raise _refusal("huge")


def _refusal(reason: Refusal) -> ChildRefusedError:
    return ChildRefusedError(reason)


def _opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data), formats=_READ)


def _check_readable(data: bytes, kind: PictureKind) -> None:
    """Refuse by what the head of the file says, before a pixel is decoded."""
    # The size is looked at below; Pillow would warn at half of its own limit.
    Image.MAX_IMAGE_PIXELS = None
    try:
        head = _opened(data)
    except UnidentifiedImageError as error:
        raise _refusal("foreign") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _refusal("broken") from error
    if head.width * head.height > _most_pixels(head, kind):
        raise _refusal("huge")
    try:
        head.verify()
    except Exception as error:
        # Pillow's formats fail here in ways of their own.
        raise _refusal("broken") from error


def _most_pixels(head: Image.Image, kind: PictureKind) -> int:
    # What is inside a JPEG may be decoded at an eighth of its size, the others only as a whole.
    if head.format in ("JPEG", "MPO"):
        return kind.pixels_before
    return min(kind.pixels_before, _DECODED_AS_A_WHOLE)


def _drawn_anew(image: Image.Image, kind: PictureKind) -> Image.Image:
    """Return the first frame upright, in sRGB, in size, as a new image without a history."""
    side = kind.longest_side
    # A JPEG is decoded at a fraction of its size, as far as that is enough.
    image.draft(None, (side, side))
    image.load()
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda level: level * _SIXTEEN_BITS_TO_EIGHT).convert("L")
    elif image.mode in ("P", "1", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    image = _in_srgb(ImageOps.exif_transpose(image))
    if not image.has_transparency_data:
        image = image.convert("RGB")
    elif kind.format == "PNG":
        image = image.convert("RGBA")
    else:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, _WHITE)
        ground.paste(image, mask=image)
        image = ground
    return Image.frombytes(image.mode, image.size, image.tobytes())


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the image with the colours its profile means, as the profile will be gone."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    # A profile that makes no sense is no reason to refuse the picture.
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB" if image.mode == "CMYK" else image.mode,
        )
        if converted is not None:
            return converted
    return image


def _ever_smaller(image: Image.Image, form: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield width, height and file of ever smaller versions, the best first."""
    width, height = image.size
    while min(width, height) >= 1:
        smaller = image.resize((width, height), Image.Resampling.LANCZOS)
        for file in _pngs(smaller) if form == "PNG" else _jpegs(smaller):
            yield width, height, file
        width, height = int(width * _SMALLER), int(height * _SMALLER)


def _pngs(image: Image.Image) -> Iterator[bytes]:
    yield _saved(image, "PNG", optimize=True)
    few = image.quantize(_COLOURS, Image.Quantize.FASTOCTREE)
    yield _saved(few, "PNG", optimize=True)


def _jpegs(image: Image.Image) -> Iterator[bytes]:
    for quality in _JPEG_QUALITIES:
        yield _saved(image, "JPEG", quality=quality, optimize=True)


def _saved(image: Image.Image, form: str, **options: int) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
