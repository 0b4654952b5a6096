"""A strict reading of YAML 1.2 core: no tags, no aliases, no duplicate keys, exact numbers.

PyYAML's own loader turns ``no`` into False, ``1_000`` into 1000 and ``12:30`` into 750, keeps the
last of two equal keys and expands aliases without end. This reader consumes libyaml's events once:
strings stay strings, integers become ``int``, other numbers ``Decimal``, sequences tuples.
Positions cost nothing on the way: ``Positions`` finds the place of a path when there is a mistake.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import yaml

from app.content.problems import ContentError, Problem
from app.content.syntax_wording import explain_syntax

MAX_BYTES: Final = 2_000_000
MAX_NODES: Final = 200_000
MAX_DEPTH: Final = 40
MAX_NUMBER: Final = 40
"""Characters of one number. Longer ones are a slip of the keyboard, and slow to compute with."""

SHOWN_KEY: Final = 40
MAX_REPEATED: Final = 100

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?\Z", re.ASCII)
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONSTANTS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
# libyaml offers the same interface in C; the pure reader is there for machines without it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = Sequence[Hashable]


class Quoted(str):
    """A text that stands in quotes (or as a block): never a word with a meaning of its own."""

    __slots__ = ()


def parse(
    data: bytes, file: str, max_nodes: int = MAX_NODES, *, tell_quoted: bool = False
) -> Any:  # the shape is the caller's to validate
    """Return the one document in ``data`` as dicts, tuples, str, int, Decimal, bool and None.

    With ``tell_quoted`` a text in quotes is a ``Quoted``. Raises ``ContentError`` with the place of
    the first violation (of all, for keys written twice); ``file`` is the name printed.
    """
    with _reading(data, file, max_nodes, tell_quoted=tell_quoted) as builder:
        return builder.document()


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the top-level mapping and where it stands."""

    value: Any
    line: int
    column: int


def entry(data: bytes, file: str, key: str) -> Entry | None:
    """Return the value of ``key`` in the top-level mapping, reading no further than that.

    None when the key is not there. Raises ``ContentError`` for the first violation before it and
    for a document that is not a mapping.
    """
    with _reading(data, file) as builder:
        return builder.entry(key)


