"""Reads the words of an Excel workbook from a stranger; runs in a child process with limits.

A workbook is a zip of XML files, and both can be made to hurt: a few kilobytes that unpack to
gigabytes, sizes that lie, entries that overlap, entities that multiply, links to other files. So
the zip is judged by its directory before anything is unpacked; each part is unpacked under a
bound and looked at; and the reader gets a new zip of only the parts it needs. Formulas are never
evaluated, macros never opened: of a cell only its stored value is taken.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.jobs.errors import ChildRefusedError
from app.jobs.reporter import Reporter

MOST_UNPACKED: Final = 100 * 1024 * 1024
MOST_PARTS: Final = 500
STEEPEST: Final = 300
"""How many times its packed size a large part may unpack to; honest sheets stay far below."""
_LARGE: Final = 1024 * 1024
MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 30
LONGEST_CELL: Final = 500

_NEEDED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/sharedStrings\.xml|xl/styles\.xml|xl/worksheets/[^/]+\.xml"
)
_OUTWARD: Final = re.compile(r"xl/(externalLinks|queryTables)/|xl/connections\.xml", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OLD: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_LOCAL_HEADER: Final = 30


def read_words(data: bytes, reporter: Reporter) -> bytes:
    """Return the first visible sheet of a workbook in JSON: its name, and its rows as text.

    ``{"sheet": name, "rows": [[row number, [cell, …]], …]}``; rows without a word are left out.
    Refuses with a code: ``old``, ``not-a-workbook``, ``locked``, ``too-large``, ``declares``,
    ``outward``, ``macros``, ``empty``, ``too-many-rows``.
    """
    reporter.tell("read")
    clean = _rebuilt(data)
    try:
        workbook = CalamineWorkbook.from_filelike(clean)
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
        ]
        if not names:
            raise ChildRefusedError("empty")
        cells = workbook.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise ChildRefusedError("not-a-workbook") from error
    rows = [
        (number, words)
        for number, row in enumerate(cells, start=1)
        if any(words := [_text(cell) for cell in row[:MOST_COLUMNS]])
    ]
    if not rows:
        raise ChildRefusedError("empty")
    if len(rows) > MOST_ROWS + 1:
        raise ChildRefusedError("too-many-rows")
    return json.dumps({"sheet": names[0], "rows": rows}).encode()


def _rebuilt(data: bytes) -> io.BytesIO:
    """Return a new zip, nothing packed, of the parts that hold values."""
    if data.startswith(_OLD):
        # Also what Excel makes of a workbook with a password.
        raise ChildRefusedError("old")
    if not data.startswith(_ZIP):
        raise ChildRefusedError("not-a-workbook")
    clean = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as into,
        ):
            parts = archive.infolist()
            _judge(parts, len(data))
            for part in parts:
                if _NEEDED.fullmatch(part.filename):
                    into.writestr(part.filename, _unpacked(archive, part))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise ChildRefusedError("not-a-workbook") from error
    clean.seek(0)
    return clean


def _judge(parts: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse by the zip's directory alone, before anything is unpacked."""
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ChildRefusedError("too-large")
    if any(part.file_size > max(_LARGE, STEEPEST * part.compress_size) for part in parts):
        raise ChildRefusedError("too-large")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise ChildRefusedError("locked")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ChildRefusedError("macros")
    if any(_OUTWARD.match(name) for name in names):
        raise ChildRefusedError("outward")
    if len(set(names)) != len(names) or _overlap(parts, size):
        raise ChildRefusedError("not-a-workbook")


def _overlap(parts: Iterable[zipfile.ZipInfo], size: int) -> bool:
    """Tell whether two entries share bytes: one packed part that counts many times."""
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            return True
        end = part.header_offset + _LOCAL_HEADER + part.compress_size
    return end > size


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    # Stops at the size the directory tells; more than that fails the checksum.
    with archive.open(part) as file:
        data = file.read(part.file_size + 1)
    if len(data) != part.file_size:
        raise ChildRefusedError("not-a-workbook")
    # Written as anything but UTF-8, a declaration would slip past the search for it.
    if b"\x00" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff") or _encoding(data):
        raise ChildRefusedError("not-a-workbook")
    if _DECLARED.search(data):
        raise ChildRefusedError("declares")
    return data


def _encoding(data: bytes) -> bool:
    """Tell whether an XML file names an encoding that is not UTF-8."""
    told = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']", data[:200])
    return told is not None and told[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def _text(cell: Any) -> str:
    """Return a cell's value as a person would have typed it."""
    match cell:
        case bool():
            words = "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            words = str(int(cell))
        case datetime() | date() | time():
            words = cell.isoformat()
        case timedelta():
            words = str(cell)
        case _:
            words = str(cell)
    return words.strip()[:LONGEST_CELL]
