"""How wide a text is, and where it may break, without asking a font.

WeasyPrint sets the text of an SVG character by character, so a text is exactly as wide as the sum
of its characters' advances: there is no kerning to miss. The advances of ASCII are those of Noto
Sans CJK, the report's face; a Chinese character and full-width punctuation take one em.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise

# Advances of U+0020–U+007E in 1/1000 em, from the hmtx table of Noto Sans CJK SC.
_REGULAR = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392,
    555, 555, 555, 555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474,
    946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742,
    633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559,
    606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606,
    620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip
_BOLD = (
    227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387,
    590, 590, 590, 590, 590, 590, 590, 590, 590, 590, 325, 325, 590, 590, 590, 514,
    1007, 641, 681, 656, 714, 615, 585, 717, 757, 330, 568, 686, 578, 853, 749, 770,
    667, 770, 682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 387, 378, 590, 567,
    626, 591, 644, 527, 644, 581, 372, 597, 640, 304, 306, 604, 315, 964, 641, 626,
    644, 644, 436, 495, 421, 637, 576, 863, 562, 574, 511, 378, 296, 378, 590,
)  # fmt: skip
_NARROW = {
    "\u00a0": 224, "–": 536, "‒": 536, "‑": 347, "—": 894, "−": 555, "°": 370, "²": 411,
    "³": 411, "¹": 411, "€": 555, "£": 555, "¥": 555, "¢": 555, "«": 479, "»": 479, "™": 711,
    "®": 473, "✓": 683, "′": 278, "″": 474, "ø": 606, "Ø": 742, "đ": 620, "Đ": 712, "ß": 643,
    "ı": 275, "ł": 284, "Ł": 543,
}  # fmt: skip
_EM = 1000
_EUROPEAN = 780  # Greek and Cyrillic: wider than their mean, so that a label never falls short
_BOLDER = 1.06

# Thin gap between Chinese and Latin or digits, in em. Below 0.1, so that a reader who searches or
# copies the PDF's text still finds 「第15天」 in one piece.
GAP = 0.09

_PLAIN_QUOTES = str.maketrans("‘’“”", "''\"\"")

_INSIDE_PHRASE = 2.5  # em of unevenness worth accepting to break at a pause

_OPENING = frozenset("（「『《〈【〔“‘([{｛［")
_CLOSING = frozenset("，。、；：！？）」』》〉】〕”’…)]},.;:!?%％·—｝］")
_BREAK_AFTER = frozenset("/-–·→、|")
_UNITS = frozenset("万亿千百元人家店天月日周年次个条分级期倍时件场位名项步群类岁折班区省市套页版")


@lru_cache(maxsize=8192)
def _advance(character: str, bold: bool) -> int:
    code = ord(character)
    if 0x20 <= code <= 0x7E:
        return (_BOLD if bold else _REGULAR)[code - 0x20]
    if character in _NARROW:
        return round(_NARROW[character] * (_BOLDER if bold else 1))
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    if 0x00C0 <= code <= 0x024F or 0x1E00 <= code <= 0x1EFF:
        base = unicodedata.normalize("NFD", character)[0]
        return _advance(base, bold) if base.isascii() else _EM
    if 0x0370 <= code <= 0x052F:
        return round(_EUROPEAN * (_BOLDER if bold else 1))
    return _EM


@lru_cache(maxsize=8192)
def is_han(character: str) -> bool:
    """Tell whether the character is a Chinese character (not punctuation, not kana)."""
    return 0x3400 <= ord(character) <= 0x9FFF or 0x20000 <= ord(character) <= 0x3FFFF


def gap_between(left: str, right: str) -> bool:
    """Tell whether a thin gap belongs between two neighbouring characters."""
    if is_han(left):
        return right.isascii() and right.isalnum()
    return is_han(right) and left.isascii() and (left.isalnum() or left == "%")


def clean(text: str) -> str:
    """Return the text on one line, without characters that XML cannot carry.

    In a Latin text quotation marks become plain ones: the face has the others a full em wide, and
    a drawing cannot ask for the narrow ones.
    """
    if not text.isascii() and not any(map(is_han, text)):
        text = text.translate(_PLAIN_QUOTES)
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    kept = (
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in "\ufffe\uffff")
    )
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a cleaned text in user units at a font size in user units."""
    thousandths = sum(_advance(character, bold) for character in text)
    gaps = sum(gap_between(one, two) for one, two in pairwise(text))
    return size * (thousandths / _EM + gaps * GAP)


