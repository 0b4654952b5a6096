"""Collects every mistake of one file, to be told at once with its place."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, Final, TypeVar

from app.content.answers.naming import Names, shown
from app.content.answers.values import Reader, RefusalError
from app.content.problems import ContentError, Problem
from app.content.strict_yaml import Path, Positions

T = TypeVar("T")
D = TypeVar("D")

MOST: Final = 200
"""Mistakes told of one file. More come from one slip repeated, and would bury it."""


class Mistakes:
    """The mistakes of one file. Places are looked up once, at the end, and only when needed."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data = data
        self._file = file
        self._found: list[tuple[Path, tuple[Hashable, ...], str, str]] = []

    @property
    def full(self) -> bool:
        """Whether enough has been found; whatever is added after this is dropped."""
        return len(self._found) >= MOST

    def __bool__(self) -> bool:
        return bool(self._found)

    def at(self, path: Path, message: str, subject: str = "") -> None:
        """Keep a mistake of the value at ``path``; ``subject`` is what it is about.

        Without a subject it is told by the keys that lead there.
        """
        if not self.full:
            self._found.append((tuple(path), (), subject or _keys(path), message))

    def at_key(self, path: Path, key: Hashable, message: str, subject: str = "") -> None:
        """Keep a mistake of ``key`` itself, in the mapping at ``path``."""
        if not self.full:
            self._found.append((tuple(path), (key,), subject or _keys(path), message))

    def mapping(self, path: Path, value: Any, subject: str = "") -> Mapping[Hashable, Any] | None:
        """Return ``value`` if it is a mapping; otherwise keep a mistake and return None."""
        if isinstance(value, dict):
            return value
        message = f"这里应是「键: 值」的映射，写的是{shown(value)}。"
        if isinstance(value, str) and "：" in value:
            message += "冒号请用半角，后面空一格。"
        self.at(path, message, subject)
        return None

    def sequence(self, path: Path, value: Any, hint: str) -> Sequence[Any]:
        """Return ``value`` if it is a list; otherwise keep a mistake and return nothing."""
        if isinstance(value, tuple):
            return value
        self.at(path, f"这里应是列表，写的是{shown(value)}；{hint}。")
        return ()

    def keys(
        self,
        path: Path,
        mapping: Mapping[Hashable, Any],
        known: Collection[str],
        required: Collection[str] = (),
        subject: str = "",
    ) -> None:
        """Keep a mistake for every key of ``mapping`` not known and every required one missing."""
        names = Names.of("键", known)
        for key in mapping:
            if self.full:
                return
            if key not in known:
                self.at_key(path, key, names.refusal(key), subject)
        for key in required:
            if key not in mapping:
                self.at(path, f"缺少「{key}」，请补上。", subject)

    def read(self, path: Path, value: Any, reader: Reader[T], subject: str = "") -> T | None:
        """Return what ``reader`` makes of ``value``; keep its mistakes and return None."""
        if self.full:
            return None
        try:
            return reader(value)
        except RefusalError as refused:
            for inner, message in refused.mistakes:
                self.at((*path, *inner), message, subject)
            return None

    def optional(
        self,
        path: Path,
        mapping: Mapping[Hashable, Any],
        key: str,
        reader: Reader[T],
        default: D,
        subject: str = "",
    ) -> T | D:
        """Return the value of ``key`` in ``mapping``; ``default`` where it is absent or wrong."""
        if mapping.get(key) is None:
            return default
        value = self.read((*path, key), mapping[key], reader, subject)
        return default if value is None else value

    def tell(self) -> None:
        """Raise ``ContentError`` with all mistakes kept, if there are any."""
        if not self._found:
            return
        positions = Positions(self._data)
        problems = []
        for path, key, subject, message in self._found:
            line, column = positions.of_key(path, key[0]) if key else positions.of(path)
            problems.append(Problem(self._file, line, column, subject, message))
        if self.full:
            more = f"错误太多，只列出最先发现的{MOST}处；请改好这些再试一次。"
            problems.append(Problem(self._file, 0, 0, "", more))
        raise ContentError(problems)


def _keys(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str))
