"""How one value is spelt in an answers file: plain where that is safe, in quotes otherwise.

What is written here, ``strict_yaml`` reads back as the very same value, and so does any other
reader of YAML 1.2. The rules are fixed lists of characters, not those of a Unicode version, so that
the same value is the same bytes on every machine.
"""

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from app.domain.bounds import DECIMAL_PLACES

Value: TypeAlias = str | bool | int | Fraction | date | tuple[str, ...]
"""What a file holds in one place."""

_SCALE: Final = 10**DECIMAL_PLACES

_WORDS: Final = frozenset(
    (
        *("null", "true", "false", "yes", "no", "on", "off", "y", "n", "是", "否"),
        *("unknown", "不知道", "<<", "="),
    )
)
"""Words that mean something, here or to other readers of YAML."""

_RESERVED: Final = "-+.?:,[]{}#&*!|>'\"%@`~"
"""Nothing may start with these in the open; some only mean something with a blank behind them."""
_INSIDE: Final = re.compile(r"[:?#,\[\]{}\n\t]")
"""What could end an open text to some reader, outside or inside {…} and […]."""
_FIGURES: Final = re.compile(r"[0-9][-+.,:/0-9 _a-fA-FxXoOtTzZ]*\Z", re.ASCII)
"""Numbers, dates and times, and what some reader might take for one."""

_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xa0\xad\u061c\u1680\u180e\u2000-\u200c\u200e\u200f\u2028-\u202f\u205f-\u206f"
    "\ud800-\udfff\ufeff\ufff0-\uffff\U000e0000-\U000e007f]"
)
"""Blanks other than the common one, marks that turn or join lines, what YAML does not permit."""
_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


class Keyword(str):
    """A word that means something and therefore stands open."""

    __slots__ = ()


class InexactNumberError(ValueError):
    """A number that no decimal of the permitted places equals."""


def spelt(value: Value) -> str:
    """Return a value as it stands in a file; raises ``InexactNumberError``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return decimal(Fraction(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"[{', '.join(word(item) for item in value)}]"
    return str(value) if isinstance(value, Keyword) else word(value)


def word(text: str) -> str:
    """Return a text that a reader takes for a text, in the open or in double quotes."""
    return text if _may_stand_open(text) else f'"{_escaped(text)}"'


def decimal(value: Fraction) -> str:
    """Return a number in digits, exactly; raises ``InexactNumberError`` where digits do not end."""
    if _SCALE % value.denominator:
        raise InexactNumberError(str(value))
    digits = abs(value.numerator) * (_SCALE // value.denominator)
    whole, places = divmod(digits, _SCALE)
    behind = f"{places:0{DECIMAL_PLACES}}".rstrip("0")
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{behind}" if behind else f"{sign}{whole}"


def entries(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a mapping on one line, its values spelt already."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def may_stand_as_block(text: str) -> bool:
    """Return whether a text of several lines can stand line by line under its key."""
    lines = text.split("\n")
    seen = not _UNSEEN.search(text.replace("\n", "")) and all(lines)
    return len(lines) > 1 and seen and not any(line != line.strip() for line in lines)


def _may_stand_open(text: str) -> bool:
    if not text or text != text.strip() or text.casefold() in _WORDS:
        return False
    return not (
        text[0] in _RESERVED or _INSIDE.search(text) or _UNSEEN.search(text) or _FIGURES.match(text)
    )


def _escaped(text: str) -> str:
    plain = "".join(_ESCAPED.get(letter, letter) for letter in text)
    return _UNSEEN.sub(_code, plain)


def _code(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
