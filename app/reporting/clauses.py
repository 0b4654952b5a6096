"""Cuts texts of content at their marks, in Chinese and in English alike.

Titles carry explanations after a colon, in brackets or after a comma; where room is short, a text
stands with its first words only.
"""

import re
from typing import Final

_EXPLANATION: Final = re.compile(r"[：（，]|: | \(|, ")
_CLAUSE: Final = re.compile(r"([，；。：]|[,;.:](?= ))")
_FIRST: Final = re.compile(r"[：，。]|[:,.](?= |$)")
_STOPS: Final = "。；.;"
_BRACKETS: Final = (("（", "）"), ("(", ")"))
_CLOSING: Final = "，（） ,()"
_FULL_WIDTH: Final = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def short_title(title: str) -> str:
    """Return a title up to its explanation: 「内容：选题、制作、审核」 is 内容."""
    return _EXPLANATION.split(title, maxsplit=1)[0]


def explained(title: str) -> tuple[str, str]:
    """Return a title and the explanation after its colon, empty without one."""
    head, _, rest = title.replace(": ", "：").partition("：")
    return head, rest


def without_first(text: str) -> str:
    """Return a text without its first clause; a text of one clause as it is."""
    parts = re.split(r"，|: ", text, maxsplit=1)
    return parts[-1]


def first_words(text: str) -> str:
    """Return a text up to its first mark."""
    return _FIRST.split(text, maxsplit=1)[0]


def without_stop(text: str) -> str:
    """Return a sentence without its closing stop, to stand in a list."""
    return text.strip().rstrip(_STOPS)


def without_brackets(text: str) -> str:
    """Return what is left of a text without commas and brackets around it."""
    return text.strip(_CLOSING)


def brief(action: str, enough: int) -> str:
    """Return the first clause, with the next ones while it is shorter than ``enough`` (width).

    A bracket that the cut would leave open goes too.
    """
    clauses = _CLAUSE.split(action)
    text = clauses[0]
    for mark, clause in zip(clauses[1::2], clauses[2::2], strict=False):
        if width(text) >= enough or not clause:
            break
        text += mark + clause
    for opening, closing in _BRACKETS:
        if text.count(opening) > text.count(closing):
            text = text[: text.rindex(opening)].rstrip()
    return text


def width(text: str) -> int:
    """Return how many Chinese characters a text is wide; two Latin letters are one."""
    full = len(_FULL_WIDTH.findall(text))
    return full + (len(text) - full + 1) // 2
