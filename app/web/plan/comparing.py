"""Two plans side by side: each figure, by how much it differs, and whether that is good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from app.reporting.wording import Wording
from app.services.plans.figures import PlanFigures
from app.web.presenting import day, say

Kind: TypeAlias = Literal["points", "level", "people", "money", "percent", "month", "day", "count"]


@dataclass(frozen=True, slots=True)
class Measure:
    """How one figure is compared: ``better`` is 1 where more is better, -1 where less is."""

    title: str
    kind: Kind
    better: int


MEASURES: Final[Mapping[str, Measure]] = {
    "index": Measure("做完后的指数", "points", 1),
    "level": Measure("做完后的等级", "level", 1),
    "people": Measure("编制（{phase}）", "people", 0),
    "payroll": Measure("最高的月人工", "money", -1),
    "short": Measure("装不下的岗位", "count", -1),
    "sops": Measure("做的SOP", "count", 0),
    "dropped": Measure("因人手停掉的SOP", "count", -1),
    "kpis": Measure("没人管的指标", "count", -1),
    "delay": Measure("举措最多晚几天", "count", -1),
    "gate": Measure("第一道关", "day", -1),
    "result": Measure("第一年的结余", "money", 1),
    "roi": Measure("第一年的投入产出比", "percent", 1),
    "pays_from": Measure("从哪个月起不亏", "month", -1),
}


def comparison(before: PlanFigures, after: PlanFigures, wording: Wording) -> list[dict[str, Any]]:
    """Return the rows of the ``compare`` macro: title, and the two cells."""
    return [_row(name, measure, before, after, wording) for name, measure in MEASURES.items()]


def _row(
    name: str, measure: Measure, before: PlanFigures, after: PlanFigures, wording: Wording
) -> dict[str, Any]:
    old, new = (_value(name, figures) for figures in (before, after))
    title = say(measure.title, phase=after.phase or "—")
    was, now = (_shown(measure.kind, value, wording) for value in (old, new))
    cell: dict[str, Any] = {"text": now}
    gap = _gap(measure.kind, old, new)
    if gap and was != now:
        delta = _delta(measure.kind, gap, wording)
        good = gap * measure.better
        if good:
            cell |= {"change": "better" if good > 0 else "worse", "delta": delta}
        else:
            cell["text"] = say("{value}（{delta}）", value=cell["text"], delta=delta)
    return {"title": title, "cells": [{"text": was}, cell]}


def _value(name: str, figures: PlanFigures) -> Any:
    value = getattr(figures, name)
    return len(value) if isinstance(value, tuple) else value


_NEVER: Final = 13
"""A month beyond the year: no month of it from which none makes a loss."""


def _gap(kind: Kind, old: Any, new: Any) -> Fraction:
    if kind == "month":
        old, new = old or _NEVER, new or _NEVER
    if old is None or new is None:
        return Fraction(0)
    if isinstance(old, date) and isinstance(new, date):
        return Fraction((new - old).days)
    return Fraction(new) - Fraction(old)


def _shown(kind: Kind, value: Any, wording: Wording) -> str:
    if kind == "month":
        return say("第{n}个月", n=value) if value else say("一年内没有")
    if value is None:
        return "—"
    words = {
        "points": lambda: wording.number(value, 1),
        "level": lambda: f"L{value}",
        "people": lambda: say("{n}人", n=wording.plain(value)),
        "money": lambda: _minus(wording.money(value)),
        "percent": lambda: _minus(f"{wording.plain(value * 100)}%"),
        "day": lambda: day(value),
        "count": lambda: str(value),
    }
    return words[kind]()


def _delta(kind: Kind, gap: Fraction, wording: Wording) -> str:
    if kind == "day":
        return say("晚{n}天", n=gap) if gap > 0 else say("早{n}天", n=-gap)
    if kind == "month":
        return say("晚{n}个月", n=gap) if gap > 0 else say("早{n}个月", n=-gap)
    if kind == "money":
        return ("+" if gap > 0 else "−") + wording.money(abs(gap))
    if kind == "percent":
        return say("{n}个百分点", n=wording.signed(gap * 100, 1))
    places = {"points": 1, "people": 1}.get(kind, 0)
    return wording.signed(gap, places)


def _minus(text: str) -> str:
    return text.replace("-", "−")
