"""KPI lines as printed beside findings, steps and posts: today, next target, bound of good."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.kpi import Colour, KpiLine
from app.reporting.conditions import exact
from app.reporting.context.source import Source
from app.reporting.numerals import rounded
from app.reporting.wording import Wording

COARSE: Final = 10
"""From here on one place after the point is enough; a ratio of 1.47 must not read 1.5."""

COLOURS: Final[dict[Colour, str]] = {"green": "达标", "amber": "偏低", "red": "破红线"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One KPI of the client as printed.

    ``today``, ``target``, ``good`` are figures with their unit (``target`` and ``good`` may be
    empty; ``held`` says that today's value is the target already); ``by`` names the phase whose
    end the target is for; ``state`` is the word for today's value, ``alert`` marks a value beyond
    the red line; ``grade`` is the source grade of the bound; ``known`` is false where nobody could
    tell today's value.
    """

    code: str
    title: str
    today: str
    target: str
    by: str
    good: str
    state: str
    grade: str
    known: bool
    alert: bool
    held: bool


def figure(wording: Wording, value: Fraction | None, unit: str) -> str:
    """Return a figure with its unit: money in 元 or 万元, ratios with two places."""
    if value is None:
        return wording.translate("未测")
    per = wording.money_unit(unit)
    if per is not None:
        text = wording.money(value) + per
    elif abs(value) < COARSE and unit != "%":
        text = wording.with_unit(exact(Fraction(rounded(value, 2))), unit)
    else:
        text = wording.with_unit(wording.plain(value), unit)
    return text.replace("-", "−", 1) if value < 0 else text


class Measures:
    """Reads the KPI plan of one diagnosis."""

    def __init__(self, source: Source) -> None:
        self._wording = source.wording
        self._say = source.wording.translate
        self._lines = {line.kpi.id: line for line in source.diagnosis.plan.kpis}
        roadmap = source.diagnosis.plan.roadmap
        self._phases = [planned.phase for planned in roadmap.phases] if roadmap else []

    def line(self, kpi: str) -> KpiLine | None:
        """Return the plan's line of a KPI."""
        return self._lines.get(kpi)

    def measure(self, kpi: str) -> Measure | None:
        """Return a KPI as printed; None if the model does not know it."""
        line = self._lines.get(kpi)
        if line is None:
            return None
        unit = line.kpi.unit
        by, target = self._next(line)
        return Measure(
            code=line.kpi.code,
            title=line.kpi.title,
            today=figure(self._wording, line.baseline, unit),
            target=target,
            by=by,
            good=self._good(line),
            state=self._state(line),
            grade=line.kpi.grade,
            known=line.baseline is not None,
            alert=line.colour == "red",
            held=line.baseline is not None and line.baseline in line.targets.values(),
        )

    def _next(self, line: KpiLine) -> tuple[str, str]:
        """Return the first phase that sets a target, and the target."""
        for phase in self._phases:
            if phase.id in line.targets:
                value = line.targets[phase.id]
                return phase.title, figure(self._wording, value, line.kpi.unit)
        return "", ""

    def _good(self, line: KpiLine) -> str:
        if line.good is None:
            return ""
        sign = {"higher": "≥", "lower": "≤", "range": ""}[line.kpi.better]
        return f"{sign}{figure(self._wording, line.good, line.kpi.unit)}"

    def _state(self, line: KpiLine) -> str:
        if line.baseline is None:
            return self._say("未测")
        if line.colour is None:
            return self._say("无参考线")
        if line.colour == "amber" and line.kpi.better == "lower":
            return self._say("偏高")
        return self._say(COLOURS[line.colour])
