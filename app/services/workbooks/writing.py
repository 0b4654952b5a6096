"""Writes Excel workbooks of plain words and numbers: nothing in them is ever evaluated."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | int | None

_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\0")
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and the words it may hold (empty: any)."""

    title: str
    width: int = 16
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its columns, its rows. ``room`` rows more may be filled in."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]] = field(default=())
    room: int = 0


def workbook_of(sheets: Sequence[Sheet], now: datetime) -> bytes:
    """Return a workbook; the same sheets at the same moment are the same bytes."""
    store = io.BytesIO()
    with xlsxwriter.Workbook(store, _OPTIONS) as book:
        book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        # Excel then shows the text as it is, also after somebody has edited the cell.
        quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, column.width)
                page.write_string(0, place, column.title, head)
                if column.choices:
                    _offer(page, place, column.choices, len(sheet.rows) + sheet.room)
            for number, row in enumerate(sheet.rows, start=1):
                for place, cell in enumerate(row):
                    _write(page, number, place, cell, plain, quoted)
    return store.getvalue()


def _write(
    page: Worksheet, row: int, column: int, cell: Cell, plain: Format, quoted: Format
) -> None:
    if cell is None:
        return
    if isinstance(cell, int):
        page.write_number(row, column, cell, plain)
    else:
        dangerous = cell.startswith(_STARTS_FORMULA)
        page.write_string(row, column, cell, quoted if dangerous else plain)


def _offer(page: Worksheet, column: int, choices: Sequence[str], rows: int) -> None:
    """Let Excel offer the words of a column; a list longer than Excel takes is not offered."""
    if sum(len(choice) + 1 for choice in choices) <= 255 and not any("," in c for c in choices):
        told = {"validate": "list", "source": list(choices)}
        page.data_validation(1, column, max(rows, 1), column, told)
