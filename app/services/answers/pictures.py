"""Takes logos and evidence photos: pictures from people's devices, drawn anew before they are kept.

Reading a picture is the work of large libraries on bytes that anybody may have made, so it happens
in a child process with small limits.
"""

import logging
import threading
from dataclasses import dataclass
from typing import Any, Final

from app.jobs.child import run_in_child
from app.jobs.errors import (
    ChildCrashedError,
    ChildLimitError,
    ChildRefusedError,
)
from app.jobs.limits import MEGABYTE, Limits
from app.services.answers.picture_cleaning import RESULT_HEAD, PictureKind, clean
from app.services.errors import ServiceError

LOGO: Final = PictureKind(
    format="PNG",
    longest_side=1600,
    bytes_after=1 * MEGABYTE,
    bytes_before=2 * MEGABYTE,
    pixels_before=16_000_000,
    memory=384 * MEGABYTE,
)
PHOTO: Final = PictureKind(
    format="JPEG",
    longest_side=2400,
    bytes_after=2 * MEGABYTE,
    bytes_before=12 * MEGABYTE,
    pixels_before=50_000_000,
    memory=512 * MEGABYTE,
)

MEDIA_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg"}

_SIGNATURES: Final = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
_AT_ONCE: Final = 2
_PATIENCE: Final = 10.0
"""Seconds that a picture waits for its turn."""

_EMPTY: Final = "这个文件是空的，请重新选择图片。"
_HEAVY: Final = "图片文件超过{megabytes}MB，请缩小后再上传。"
_BUSY: Final = "现在处理的图片太多，请过一会儿再上传。"
_COMPLEX: Final = "这张图片处理不了，请用看图软件另存为PNG或JPEG后再上传。"
_REFUSALS: Final = {
    "foreign": "这个文件不是PNG、JPEG或WebP图片；SVG、HEIC、PDF等请先转成PNG或JPEG再上传。",
    "broken": "图片不完整或已损坏，请重新导出或拍摄后再上传。",
    "huge": "图片尺寸太大，请把长边缩到{pixels}像素以内再上传。",
}

# So that a burst of uploads takes neither the memory nor the processors from everybody else.
_turns: Final = threading.BoundedSemaphore(_AT_ONCE)
_log: Final = logging.getLogger(__name__)


class PictureRefusedError(ServiceError):
    """A picture that is not taken: ``message`` is a Chinese key, ``values`` fill it in."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: a whole PNG or JPEG without metadata, width and height in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def cleaned_picture(data: bytes, kind: PictureKind) -> Picture:
    """Return a logo or photo drawn anew; takes PNG, JPEG and WebP, whatever the file is called.

    Raises ``PictureRefusedError``.
    """
    if not data:
        raise PictureRefusedError(_EMPTY)
    if len(data) > kind.bytes_before:
        raise PictureRefusedError(_HEAVY, megabytes=kind.bytes_before // MEGABYTE)
    result = _cleaned(data, kind)
    width, height = RESULT_HEAD.unpack_from(result)
    file = result[RESULT_HEAD.size :]
    if not file.startswith(_SIGNATURES[kind.format]):
        _log.warning("cleaning a picture gave something else")
        raise PictureRefusedError(_COMPLEX)
    return Picture(file, MEDIA_TYPES[kind.format], width, height)


def _cleaned(data: bytes, kind: PictureKind) -> bytes:
    if not _turns.acquire(timeout=_PATIENCE):
        raise PictureRefusedError(_BUSY)
    try:
        return run_in_child(clean, (data, kind), _limits(kind))
    except ChildRefusedError as error:
        message = _REFUSALS[str(error)]
        raise PictureRefusedError(message, pixels=kind.longest_side) from error
    except ChildLimitError as error:
        raise PictureRefusedError(_COMPLEX) from error
    except ChildCrashedError as error:
        _log.warning("reading a picture failed: %s\n%s", error, error.detail)
        raise PictureRefusedError(_COMPLEX) from error
    finally:
        _turns.release()


def _limits(kind: PictureKind) -> Limits:
    return Limits(
        wall_seconds=20,
        cpu_seconds=15,
        memory_bytes=kind.memory,
        file_bytes=0,
        result_bytes=kind.bytes_after + RESULT_HEAD.size,
    )
