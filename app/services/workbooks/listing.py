"""A list in Excel from a stranger, read row by row; whatever is wrong is told cell by cell."""

import json
import logging
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.jobs.child import run_in_child
from app.jobs.errors import ChildError, ChildRefusedError
from app.jobs.limits import MEGABYTE, Limits
from app.services.errors import ServiceError
from app.services.workbooks.reading import MOST_ROWS, read_words

LARGEST: Final = 5 * MEGABYTE
SHOWN: Final = 100
"""Mistakes listed at most."""
_LIMITS: Final = Limits(
    wall_seconds=10,
    cpu_seconds=10,
    memory_bytes=256 * MEGABYTE,
    file_bytes=MEGABYTE,
    result_bytes=8 * MEGABYTE,
)

_TOLD: Final[Mapping[str, str]] = {
    "old": "这是旧格式（.xls）或加了密码的文件。请在Excel里去掉密码，另存为.xlsx后再导入。",
    "not-a-workbook": "这个文件打不开，可能不是.xlsx，或者已经损坏。请用模板填好后再导入。",
    "locked": "这个文件加了密码。请去掉密码后再导入。",
    "too-large": "这个文件解开后太大，没有读取。请把内容复制到新的模板里再导入。",
    "declares": "这个文件里有不该有的声明，没有读取。请把内容复制到新的模板里再导入。",
    "outward": "这个文件链接着别的文件或数据源，没有读取。请把内容按值粘贴到新的模板里再导入。",
    "macros": "这个文件带宏，没有读取。请另存为不带宏的.xlsx后再导入。",
    "too-many-rows": "内容超过{n}行，没有读取。请分成几个文件导入。",
    "too-big-a-file": "文件超过{megabytes}MB，没有读取。表格用不着这么大，请复制到新的模板里。",
    "unreadable": "这个文件读不下去，什么都没有导入。请把内容复制到新的模板里再试。",
}

log = logging.getLogger(__name__)


class WorkbookRefusedError(ServiceError):
    """A file that is not read at all: ``message`` is a Chinese key with ``values``."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in one cell: where, what stands there, and what is permitted.

    ``column`` is the letter Excel shows with the heading behind it, ``message`` in the language of
    the reader.
    """

    sheet: str
    row: int
    column: str
    value: str
    message: str


class ListRefusedError(ServiceError):
    """A list with mistakes: nothing of it was taken. ``total`` counts those not listed, too."""

    def __init__(self, mistakes: Sequence[Mistake], total: int) -> None:
        super().__init__(f"{total} mistakes")
        self.mistakes = tuple(mistakes)
        self.total = total


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a workbook with their numbers, and the place of each known column."""

    sheet: str
    columns: Mapping[str, int]
    headings: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]

    def cell(self, row: Sequence[str], name: str) -> str:
        """Return what a row has in a column; empty where it has none."""
        place = self.columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    def mistake(self, number: int, name: str, value: str, message: str) -> Mistake:
        """Return a mistake in a column of the row with this number."""
        place = self.columns.get(name, 0)
        heading = self.headings[place] if place < len(self.headings) else ""
        return Mistake(self.sheet, number, f"{_letter(place)} {heading}".strip(), value, message)


def read_list(
    data: bytes, columns: Mapping[str, Sequence[str]], needed: str, *, missing: str, empty: str
) -> Listed:
    """Return the rows of the first sheet of a workbook, read in a child process.

    ``columns`` maps names to the headings they may have, the first being that of the template;
    without the column ``needed`` nothing is read. ``missing`` and ``empty`` are what is said of a
    workbook without that column, and of one without a row. Raises ``WorkbookRefusedError``.
    """
    if len(data) > LARGEST:
        raise WorkbookRefusedError(_TOLD["too-big-a-file"], megabytes=LARGEST // MEGABYTE)
    try:
        found: Mapping[str, Any] = json.loads(run_in_child(read_words, data, _LIMITS))
    except ChildRefusedError as error:
        told = _TOLD.get(str(error), empty)
        raise WorkbookRefusedError(told, n=f"{MOST_ROWS:,}") from None
    except ChildError as error:
        log.warning("a workbook could not be read: %s", error)
        raise WorkbookRefusedError(_TOLD["unreadable"]) from None
    (_, headings), *rows = found["rows"]
    known = {plain_word(word): name for name, words in columns.items() for word in words}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(plain_word(heading))
        if name is not None:
            places.setdefault(name, place)
    if needed not in places:
        raise WorkbookRefusedError(
            missing,
            sheet=found["sheet"],
            headings="、".join(words[0] for words in columns.values()),
        )
    if not rows:
        raise WorkbookRefusedError(empty)
    return Listed(found["sheet"], places, headings, [(number, cells) for number, cells in rows])


def plain_word(word: str) -> str:
    """Return a word as people mean it: one width, one case, without what stands in brackets."""
    return unicodedata.normalize("NFKC", word).casefold().partition("(")[0].strip()


def _letter(place: int) -> str:
    """Return the letter Excel shows above a column: 0 is A."""
    return chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"
