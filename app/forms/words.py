"""Words as people type them: line breaks made one kind, blanks at the ends dropped, bounded."""

import unicodedata
from typing import Final

from app.forms.messages import refused

_KEPT_CONTROLS: Final = frozenset("\n\t")
_FORBIDDEN: Final = ("Cc", "Cs")
"""Control characters and halves of characters: no report can print them."""


def read_words(typed: str, limit: int) -> str:
    """Return text of several lines, at most ``limit`` characters; raises ``ValueRefusedError``.

    Browsers send a line break as two characters; it counts, and is kept, as one.
    """
    return _checked(typed.replace("\r\n", "\n").replace("\r", "\n"), limit, _KEPT_CONTROLS)


def read_line(typed: str, limit: int) -> str:
    """Return text of one line, at most ``limit`` characters; raises ``ValueRefusedError``."""
    return _checked(typed, limit, frozenset())


def _checked(typed: str, limit: int, kept: frozenset[str]) -> str:
    words = typed.strip()
    if len(words) > limit:
        key = "最多写{limit}个字，现在有{length}个，请缩短。"
        raise refused(key, limit=f"{limit:,}", length=f"{len(words):,}")
    for letter in words:
        if unicodedata.category(letter) in _FORBIDDEN and letter not in kept:
            key = "里面有看不见的控制字符（{code}），请删去后再保存。"
            raise refused(key, code=f"U+{ord(letter):04X}")
    return words
