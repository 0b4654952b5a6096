"""Tells before any work which text of an answers file the report could not show."""

from collections.abc import Hashable, Iterator
from typing import Any, Final

from app.content.problems import ContentError, Problem
from app.content.strict_yaml import Positions, parse
from app.reporting.fonts import missing_characters

NEVER_PRINTED: Final = frozenset({"quote"})
"""Keys of an answers file that are kept for the record alone."""

EMOJI_SIGN: Final = "\ufe0f"
"""Asks for a coloured emoji; the report prints the plain character instead."""


def require_printable(data: bytes, file: str) -> None:
    """Raise ``ContentError`` with the place of every text that has a character without glyph.

    ``data`` must already have been accepted as an answers file.
    """
    found = [
        (path, missing)
        for path, text in _texts(parse(data, file), ())
        if (missing := missing_characters(text.replace(EMOJI_SIGN, "")))
    ]
    if not found:
        return
    positions = Positions(data)
    problems = []
    for path, missing in found:
        shown = "、".join(f"「{character}」（U+{ord(character):04X}）" for character in missing)
        line, column = positions.of(path)
        message = f"报告的字体里没有{shown}，印不出来，请换个写法。"
        problems.append(Problem(file, line, column, "", message))
    raise ContentError(problems)


def _texts(value: Any, path: tuple[Hashable, ...]) -> Iterator[tuple[tuple[Hashable, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in NEVER_PRINTED:
                yield from _texts(item, (*path, key))
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _texts(item, (*path, place))