def block_width(lines: tuple[str, ...], size: float, bold: bool = False) -> float:
    """Return the width of the widest line, 0 for none."""
    return max((text_width(line, size, bold) for line in lines), default=0.0)


def _may_break(left: str, right: str) -> bool:
    if left == " ":
        return True
    if right == " " or right in _CLOSING or left in _OPENING:
        return False
    if left.isdigit() and right in _UNITS:
        return False
    if left == "第" and right.isdigit():
        return False
    if left in _BREAK_AFTER:
        return not right.isdigit()
    return _advance(left, False) == _EM or _advance(right, False) == _EM


def _pieces(text: str) -> list[str]:
    """Split into pieces that stay on one line; a piece keeps its trailing space."""
    pieces: list[str] = []
    start = 0
    for place in range(1, len(text)):
        if _may_break(text[place - 1], text[place]):
            pieces.append(text[start:place])
            start = place
    pieces.append(text[start:])
    return pieces


def longest_piece(text: str, size: float, bold: bool = False) -> float:
    """Return the width of the widest unbreakable piece of a text."""
    return max(
        (text_width(piece.rstrip(" "), size, bold) for piece in _pieces(clean(text))), default=0.0
    )


def _fill(pieces: list[str], size: float, width: float, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if not line or text_width((line + piece).rstrip(" "), size, bold) <= width:
            line += piece
        else:
            lines.append(line.rstrip(" "))
            line = piece
        while text_width(line.rstrip(" "), size, bold) > width and len(line) > 1:
            cut = len(line) - 1
            while cut > 1 and text_width(line[:cut], size, bold) > width:
                cut -= 1
            lines.append(line[:cut].rstrip(" "))
            line = line[cut:]
    if line.strip(" "):
        lines.append(line.rstrip(" "))
    return lines


def _two_lines(pieces: list[str], size: float, width: float, bold: bool) -> tuple[str, ...] | None:
    """Return the best break into two lines: even, but rather at a pause than inside a phrase."""
    best: tuple[float, tuple[str, ...]] | None = None
    for place in range(1, len(pieces)):
        first = "".join(pieces[:place]).rstrip(" ")
        second = "".join(pieces[place:]).rstrip(" ")
        reach = max(text_width(first, size, bold), text_width(second, size, bold))
        if reach > width:
            continue
        pause = first[-1] in _CLOSING or second[0] in _OPENING or pieces[place - 1][-1] == " "
        cost = reach if pause else reach + _INSIDE_PHRASE * size
        if best is None or cost < best[0]:
            best = (cost, (first, second))
    return best[1] if best else None


@lru_cache(maxsize=4096)
def wrap(text: str, size: float, width: float, bold: bool = False) -> tuple[str, ...]:
    """Break a text into lines no wider than ``width``, as even as the least number allows.

    Chinese breaks between characters but not before closing or after opening punctuation; a number
    stays with its unit; Latin breaks at spaces, and inside a word only when the word alone is too
    wide. An empty text gives no line; a single character is never broken, however narrow the width.
    """
    text = clean(text)
    if not text:
        return ()
    pieces = _pieces(text)
    lines = _fill(pieces, size, width, bold)
    if len(lines) < 2:
        return tuple(lines)
    # Even lines: the narrowest measure that still needs no more lines, found by halving. A last
    # line of one character is the fault this removes.
    if len(lines) == 2:
        return _two_lines(pieces, size, width, bold) or tuple(lines)
    low, high = width / len(lines), width
    for _ in range(7):
        middle = (low + high) / 2
        trial = _fill(pieces, size, middle, bold)
        whole = all(text_width(piece.rstrip(" "), size, bold) <= middle for piece in pieces)
        if len(trial) <= len(lines) and whole:
            high, lines = middle, trial
        else:
            low = middle
    return tuple(lines)
