"""What a report decides about its charts: font, colours and the fixed words.

Sizes are in user units, 1/96 inch: a chart of the default width stands at 100 % in the report's
170 mm text column, where ``SMALL`` is 7.5 pt, the smallest size the report allows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from app.reporting.charts.colour import darken_to_contrast, mix

COLUMN = 643.0  # 170 mm
SMALL = 10.0  # 7.5 pt
BODY = 11.0  # 8.25 pt
STRONG = 12.5
FIGURE = 17.0  # a figure that is meant to be seen first
LEADING = 1.28  # line pitch in multiples of the size, tighter than running text


@dataclass(frozen=True, slots=True)
class Theme:
    """The look shared by all charts of one report.

    ``accent`` structures, ``alert`` says "act here", ``warn`` and ``ok`` are the other states;
    each of them is used as text too, so each must reach contrast 4.5 on ``paper``.
    ``font_family`` is the value of the SVG attribute: one family or a comma-separated stack.
    """

    font_family: str = "Noto Sans CJK SC"
    ink: str = "#1b2733"
    muted: str = "#5b6875"
    rule: str = "#d3dae0"
    faint: str = "#e9edf0"
    paper: str = "#ffffff"
    accent: str = "#1d4e6f"
    alert: str = "#b03a2e"
    warn: str = "#8f5c00"
    ok: str = "#2c6b4a"

    @classmethod
    def branded(cls, accent: str, font_family: str = "Noto Sans CJK SC") -> Theme:
        """Return a theme in a consultancy's colour, darkened until text in it is legible."""
        return cls(font_family=font_family, accent=darken_to_contrast(accent, 4.5))

    @property
    def accent_mid(self) -> str:
        """Return the second shade of the accent, for parts of a whole."""
        return mix(self.accent, self.paper, 0.42)

    @property
    def accent_soft(self) -> str:
        """Return the tint of the accent for fills that carry text."""
        return mix(self.accent, self.paper, 0.8)

    @property
    def accent_pale(self) -> str:
        """Return the faintest tint of the accent, for bands behind a drawing."""
        return mix(self.accent, self.paper, 0.94)

    @property
    def alert_soft(self) -> str:
        """Return the tint of the alert colour for fills that carry text."""
        return mix(self.alert, self.paper, 0.78)


@dataclass(frozen=True, slots=True)
class Words:
    """Every fixed word a chart prints, in the language of the report.

    The defaults are Chinese. ``day`` and ``month`` take the number at ``{}``.
    """

    unassessed: str = "未评"
    now: str = "现在"
    target: str = "目标"
    previous: str = "上次"
    gap: str = "差距"
    lowest: str = "最低"
    today: str = "今天"
    day: str = "D{}"
    month: str = "第{}月"
    filled: str = "在岗"
    vacant: str = "空缺"
    shared: str = "兼任"
    scripted: str = "有话术"
    unscripted: str = "无话术"
    metered: str = "有数据"
    unmetered: str = "无数据"
    weakest: str = "最弱一步"
    verdict: str = "判定"
    load: str = "工作量"
    capacity: str = "定编"
    total: str = "合计"
    running: str = "累计"
    top_higher: str = "高层评得更高"
    front_higher: str = "一线评得更高"
    agree: str = "差别不大"
    joiner: str = "、"
    done: str = "已有"
    part: str = "部分"
    missing: str = "没有"

    @classmethod
    def translated(cls, translate: Callable[[str], str]) -> Words:
        """Return the words in another language, looked up by the Chinese ones."""
        return cls(**{field.name: translate(str(field.default)) for field in fields(cls)})
