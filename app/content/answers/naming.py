"""Ids and printed codes as interviewers write them, and what to say when they miss."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, Protocol

LISTED_AT_MOST: Final = 14
"""A longer list of permitted names helps nobody; the nearest ones are told instead."""

SHOWN_CHARACTERS: Final = 40
_COMPARED_CHARACTERS: Final = 60
_HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−－_ ", "-"))


class Coded(Protocol):
    """Anything with an id and a printed code."""

    @property
    def id(self) -> str: ...  # noqa: D102 # the class says it
    @property
    def code(self) -> str: ...  # noqa: D102 # the class says it


def shown(value: Any) -> str:
    """Return a value of the file as a message quotes it, cut to a readable length."""
    if value is None:
        return "空白"
    if isinstance(value, bool):
        return "「true」" if value else "「false」"
    if isinstance(value, dict):
        return "一个映射"
    if isinstance(value, tuple):
        return "一个列表"
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = " ".join(text.split()) or text
    cut = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
    return f"「{cut}」"


@dataclass(frozen=True, slots=True)
class Names:
    """The permitted names of one kind of thing: ``ids`` by every spelling, ``listed`` for messages.

    ``what`` is the kind in words (题目, 角色, 选项…).
    """

    what: str
    ids: Mapping[str, str]
    listed: tuple[str, ...]

    @classmethod
    def of(cls, what: str, ids: Iterable[str]) -> "Names":
        """Return the names of things that have an id only."""
        spellings = tuple(ids)
        return cls(what, {name: name for name in spellings}, spellings)

    @classmethod
    def coded(cls, what: str, items: Iterable[Coded]) -> "Names":
        """Return the names of things that go by id and by code."""
        things = tuple(items)
        ids = {item.code: item.id for item in things} | {item.id: item.id for item in things}
        listed = (
            item.id if item.id == item.code else f"{item.code}（{item.id}）" for item in things
        )
        return cls(what, ids, tuple(listed))

    def find(self, spelling: Any) -> str | None:
        """Return the id that ``spelling`` stands for, or None."""
        return self.ids.get(spelling) if isinstance(spelling, str) else None

    def nearest(self, spelling: Any) -> str | None:
        """Return the permitted spelling an interviewer most likely meant, if one is near."""
        if not isinstance(spelling, str) or len(spelling) > _COMPARED_CHARACTERS:
            return None
        plain = unicodedata.normalize("NFKC", spelling).strip().translate(_HYPHENS).casefold()
        folded = {name.casefold(): name for name in self.ids}
        found = get_close_matches(plain, folded, 1, 0.6)
        return folded[found[0]] if found else None

    def refusal(self, spelling: Any) -> str:
        """Return the sentence that refuses ``spelling``: what is wrong and what is permitted."""
        start = f"没有名为{shown(spelling)}的{self.what}"
        if not isinstance(spelling, str):
            start = f"这里应写{self.what}的名字，写的是{shown(spelling)}"
        near = self.nearest(spelling)
        hint = f"，是不是「{near}」？" if near else "。"
        if len(self.listed) <= LISTED_AT_MOST:
            return f"{start}{hint}可以写：{'、'.join(self.listed) or '（这个模型一个也没有）'}。"
        if near:
            return start + hint
        return f"{start}。共{len(self.listed)}个，从{self.listed[0]}到{self.listed[-1]}。"
