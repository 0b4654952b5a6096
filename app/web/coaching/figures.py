"""Figures of coaching in words: values with their units, deviations, and what may be behind them.

A colour never stands alone: every band has its word, and a deviation says by how much.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.check_in import CheckInLine
from app.domain.definitions.kpi import Kpi
from app.domain.execution import OnTime
from app.domain.kpi_path import TrendPoint
from app.domain.model import MaturityModel
from app.reporting.charts import Scenario, Theme, Words, forecast_chart
from app.reporting.numerals import rounded
from app.reporting.wording import Wording
from app.services.coaching.actuals import Figure
from app.services.coaching.revisions import Said
from app.web.presenting import say, short_day

STATES: Final = {"green": "done", "amber": "part", "red": "failed"}
"""The shape of each band, as ``status`` of the components knows it."""
BANDS: Final = {"green": "达到计划", "amber": "落后", "red": "明显落后"}
_BEHIND: Final = {
    "not-begun": "带动它的SOP还没开始，落后在计划之内；到期没起色再看。",
    "not-carried-out": "带动它的SOP没做到位：先把动作做够，再谈方法。",
    "without-effect": "动作做够了，数没有动：该换方法，复盘话术、权益和对象。",
    "unknown": "带动它的SOP做没做没人说：先把任务记清，才知道是没做还是没用。",
}
_SPARK: Final = (330.0, 120.0)


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """A SOP behind a KPI: its title, the on-time share in words, and whether it has opened."""

    title: str
    share: str
    state: str


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One entry of a figure: what was entered, by whom and when, and how it came in."""

    value: str
    who: str
    at: datetime
    way: str
    note: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure as the page shows it. Empty text is nothing to say; ``said``: the newest first."""

    figure: Figure
    planned: str
    actual: str
    state: str
    word: str
    gap: str
    reference: str
    since: str
    behind: str
    carriers: tuple[CarrierRow, ...]
    said: tuple[SaidRow, ...]


class FigureWords:
    """Says figures in the reader's language."""

    def __init__(self, model: MaturityModel, locale: str) -> None:
        self.model = model
        self.wording = Wording(model, locale)

    def value(self, kpi: Kpi, value: Fraction | None) -> str:
        """Return a value with its unit."""
        if value is None:
            return "—"
        suffix = self.wording.money_unit(kpi.unit)
        if suffix is not None:
            return f"{self.wording.money(value)}{suffix}"
        return self.wording.with_unit(number_of(value), kpi.unit)

    def difference(self, kpi: Kpi, size: Fraction) -> str:
        """Return how far two values are apart: two shares by percentage points."""
        if kpi.unit == "%":
            return say("{n}个百分点", n=number_of(size))
        return self.value(kpi, size)

    def row(self, figure: Figure) -> FigureRow:
        """Return a figure in words."""
        line = figure.line
        kpi = line.line.kpi
        state, word = self._state(line)
        return FigureRow(
            figure=figure,
            planned=self.value(kpi, line.planned),
            actual=self.value(kpi, line.actual),
            state=state,
            word=word,
            gap=self._gap(line),
            reference=self._reference(line),
            since=self._since(line),
            behind=say(_BEHIND[line.behind]) if line.behind is not None else "",
            carriers=tuple(self._carriers(line)),
            said=tuple(self._said(kpi, one) for one in reversed(figure.said)),
        )

    def _said(self, kpi: Kpi, said: Said) -> SaidRow:
        return SaidRow(
            value=say("清空") if said.value is None else self.value(kpi, said.value),
            who=said.who or "—",
            at=said.at,
            way=say("上传的表") if said.source == "sheet" else "",
            note=said.note,
        )

    def _state(self, line: CheckInLine) -> tuple[str, str]:
        if line.deviation is not None:
            return STATES[line.deviation.band], say(BANDS[line.deviation.band])
        if line.missing:
            return "unknown", say("缺数")
        return "", ""

    def _gap(self, line: CheckInLine) -> str:
        """Return by how much an actual is off plan: in its unit, and as a share."""
        found = line.deviation
        if found is None or line.planned is None or line.actual is None:
            return ""
        difference = line.actual - line.planned
        if not difference:
            return say("与计划一致")
        sign = "+" if difference > 0 else "−"
        size = self.difference(line.line.kpi, abs(difference))
        share = rounded(abs(found.share) * 100, 0)
        better = say("好于计划{n}%", n=share) if found.share > 0 else say("差{n}%", n=share)
        return f"{sign}{size}{say('，')}{better}"

    def _reference(self, line: CheckInLine) -> str:
        """Return how a figure without a plan stands to what is good."""
        if line.planned is not None or line.reference is None or line.line.good is None:
            return ""
        bound = self.value(line.line.kpi, line.line.good)
        if line.reference == "green":
            return say("没有计划值；好于参考线{bound}", bound=bound)
        return say("没有计划值；没到参考线{bound}", bound=bound)

    def _since(self, line: CheckInLine) -> str:
        if line.off_since is None or line.reports_off < 2:
            return ""
        return say("从{day}那周起连续{n}次落后", day=short_day(line.off_since), n=line.reports_off)

    def _carriers(self, line: CheckInLine) -> Iterable[CarrierRow]:
        for one in line.sops:
            since = one.carrier.since
            if since is None:
                share, state = say("不在规划里"), "stopped"
            elif since > line.week and not one.on_time.scheduled:
                share, state = say("{day}开始", day=short_day(since)), "todo"
            else:
                share, state = share_words(one.on_time), "active"
            yield CarrierRow(self.wording.sop(one.carrier.sop), share, state)

    def spark(self, kpi: Kpi, points: tuple[TrendPoint, ...]) -> Markup:
        """Return the course of a KPI: plan dashed, actual solid; empty without two actuals."""
        known = [point for point in points if point.actual is not None]
        if len(known) < 2:
            return Markup("")
        width, height = _SPARK
        last = known[-1]
        return forecast_chart(
            [short_day(point.week) for point in points],
            [
                Scenario(say("计划"), tuple(point.planned for point in points), goal=True),
                Scenario(say("实际"), tuple(point.actual for point in points), main=True),
            ],
            title=kpi.title,
            desc=say(
                "{kpi}：{day}那周实际{actual}，计划{planned}。",
                kpi=kpi.title,
                day=short_day(last.week),
                actual=self.value(kpi, last.actual),
                planned=self.value(kpi, last.planned),
            ),
            format=lambda value: number_of(Fraction(value)),
            theme=Theme(),
            words=Words.translated(say),
            width=width,
            height=height,
        )


def number_of(value: Fraction) -> str:
    """Return a number short enough for a table: two places below ten, one below a hundred."""
    size = abs(value)
    places = 2 if size < 10 else 1 if size < 100 else 0
    shown = f"{rounded(value, places):,}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown.replace("-", "−")


def share_words(share: OnTime) -> str:
    """Return an on-time share in words."""
    if share.percent is None:
        return say("还没有到期的任务")
    return say(
        "{n}%（{done}/{all}）",
        n=rounded(share.percent, 0), done=share.on_time, all=share.scheduled,
    )  # fmt: skip


def percent_words(share: OnTime) -> str:
    """Return an on-time share alone; a dash where nothing was scheduled."""
    return "—" if share.percent is None else f"{rounded(share.percent, 0)}%"
