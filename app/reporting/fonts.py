"""The report's typefaces: found on the system, checked, cut to the characters of one document.

A report is set in two families, always given together and in this order (``FONT_STACK``):

- *Zhenmai Sans*, cut from Noto Sans CJK SC, with a real Regular and Bold;
- *Zhenmai Symbols*, cut from DejaVu Sans, for what Noto lacks: ✗ and ☑, accents of foreign names,
  further scripts.

They have names of their own, which no installed font has, and one file per weight: WeasyPrint 70
draws wrong glyphs when two files share family and weight. A document gets the characters it uses
and no more. Against a font cut once to all of GBK and cached, that was measured to be as fast
(22 ms a weight), with a PDF 200 KB smaller, 26 MiB less memory, and nothing to keep up to date.

``python -m app.reporting.fonts`` tells whether this machine has what is needed.
"""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.reporting.harfbuzz import FontError, FontFile

TEXT_FAMILY: Final = "Zhenmai Sans"
SYMBOL_FAMILY: Final = "Zhenmai Symbols"

FONT_STACK: Final = f"{TEXT_FAMILY},{SYMBOL_FAMILY}"
"""The value of ``font-family`` on the root element and on every <svg>, which does not inherit it.

No quotes and no blank after the comma: WeasyPrint reads the SVG attribute literally.
"""

REGULAR: Final = 400
BOLD: Final = 700


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family of ours, the installed family it is cut from and the package that brings it."""

    family: str
    source: str
    package: str


@dataclass(frozen=True, slots=True)
class CutFace:
    """A font file made for one document: its family, its CSS weight and the file's bytes."""

    family: str
    weight: int
    data: bytes


TYPEFACES: Final = (
    Typeface(TEXT_FAMILY, "Noto Sans CJK SC", "fonts-noto-cjk"),
    Typeface(SYMBOL_FAMILY, "DejaVu Sans", "fonts-dejavu-core"),
)

# Line ends, soft hyphen, joiners, direction marks and variation selectors, as far as Pango 1.50
# lays them out unseen whether the font has them or not.
_UNSEEN: Final = re.compile(
    "[\t\n\r\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)

_STYLES: Final = {REGULAR: ("Regular", "Book"), BOLD: ("Bold",)}


def _installed_at(typeface: Typeface, weight: int) -> tuple[Path, int]:
    """Ask fontconfig for file and face index; FontError unless it is this very family and style."""
    pattern = f"{typeface.source}:weight={'bold' if weight == BOLD else 'regular'}:slant=roman"
    command = ["fc-match", "--format=%{family[0]}\n%{style[0]}\n%{index}\n%{file}", pattern]
    try:
        # The arguments are constants of this module.
        answer = subprocess.run(  # noqa: S603
            command, capture_output=True, check=True, encoding="utf-8", timeout=60
        )
    except FileNotFoundError as error:
        raise FontError("fc-match is missing: install the Debian package fontconfig.") from error
    except subprocess.CalledProcessError as error:
        raise FontError(f"fontconfig found no font at all: {error.stderr.strip()}") from error
    family, style, index, file = answer.stdout.split("\n")
    # fontconfig always answers with something, the nearest font if need be.
    if family != typeface.source or style not in _STYLES[weight]:
        raise FontError(
            f"The font {typeface.source} {_STYLES[weight][0]} is not installed: "
            f"install the Debian package {typeface.package}."
        )
    return Path(file), int(index)


@cache
def _font_file(typeface: Typeface, weight: int) -> FontFile:
    return FontFile(*_installed_at(typeface, weight))


@cache
def _covers(typeface: Typeface, character: str) -> bool:
    return all(_font_file(typeface, weight).covers(character) for weight in _STYLES)


def _needs_no_glyph(character: str) -> bool:
    return unicodedata.category(character) == "Zs" or bool(_UNSEEN.match(character))


def missing_characters(text: str) -> list[str]:
    """List each distinct character of the text that no typeface of the report can show.

    In order of code point; empty when all of the text will show. FontError if a font is missing.
    """
    return [
        character
        for character in sorted(set(text))
        if not _needs_no_glyph(character)
        and not any(_covers(typeface, character) for typeface in TYPEFACES)
    ]


def cut_faces(characters: Iterable[str]) -> tuple[CutFace, ...]:
    """Cut Regular and Bold of each family that is needed to show these characters.

    The symbol family is there only if the text family lacks one of them. Characters that no family
    has are left out (ask ``missing_characters`` first). The result is the same, byte for byte, for
    the same characters and the same installed fonts.
    """
    remaining = set(characters)
    faces: list[CutFace] = []
    for typeface in TYPEFACES:
        covered = {character for character in remaining if _covers(typeface, character)}
        if covered:
            faces += [
                # Pango sets a blank in the font of the character before it.
                CutFace(typeface.family, weight, _font_file(typeface, weight).cut(covered | {" "}))
                for weight in _STYLES
            ]
        remaining -= covered
    return tuple(faces)


def main() -> int:
    """Check that every font and library is there; say what to install if one is not."""
    try:
        cut_faces("诊✗")
    except FontError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
