"""HarfBuzz through ctypes: which characters a font file has, and a smaller font cut from it.

HarfBuzz cuts a face of Noto Sans CJK in about 20 ms where fontTools takes 11 to 29 s, and both
libraries have to be there anyway: WeasyPrint shapes text with the first and embeds fonts with the
second. Constants and signatures: hb.h and hb-subset.h of HarfBuzz 4.1 and later.
"""

import ctypes
import weakref
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

_PACKAGES: Final = {
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}

_SUBSET_SETS_LAYOUT_FEATURE_TAG: Final = 6
_SUBSET_FLAGS_NO_HINTING: Final = 1  # WeasyPrint drops the hints in any case


class FontError(Exception):
    """A font or a font library cannot be used; the message names the package that brings it."""


@cache
def _library(name: str) -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(name)
    except OSError as error:
        raise FontError(
            f"The library {name} is missing: install the Debian package {_PACKAGES[name]}."
        ) from error
    pointer, number = ctypes.c_void_p, ctypes.c_uint
    signatures: dict[str, tuple[type | None, list[type]]]
    if name == "libharfbuzz.so.0":
        signatures = {
            "hb_blob_create_from_file_or_fail": (pointer, [ctypes.c_char_p]),
            "hb_blob_destroy": (None, [pointer]),
            "hb_blob_get_data": (pointer, [pointer, ctypes.POINTER(number)]),
            "hb_face_collect_unicodes": (None, [pointer, pointer]),
            "hb_face_create": (pointer, [pointer, number]),
            "hb_face_destroy": (None, [pointer]),
            "hb_face_get_glyph_count": (number, [pointer]),
            "hb_face_reference_blob": (pointer, [pointer]),
            "hb_set_add": (None, [pointer, number]),
            "hb_set_create": (pointer, []),
            "hb_set_del": (None, [pointer, number]),
            "hb_set_destroy": (None, [pointer]),
            "hb_set_has": (ctypes.c_int, [pointer, number]),
        }
    else:
        signatures = {
            "hb_subset_input_create_or_fail": (pointer, []),
            "hb_subset_input_destroy": (None, [pointer]),
            "hb_subset_input_set": (pointer, [pointer, number]),
            "hb_subset_input_set_flags": (None, [pointer, number]),
            "hb_subset_input_unicode_set": (pointer, [pointer]),
            "hb_subset_or_fail": (pointer, [pointer, pointer]),
        }
    for function, (result, arguments) in signatures.items():
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library


class FontFile:
    """One face of a font file, opened for reading; the file is mapped, not loaded."""

    def __init__(self, path: Path, index: int = 0) -> None:
        """Open the face number ``index`` of ``path``; FontError if it is not a font."""
        hb = _library("libharfbuzz.so.0")
        blob = hb.hb_blob_create_from_file_or_fail(str(path).encode())
        if not blob:
            raise FontError(f"The font file {path} cannot be read.")
        self._face = hb.hb_face_create(blob, index)
        hb.hb_blob_destroy(blob)  # the face keeps its own reference
        self._characters = hb.hb_set_create()
        weakref.finalize(self, hb.hb_set_destroy, self._characters)
        weakref.finalize(self, hb.hb_face_destroy, self._face)
        if not hb.hb_face_get_glyph_count(self._face):
            raise FontError(f"{path} holds no usable font at index {index}.")
        hb.hb_face_collect_unicodes(self._face, self._characters)

    def covers(self, character: str) -> bool:
        """Whether the face has a glyph of its own for this one character."""
        hb = _library("libharfbuzz.so.0")
        return bool(hb.hb_set_has(self._characters, ord(character)))

    def cut(self, characters: Iterable[str]) -> bytes:
        """Return a font file of these characters alone, as far as the face has them.

        Kept are the layout features HarfBuzz keeps by default, less ``locl``: the face is already
        the one of the language wanted, and the other languages' glyphs would double the file. The
        same face, characters and HarfBuzz give the same bytes.
        """
        hb, subset = _library("libharfbuzz.so.0"), _library("libharfbuzz-subset.so.0")
        order = subset.hb_subset_input_create_or_fail()
        try:
            wanted = subset.hb_subset_input_unicode_set(order)
            for character in sorted(set(characters)):
                hb.hb_set_add(wanted, ord(character))
            features = subset.hb_subset_input_set(order, _SUBSET_SETS_LAYOUT_FEATURE_TAG)
            hb.hb_set_del(features, int.from_bytes(b"locl", "big"))
            hb.hb_set_add(features, int.from_bytes(b"pwid", "big"))
            subset.hb_subset_input_set_flags(order, _SUBSET_FLAGS_NO_HINTING)
            face = subset.hb_subset_or_fail(self._face, order)
        finally:
            subset.hb_subset_input_destroy(order)
        if not face:
            raise FontError("HarfBuzz could not cut the font.")
        blob = hb.hb_face_reference_blob(face)
        length = ctypes.c_uint()
        data = ctypes.string_at(hb.hb_blob_get_data(blob, ctypes.byref(length)), length.value)
        hb.hb_blob_destroy(blob)
        hb.hb_face_destroy(face)
        return data
