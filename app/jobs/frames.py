"""The words of a child to its parent: one byte of kind, four of length, then the payload.

The parent believes nothing of it: lengths are bounded, payloads are text, JSON or the plain bytes
of the result, never pickles.
"""

import json
import os
import struct
from collections.abc import Iterator
from typing import Any, Final

PROGRESS: Final = b"P"
"""JSON ``[step, number or null]``."""
NOTE: Final = b"N"
"""Text for the log."""
RESULT: Final = b"R"
"""The bytes of the result."""
REFUSED: Final = b"X"
"""Text of the refusal."""
OVER: Final = b"L"
"""Name of the limit that was gone over."""
BROKEN: Final = b"E"
"""Text of the traceback."""

LONGEST_TEXT: Final = 64 * 1024
"""Bytes of any payload but the result."""

_HEADER: Final = struct.Struct(">cI")
_KINDS: Final = frozenset({PROGRESS, NOTE, RESULT, REFUSED, OVER, BROKEN})


class BrokenFrameError(Exception):
    """What arrived is not of this protocol."""


def write_frame(descriptor: int, kind: bytes, payload: bytes) -> None:
    """Write one frame whole; text longer than allowed loses its beginning."""
    if kind != RESULT:
        payload = payload[-LONGEST_TEXT:]
    for part in (_HEADER.pack(kind, len(payload)), payload):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def write_progress(descriptor: int, step: str, number: int | None) -> None:
    """Write how far the work is."""
    write_frame(descriptor, PROGRESS, json.dumps([step, number]).encode())


def progress_in(payload: bytes) -> tuple[str, int | None]:
    """Return step and number; raises ``BrokenFrameError``."""
    try:
        told: Any = json.loads(payload)
        step, number = told
    except (ValueError, TypeError, RecursionError) as error:
        raise BrokenFrameError("progress that is none") from error
    if not isinstance(step, str) or not (number is None or type(number) is int):
        raise BrokenFrameError("progress of another shape")
    return step, number


class FrameReader:
    """Puts frames together from the pieces in which they arrive."""

    def __init__(self, longest_result: int) -> None:
        self._longest_result = longest_result
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield (kind, payload) of every frame that is complete; raises ``BrokenFrameError``."""
        self._held += piece
        while len(self._held) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._held)
            if kind not in _KINDS:
                raise BrokenFrameError("an unknown kind of frame")
            if length > (self._longest_result if kind == RESULT else LONGEST_TEXT):
                raise BrokenFrameError("a frame longer than allowed")
            end = _HEADER.size + length
            if len(self._held) < end:
                return
            payload = bytes(self._held[_HEADER.size : end])
            del self._held[:end]
            yield kind, payload