@contextmanager
def _reading(
    data: bytes, file: str, max_nodes: int = MAX_NODES, *, tell_quoted: bool = False
) -> Iterator["_Builder"]:
    text = _decode(data, file)
    loader = None
    try:
        loader = _LOADER(text)
        yield _Builder(loader, file, max_nodes, Quoted if tell_quoted else str)
    except yaml.YAMLError as error:
        raise ContentError([_syntax_problem(error, file, text)]) from None
    finally:
        if loader is not None:
            loader.dispose()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value starts, where its keys stand, and its children by key or index."""

    at: tuple[int, int]
    keys: dict[Hashable, tuple[int, int]]
    children: dict[Hashable, "_Place"]


_NOTHING: Final[dict[Hashable, Any]] = {}


class Positions:
    """The place of every value and key of one file that ``parse`` has accepted.

    Reads the file once more when made, which is only worth it when there is a mistake to report.
    """

    def __init__(self, data: bytes) -> None:
        loader = _LOADER(data.decode("utf-8-sig"))
        self._builder = _Builder(loader, "")
        try:
            for _ in range(2):  # stream start, document start
                loader.get_event()
            self._root = self._read(loader, loader.get_event())
        finally:
            loader.dispose()

    def of(self, path: Path) -> tuple[int, int]:
        """Return line and column (from 1) of the value at ``path``, or of its nearest ancestor."""
        return self._nearest(path).at

    def of_key(self, path: Path, key: Hashable) -> tuple[int, int]:
        """Return the place of ``key`` in the mapping at ``path``, else of that mapping."""
        place = self._nearest(path)
        return place.keys.get(key, place.at)

    def _nearest(self, path: Path) -> _Place:
        place = self._root
        for step in path:
            child = place.children.get(step)
            if child is None:
                break
            place = child
        return place

    def _read(self, loader: Any, event: Any) -> _Place:
        mark = event.start_mark
        at = (mark.line + 1, mark.column + 1)
        if type(event) is yaml.MappingStartEvent:
            place = _Place(at, {}, {})
            while type(event := loader.get_event()) is not yaml.MappingEndEvent:
                key, mark = self._builder.scalar(event), event.start_mark
                place.keys[key] = (mark.line + 1, mark.column + 1)
                place.children[key] = self._read(loader, loader.get_event())
            return place
        if type(event) is yaml.SequenceStartEvent:
            place = _Place(at, _NOTHING, {})
            while type(event := loader.get_event()) is not yaml.SequenceEndEvent:
                place.children[len(place.children)] = self._read(loader, event)
            return place
        return _Place(at, _NOTHING, _NOTHING)


def locate(data: bytes, path: Path) -> tuple[int, int]:
    """Return the place of one value; see ``Positions``, which is cheaper for several."""
    return Positions(data).of(path)


def _decode(data: bytes, file: str) -> str:
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1e6:.1f}"
        raise ContentError(
            [Problem(file, 0, 0, "", f"文件有{size} MB，上限是{MAX_BYTES / 1e6:.0f} MB。")]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode("utf-8")) + 1
        raise ContentError(
            [Problem(file, line, column, "", "不是UTF-8编码，请另存为UTF-8。")]
        ) from None
    if not text.strip():
        raise ContentError([Problem(file, 0, 0, "", "文件是空的。")])
    return text


def _syntax_problem(error: yaml.YAMLError, file: str, text: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        found = _UNREADABLE.search(text)
        if found is None:
            return Problem(file, 0, 0, "", "文件里有读不了的字符，请删去。")
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        code = f"U+{ord(found[0]):04X}"
        return Problem(file, line, column, "", f"这里有一个看不见的控制字符（{code}），请删去。")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Problem(file, line, column, "", explain_syntax(getattr(error, "problem", None)))


class _Builder:
    """Builds one value from the event stream, refusing what a strict file may not hold."""

    def __init__(
        self, loader: Any, file: str, max_nodes: int = MAX_NODES, quoted: type[str] = str
    ) -> None:
        self._next = loader.get_event
        self._quoted = quoted
        self._file = file
        self._max_nodes = max_nodes
        self._nodes = 0
        self._repeated: list[Problem] = []

    def document(self) -> Any:
        value = self._value(self._first(), 0)
        self._next()  # document end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self._refuse(event, "一个文件只能有一个YAML文档，请去掉「---」之后的部分。")
        if self._repeated:
            raise ContentError(self._repeated)
        return value

    def entry(self, wanted: str) -> Entry | None:
        event = self._first()
        if type(event) is not yaml.MappingStartEvent:
            raise self._refuse(event, "顶层应是「键: 值」的映射（半角冒号后面空一格）。")
        while type(event := self._next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                raise self._refuse(event, "键必须是一个词，不能是列表或映射。")
            key, event = self.scalar(event), self._next()
            value = self._value(event, 1)
            if key == wanted:
                mark = event.start_mark
                return Entry(value, mark.line + 1, mark.column + 1)
        return None

    def _first(self) -> Any:
        """Return the event that starts the document's content."""
        self._next()  # stream start
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise ContentError([Problem(self._file, 0, 0, "", "文件里没有内容。")])
        return self._next()

    def _value(self, event: Any, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            raise self._refuse(event, f"内容太多，超过{self._max_nodes:,}个节点，请拆成几个文件。")
        if type(event) is yaml.AliasEvent or event.anchor is not None:
            raise self._refuse(event, "不接受YAML的锚点与别名（& 与 *），请把内容写全。")
        if type(event) is yaml.ScalarEvent:
            return self.scalar(event)
        if event.tag is not None:
            raise self._refuse(event, f"不接受YAML标签「{event.tag}」。")
        if depth >= MAX_DEPTH:
            raise self._refuse(event, f"嵌套超过{MAX_DEPTH}层。")
        if type(event) is yaml.MappingStartEvent:
            return self._mapping(depth + 1)
        return self._sequence(depth + 1)

    def _mapping(self, depth: int) -> dict[Hashable, Any]:
        result: dict[Hashable, Any] = {}
        take = self._next
        while type(event := take()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                raise self._refuse(event, "键必须是一个词，不能是列表或映射。")
            key = self._value(event, depth)
            if key in result and len(self._repeated) < MAX_REPEATED:
                again = f"键「{str(key)[:SHOWN_KEY]}」重复了，请合并成一处。"
                self._repeated += self._refuse(event, again).problems
            if key == "<<" and not event.style:
                raise self._refuse(event, "不接受合并键「<<」。")
            result[key] = self._value(take(), depth)
        return result

    def _sequence(self, depth: int) -> tuple[Any, ...]:
        items = []
        take = self._next
        while type(event := take()) is not yaml.SequenceEndEvent:
            items.append(self._value(event, depth))
        return tuple(items)

    def scalar(self, event: Any) -> Any:
        """Return the value of one scalar event."""
        text: str = event.value
        if event.tag is not None:
            raise self._refuse(event, f"不接受YAML标签「{event.tag}」。")
        if not event.implicit[0]:
            return self._quoted(text)
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] in "0123456789+-":
            whole = _INTEGER.match(text)
            if not whole and not _DECIMAL.match(text):
                return text
            if len(text) > MAX_NUMBER:
                raise self._refuse(
                    event, f"数字超过{MAX_NUMBER}个字符。若是编号，请加引号写成文字。"
                )
            return int(text) if whole and len(text) <= 18 else Decimal(text)
        return text

    def _refuse(self, event: Any, message: str) -> ContentError:
        mark = event.start_mark
        return ContentError([Problem(self._file, mark.line + 1, mark.column + 1, "", message)])
