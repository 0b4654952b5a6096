"""The KPIs of a week as an Excel sheet: taken away with the plan, brought back filled in."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from app.domain.actuals import week_of as monday_of
from app.domain.model import MaturityModel
from app.forms.messages import Message, Translate
from app.forms.numerals import typed_number
from app.services.accounts.throttling import Limit, door, knock
from app.services.acting import Acting
from app.services.coaching.actuals import (
    AT_STORE,
    Figure,
    FiguresRefusedError,
    WeekSheet,
    enter_actuals,
    week_of,
)
from app.services.coaching.coached_plan import Coached, open_coached
from app.services.coaching.reporters import must_report, own_store
from app.services.workbooks.listing import (
    SHOWN,
    Listed,
    ListRefusedError,
    Mistake,
    WorkbookRefusedError,
    plain_word,
    read_list,
)
from app.services.workbooks.writing import Cell, Column, Sheet, workbook_of

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "kpi": ("指标代码", "代码", "code", "kpi code"),
    "title": ("指标", "kpi"),
    "store": ("门店", "store", "stores"),
    "unit": ("单位", "unit"),
    "planned": ("本周计划", "planned this week", "plan"),
    "actual": ("本周实际", "actual this week", "actual"),
    "note": ("说明", "note"),
}
"""The columns of the sheet with the headings they may have; the first is that of the sheet."""

_HEADINGS: Final = {
    "kpi": ("指标代码", 10),
    "title": ("指标", 28),
    "store": ("门店", 18),
    "unit": ("单位", 10),
    "planned": ("本周计划", 14),
    "actual": ("本周实际", 14),
    "note": ("说明", 40),
}
_MISSING: Final = (
    "工作表「{sheet}」的第一行里没有「指标代码」这一列。请用从本页下载的表，表头不要改。"
)
_EMPTY: Final = "这个文件里一行指标都没有。请下载本周的表，填好「本周实际」再上传。"
_OTHER_WEEK: Final = "这张表是{found}那一周的，不是{wanted}那一周，没有存。请换到那一周再传。"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""The week in the name of a sheet handed out here; a sheet of one's own may have another name."""
_OFTEN: Final = (Limit(30, timedelta(hours=1)),)


def sheet_for(
    acting: Acting, engagement_id: str, week: date, translate: Translate, store: str = ""
) -> bytes:
    """Return the sheet of a week to fill in; raises as ``week_of``."""
    found = week_of(acting, engagement_id, week, store)
    names = {one.store: one.name for one in found.stores}
    names |= {one.id: one.name for one in found.coached.units}
    rows = [_row(figure, names) for figure in found.every() if not figure.counted]
    columns = tuple(Column(translate(title), width) for title, width in _HEADINGS.values())
    name = translate("周报{week}").format(week=found.week.isoformat())
    return workbook_of([Sheet(name, columns, rows)], acting.now)


def _row(figure: Figure, names: Mapping[str, str]) -> tuple[Cell, ...]:
    line = figure.line
    planned = "" if line.planned is None else typed_number(_short(line.planned))
    return (
        figure.kpi.code,
        figure.kpi.title,
        names.get(line.unit, ""),
        figure.kpi.unit,
        planned,
        figure.typed or None,
        figure.note or None,
    )


def read_sheet(
    acting: Acting,
    engagement_id: str,
    week: date,
    upload: bytes,
    translate: Translate,
    store: str = "",
) -> WeekSheet:
    """Take the figures of a sheet for a week: all of them, or none with every reason why.

    Rows whose actual is empty are left alone. Raises ``WorkbookRefusedError``,
    ``ListRefusedError``, ``ThrottledError``, and as ``enter_actuals``.
    """
    coached = open_coached(acting, engagement_id)
    own = own_store(acting, coached, store)
    must_report(acting, coached, own)
    knock(acting.database, acting.now, door(acting.settings, "figures", acting.tenant, _OFTEN))
    listed = read_list(upload, COLUMNS, "kpi", missing=_MISSING, empty=_EMPTY)
    _must_be_of(listed.sheet, monday_of(week))
    reader = _Reader(coached, listed, translate, own)
    values, notes = reader.read()
    if reader.mistakes:
        raise ListRefusedError(reader.mistakes[:SHOWN], len(reader.mistakes))
    try:
        return enter_actuals(acting, engagement_id, week, values, notes, store=own, source="sheet")
    except FiguresRefusedError as error:
        found = reader.told(error.messages)
        raise ListRefusedError(found[:SHOWN], len(found)) from None


def _must_be_of(sheet: str, monday: date) -> None:
    """Refuse a sheet that was handed out for another week: its figures would be taken for this."""
    named = _DAY.search(sheet)
    if named is not None and named[0] != monday.isoformat():
        raise WorkbookRefusedError(_OTHER_WEEK, found=named[0], wanted=monday.isoformat())


class _Reader:
    """Reads the rows of a sheet: which figure each speaks of, and what it says."""

    def __init__(self, coached: Coached, listed: Listed, translate: Translate, own: str) -> None:
        self.listed = listed
        self.translate = translate
        self.own = own
        self.mistakes: list[Mistake] = []
        self._kpis = _kpi_words(coached.model)
        self._stores = {plain_word(one.name): one.id for one in coached.units}
        self._rows: dict[str, tuple[int, str]] = {}

    def read(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return values and notes by figure; what is wrong is in ``mistakes``."""
        values: dict[str, str] = {}
        notes: dict[str, str] = {}
        for number, cells in self.listed.rows:
            actual = self.listed.cell(cells, "actual")
            if not actual:
                continue
            name = self._name(number, cells)
            if name is None:
                continue
            if name in values:
                self._wrong(number, "kpi", cells, Message("这个指标上面已经填过一行。"))
                continue
            values[name], notes[name] = actual, self.listed.cell(cells, "note")
            self._rows[name] = (number, actual)
        return values, notes

    def _name(self, number: int, cells: Iterable[str]) -> str | None:
        cells = list(cells)
        kpi = self._kpis.get(plain_word(self.listed.cell(cells, "kpi")))
        if kpi is None:
            self._wrong(number, "kpi", cells, Message("没有这个指标代码。请不要改第一列。"))
            return None
        word = self.listed.cell(cells, "store")
        if not word:
            return f"{kpi}{AT_STORE}{self.own}" if self.own else kpi
        store = self._stores.get(plain_word(word))
        if store is None or (self.own and store != self.own):
            self._wrong(number, "store", cells, Message("这家门店不在参加的门店里。"))
            return None
        return f"{kpi}{AT_STORE}{store}"

    def _wrong(self, number: int, column: str, cells: Iterable[str], message: Message) -> None:
        value = self.listed.cell(list(cells), column)
        self.mistakes.append(
            self.listed.mistake(number, column, value, message.text(self.translate))
        )

    def told(self, messages: Mapping[str, Message]) -> list[Mistake]:
        """Return what a week refused as mistakes of cells."""
        return [
            self.listed.mistake(number, "actual", typed, messages[name].text(self.translate))
            for name, (number, typed) in self._rows.items()
            if name in messages
        ]


def _kpi_words(model: MaturityModel) -> Mapping[str, str]:
    return {plain_word(word): kpi.id for kpi in model.kpis.values() for word in (kpi.code, kpi.id)}


def _short(value: Fraction) -> Fraction:
    """Return a planned value as a sheet shows it, to two places."""
    return Fraction(round(value * 100), 100)
