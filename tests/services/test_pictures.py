"""Pictures from people's devices: drawn anew, or refused with words that help."""

import struct
import threading
import zipfile
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from app.jobs.errors import ChildRefusedError
from app.jobs.limits import Limits
from app.jobs.order import Target
from app.jobs.reporter import Reporter
from app.services.answers import pictures
from app.services.answers.picture_cleaning import RESULT_HEAD, PictureKind, clean
from app.services.answers.pictures import LOGO, PHOTO, Picture, PictureRefusedError, cleaned_picture
from app.web.wording import words_of
from tests.jobs.errands import break_down

NOT_A_PICTURE = "这个文件不是PNG、JPEG或WebP图片；SVG、HEIC、PDF等请先转成PNG或JPEG再上传。"
BROKEN = "图片不完整或已损坏，请重新导出或拍摄后再上传。"
TOO_LARGE = "图片尺寸太大，请把长边缩到{pixels}像素以内再上传。"
NORTH, EAST = (31.0, 14.0, 3.0), (121.0, 29.0, 7.0)
SECRET = "三楼仓库"

KINDS = pytest.mark.parametrize("kind", [LOGO, PHOTO], ids=["logo", "photo"])


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clean pictures in this process, which is faster where the child is not the question."""

    def run_here(target: Target, argument: object, limits: Limits) -> bytes:
        return target(argument, Reporter(limits, -1))

    monkeypatch.setattr(pictures, "run_in_child", run_here)


AT_HOME = pytest.mark.usefixtures("at_home")


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def stripes(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, (220, 20, 20))
    image.paste((20, 20, 220), (size[0] // 2, 0, *size))
    return image.convert(mode)


def opened(picture: Picture) -> Image.Image:
    image = Image.open(BytesIO(picture.data))
    image.load()
    assert image.size == (picture.width, picture.height)
    return image


def exif() -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F] = "Camera of Li Wei"
    tags[0x010E] = SECRET
    tags.get_ifd(0x8825).update({1: "N", 2: NORTH, 3: "E", 4: EAST})
    return tags


def is_red(colour: Any) -> bool:
    return bool(colour[0] > 180 and colour[2] < 80)


def is_blue(colour: Any) -> bool:
    return bool(colour[2] > 180 and colour[0] < 80)


def refusal(data: bytes, kind: PictureKind = LOGO) -> PictureRefusedError:
    with pytest.raises(PictureRefusedError) as caught:
        cleaned_picture(data, kind)
    return caught.value


# --- what is taken --------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_the_three_formats_are_taken_and_drawn_anew(form: str, kind: PictureKind) -> None:
    picture = cleaned_picture(encoded(stripes(), form), kind)
    image = opened(picture)
    assert (image.format, picture.media_type) == (
        ("PNG", "image/png") if kind is LOGO else ("JPEG", "image/jpeg")
    )
    assert image.size == (60, 40)
    assert is_red(image.getpixel((5, 20)))
    assert is_blue(image.getpixel((55, 20)))


@AT_HOME
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_every_mode_becomes_a_plain_one(mode: str) -> None:
    image = Image.new("I;16", (20, 10), 0xC000) if mode == "I;16" else stripes((20, 10), mode)
    drawn = opened(cleaned_picture(encoded(image, "PNG"), LOGO))
    assert drawn.mode in ("RGB", "RGBA")
    if mode == "I;16":
        assert drawn.getpixel((0, 0)) == (0xC0, 0xC0, 0xC0)


@AT_HOME
def test_a_jpeg_for_print_becomes_one_for_screens() -> None:
    drawn = opened(cleaned_picture(encoded(stripes(mode="CMYK"), "JPEG"), PHOTO))
    assert drawn.mode == "RGB"
    assert is_red(drawn.getpixel((5, 20)))


@AT_HOME
def test_a_logo_keeps_what_is_transparent() -> None:
    logo = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    logo.paste((220, 20, 20, 255), (10, 10, 20, 20))
    drawn = opened(cleaned_picture(encoded(logo, "PNG"), LOGO))
    assert drawn.getchannel("A").getpixel((0, 0)) == 0
    assert drawn.getpixel((15, 15)) == (220, 20, 20, 255)


@AT_HOME
def test_a_photo_has_white_where_it_was_transparent() -> None:
    drawn = opened(
        cleaned_picture(encoded(Image.new("RGBA", (30, 30), (0, 0, 0, 0)), "PNG"), PHOTO)
    )
    assert drawn.getpixel((15, 15)) == (255, 255, 255)


@AT_HOME
@KINDS
@pytest.mark.parametrize("size", [(3000, 900), (900, 3000)])
def test_a_large_picture_is_made_smaller_in_proportion(
    kind: PictureKind, size: tuple[int, int]
) -> None:
    picture = cleaned_picture(encoded(stripes(size), "JPEG"), kind)
    longer, shorter = max(picture.width, picture.height), min(picture.width, picture.height)
    assert longer == kind.longest_side
    assert longer / shorter == pytest.approx(3000 / 900, rel=0.01)


@AT_HOME
@pytest.mark.parametrize(
    ("kind", "size", "form"), [(LOGO, 300, "PNG"), (PHOTO, 900, "JPEG")], ids=["logo", "photo"]
)
def test_noise_is_made_smaller_until_it_fits(kind: PictureKind, size: int, form: str) -> None:
    noise = Image.effect_noise((size, size), 120).convert("RGB")
    data = encoded(noise, form, **({"quality": 95} if form == "JPEG" else {}))
    limit = len(data) // 4
    smaller = PictureKind(
        kind.format, kind.longest_side, limit, 12 << 20, kind.pixels_before, kind.memory
    )
    picture = cleaned_picture(data, smaller)
    assert len(picture.data) <= limit
    assert opened(picture).width > 100


@AT_HOME
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_whichever_way_the_phone_was_held(orientation: int) -> None:
    upright = stripes((60, 40))
    held: dict[int, Image.Transpose | None] = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    turn = held[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    tags = Image.Exif()
    tags[0x0112] = orientation
    drawn = opened(cleaned_picture(encoded(stored, "JPEG", exif=tags, quality=95), PHOTO))
    assert drawn.size == (60, 40)
    assert is_red(drawn.getpixel((10, 20)))
    assert is_blue(drawn.getpixel((50, 20)))


@AT_HOME
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_stays(form: str) -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green", "blue")]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=50)
    assert getattr(Image.open(BytesIO(data)), "n_frames", 1) == 3
    picture = cleaned_picture(data, LOGO)
    drawn = opened(picture)
    assert getattr(drawn, "n_frames", 1) == 1
    assert is_red(drawn.getpixel((15, 15)))


def test_a_script_behind_a_picture_is_gone_after_the_real_child() -> None:
    picture = cleaned_picture(encoded(stripes(), "JPEG", exif=exif()) + b"<script>", PHOTO)
    assert dict(opened(picture).getexif()) == {}
    assert b"script" not in picture.data


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"<svg/>", NOT_A_PICTURE), (encoded(stripes(), "PNG")[:60], BROKEN)],
    ids=["svg", "cut off"],
)
def test_the_real_childs_refusals_have_their_words(data: bytes, message: str) -> None:
    assert refusal(data).message == message


# --- what must not come through -------------------------------------------------------------------


@AT_HOME
@KINDS
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_place_camera_and_comments_are_gone(form: str, kind: PictureKind) -> None:
    options: dict[str, Any] = {"exif": exif(), "xmp": f"<x>{SECRET}</x>".encode()}
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "Li Wei")
        text.add_itxt("Comment", SECRET, zip=False)
        options = {"exif": exif(), "pnginfo": text, "dpi": (300, 300)}
    if form == "JPEG":
        options["comment"] = SECRET.encode()
    data = encoded(stripes(), form, **options)
    assert Image.open(BytesIO(data)).getexif().get_ifd(0x8825)
    assert b"Li Wei" in data

    picture = cleaned_picture(data, kind)
    image = opened(picture)
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Li Wei" not in picture.data
    assert SECRET.encode() not in picture.data


def _as_zip() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("payload.html", "<script>alert(1)</script>")
    return file.getvalue()


@AT_HOME
@KINDS
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    "second", [b"<html><script>alert(1)</script></html>", _as_zip()], ids=["html", "zip"]
)
def test_a_second_file_behind_the_first_is_gone(
    form: str, second: bytes, kind: PictureKind
) -> None:
    picture = cleaned_picture(encoded(stripes(), form) + second, kind)
    opened(picture)
    assert b"script" not in picture.data
    assert not zipfile.is_zipfile(BytesIO(picture.data))


def test_a_script_in_the_chunks_of_a_png_is_gone() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("x", "<script>alert(1)</script>")
    text.add(b"prVt", b"<?php phpinfo(); ?>")
    picture = cleaned_picture(encoded(stripes(), "PNG", pnginfo=text), LOGO)
    assert b"script" not in picture.data
    assert b"php" not in picture.data


@AT_HOME
def test_colours_are_what_the_profile_meant() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_blue = srgb.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    drawn = opened(cleaned_picture(encoded(stripes(), "PNG", icc_profile=red_is_blue), LOGO))
    assert "icc_profile" not in drawn.info
    assert is_blue(drawn.getpixel((5, 20)))


@AT_HOME
def test_a_profile_without_sense_refuses_no_picture() -> None:
    picture = cleaned_picture(encoded(stripes(), "PNG", icc_profile=b"nonsense"), LOGO)
    assert "icc_profile" not in opened(picture).info


# --- what is refused ------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int) -> bytes:
    """Return a small file that claims to be a large picture."""
    rows = zlib.compress(b"\0" * 100_000)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@AT_HOME
@KINDS
@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"<html></html>",
        b"hello",
        encoded(stripes(), "BMP"),
        encoded(stripes(), "TIFF"),
        encoded(stripes(), "ICO"),
    ],
    ids=["svg", "xml", "gif", "pdf", "eps", "html", "text", "bmp", "tiff", "ico"],
)
def test_other_formats_are_refused_by_what_is_in_them(data: bytes, kind: PictureKind) -> None:
    assert refusal(data, kind).message == NOT_A_PICTURE


@KINDS
@pytest.mark.parametrize("size", [(50_000, 50_000), (2_147_483_647, 1), (1, 100_000_000)])
def test_a_pixel_bomb_is_refused_before_it_is_decoded(
    size: tuple[int, int], kind: PictureKind
) -> None:
    refused = refusal(png_of(*size), kind)
    assert refused.message in (TOO_LARGE, BROKEN)
    if refused.message == TOO_LARGE:
        assert refused.values == {"pixels": kind.longest_side}


def test_a_text_bomb_in_a_png_is_refused() -> None:
    bomb = chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(20 << 20), 9))
    data = encoded(stripes(), "PNG")
    assert len(bomb) < 30_000
    assert refusal(data[:33] + bomb + data[33:]).message == BROKEN


@AT_HOME
@KINDS
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_a_picture_that_is_cut_off_is_refused(form: str, part: float, kind: PictureKind) -> None:
    data = encoded(Image.effect_noise((200, 200), 90), form)
    assert refusal(data[: int(len(data) * part)], kind).message == BROKEN


@KINDS
def test_a_file_over_its_size_is_refused_unread(
    kind: PictureKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "run_in_child", None)
    refused = refusal(bytes(kind.bytes_before + 1), kind)
    assert refused.message == "图片文件超过{megabytes}MB，请缩小后再上传。"
    assert refused.values == {"megabytes": 2 if kind is LOGO else 12}


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").message == "这个文件是空的，请重新选择图片。"


def test_a_picture_over_the_limits_of_its_child_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "_limits", lambda _kind: Limits(wall_seconds=0))
    assert "处理不了" in refusal(encoded(stripes(), "PNG")).message


def test_a_child_that_breaks_down_is_a_refusal_and_a_log_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pictures, "clean", break_down)
    assert "处理不了" in refusal(encoded(stripes(), "PNG")).message
    assert "reading a picture failed" in caplog.text


def test_pictures_wait_for_their_turn_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pictures, "_PATIENCE", 0.01)
    data = encoded(stripes(), "PNG")
    with pictures._turns:
        assert "过一会儿再上传" in refusal(data).message
    refusal(b"hello")
    assert cleaned_picture(data, LOGO).width == 60


def test_every_refusal_has_english_words() -> None:
    words = words_of("en")
    messages = [pictures._EMPTY, pictures._HEAVY, pictures._BUSY, pictures._COMPLEX]
    for message in [*messages, *pictures._REFUSALS.values()]:
        assert message in words


# --- damaged files of every sort ------------------------------------------------------------------

SOUND = {
    form: encoded(Image.effect_noise((24, 24), 90).convert("RGB"), form, **options)
    for form, options in (
        ("PNG", {"exif": exif()}),
        ("JPEG", {"exif": exif()}),
        ("WEBP", {"exif": exif()}),
    )
}


@settings(max_examples=300)
@given(
    form=st.sampled_from(sorted(SOUND)),
    damage=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8
    ),
    kind=st.sampled_from([LOGO, PHOTO]),
)
def test_damaged_bytes_give_a_picture_or_a_refusal(
    form: str, damage: list[tuple[float, int]], kind: PictureKind
) -> None:
    data = bytearray(SOUND[form])
    for place, value in damage:
        data[int(place * len(data))] = value
    try:
        result = clean((bytes(data), kind), Reporter(Limits(), -1))
    except ChildRefusedError as refused:
        reason = str(refused)
        result = b""
    else:
        reason = ""
    assert reason in ("", "foreign", "broken", "huge")
    if reason:
        return
    width, height = RESULT_HEAD.unpack_from(result)
    with Image.open(BytesIO(result[RESULT_HEAD.size :])) as image:
        assert image.size == (width, height)
        assert image.format == kind.format
