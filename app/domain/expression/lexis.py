"""The words of the language: a character-level check of the source before it is parsed.

It runs before the standard library's parser so that this parser only ever meets names, plain
numbers, plain strings and a dozen operators: no prefixes, escapes, exponents, comments or
look-alike characters, and hence none of its warnings and surprises.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import Final, NamedTuple

from app.domain.expression.terms import MAX_DEPTH, MAX_SOURCE, ExpressionError

WORDS: Final = frozenset({"and", "or", "not", "if", "else", "True", "False"})
"""The words of the host language that are also words of ours."""

ALLOWED: Final = (
    "allowed are names, numbers, 'texts', true, false, and, or, not, "
    "== != < <= > >=, + - * /, a if c else b, and the declared functions"
)

_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>'[^'\\\r\n]*'|"[^"\\\r\n]*")
      | (?P<refused>\*\*|//)
      | (?P<operator>==|!=|<=|>=|[-+*/<>(),])""",
    re.VERBOSE,
)

_INSTEAD: Final = {
    "=": "'=='",
    "!": "'not'",
    "&": "'and'",
    "|": "'or'",
    "\u2265": "'>='",
    "\u2264": "'<='",
    "\u2260": "'!='",
    "\u00d7": "'*'",
    "\u00f7": "'/'",
    "\u2212": "'-'",
    "\u2018": "straight quotes",
    "\u2019": "straight quotes",
    "\u201c": "straight quotes",
    "\u201d": "straight quotes",
    "\u3000": "a plain space",
    "\uff1d": "'=='",
}


class Token(NamedTuple):
    """One word of the source with its place: characters ``start`` up to ``end``."""

    sort: str
    """``number``, ``name``, ``text`` or ``operator``."""
    text: str
    start: int
    end: int


def tokens(source: str) -> tuple[Token, ...]:
    """Return the words of ``source``, or raise ``ExpressionError`` at the first bad one."""
    if len(source) > MAX_SOURCE:
        raise ExpressionError(
            f"the expression has {len(source)} characters; {MAX_SOURCE} are allowed", MAX_SOURCE
        )
    found: list[Token] = []
    position = 0
    for match in _TOKEN.finditer(source):
        start, end = match.span()
        if start != position:
            break
        position = end
        sort = match.lastgroup or ""
        if sort == "space":
            continue
        token = Token(sort, match[0], start, end)
        _check(token, found[-1] if found else None)
        found.append(token)
    if position < len(source):
        raise ExpressionError(_unreadable(source, position), position)
    if not found:
        raise ExpressionError("the expression is empty", 0)
    _check_parentheses(found)
    return tuple(found)


def _unreadable(source: str, position: int) -> str:
    character = source[position]
    if character in "'\"":
        return "this text is not closed; a text stands in quotes on one line, without backslashes"
    if character in _INSTEAD:
        return f"{_shown(character)} is not part of the language; write {_INSTEAD[character]}"
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.isascii() and plain.isprintable() and _TOKEN.match(plain):
        return f"{_shown(character)} is a full-width or decorated character; write '{plain}'"
    return f"{_shown(character)} is not part of the language; {ALLOWED}"


def _shown(character: str) -> str:
    return f"'{character}'" if character.isprintable() else f"the character U+{ord(character):04X}"


def _check(token: Token, before: Token | None) -> None:
    if token.sort == "name":
        _check_name(token, before)
    elif token.sort == "number":
        _check_number(token)
    elif token.sort == "text":
        _check_text(token, before)
    elif token.sort == "refused":
        raise ExpressionError(f"'{token.text}' is not an operator here; {ALLOWED}", token.start)


def _check_name(token: Token, before: Token | None) -> None:
    if before is not None and before.sort == "number" and before.end == token.start:
        raise ExpressionError(
            f"'{before.text}{token.text}' is not a number; write plain digits such as 1500 or 0.45",
            before.start,
        )
    if keyword.iskeyword(token.text) and token.text not in WORDS:
        raise ExpressionError(f"'{token.text}' is not part of the language; {ALLOWED}", token.start)


def _check_number(token: Token) -> None:
    whole = token.text.partition(".")[0]
    if len(whole) > 1 and whole.startswith("0"):
        raise ExpressionError(
            f"'{token.text}' starts with a needless zero; write {token.text.lstrip('0') or '0'}",
            token.start,
        )


def _check_text(token: Token, before: Token | None) -> None:
    if not token.text.isprintable():
        raise ExpressionError("a text holds printable characters only", token.start)
    if before is None:
        return
    if before.sort == "text":
        raise ExpressionError("two texts side by side; one operator is missing", token.start)
    if before.end == token.start and before.sort == "name":
        raise ExpressionError(
            f"'{before.text}' stands right before a text; texts have no prefix", before.start
        )


def _check_parentheses(found: list[Token]) -> None:
    opened: list[Token] = []
    for token in found:
        if token.sort != "operator":
            continue
        if token.text == "(":
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                raise ExpressionError(
                    f"parentheses are nested more than {MAX_DEPTH} levels deep", token.start
                )
        elif token.text == ")":
            if not opened:
                raise ExpressionError("this ')' closes nothing", token.start)
            opened.pop()
    if opened:
        raise ExpressionError("this '(' is never closed", opened[-1].start)
