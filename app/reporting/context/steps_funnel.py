"""The funnel from public to private as a map: what is scripted, what is metered, what leaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.definitions.framework import Framework, FrameworkItem
from app.domain.kpi import KpiLine
from app.reporting.charts import ProcessStep, process_map
from app.reporting.context.findings_measures import Measures, figure
from app.reporting.context.source import Source

FUNNEL: Final = "seven-step-funnel"
IN_ONE_LINE: Final = 7
"""Most steps that still have room for their words in one line; more are drawn in several."""
WRAPPED: Final = 4


@dataclass(frozen=True, slots=True)
class Funnel:
    """The drawn funnel: ``headline`` says where it leaks, ``reads`` how the signs came about."""

    headline: str
    drawing: Markup
    reads: str


def home_of(source: Source, dimensions: Sequence[str]) -> str | None:
    """Return which of ``dimensions`` the funnel belongs to: the one most of its steps lift."""
    funnel = source.model.frameworks.get(FUNNEL)
    if funnel is None:
        return None
    count = dict.fromkeys(dimensions, 0)
    for item in funnel.items:
        for area in item.areas:
            dimension = source.model.dimension_of[area].id
            if dimension in count:
                count[dimension] += 1
    best = max(count, key=lambda name: count[name], default=None)
    return best if best is not None and count[best] else None


def build_funnel(source: Source, measures: Measures) -> Funnel | None:
    """Draw the funnel; None if the model has none or nothing of it is known."""
    framework = source.model.frameworks.get(FUNNEL)
    if framework is None:
        return None
    steps = [_step(source, measures, item) for item in framework.items]
    if all(step.value is None and step.scripted is None for step in steps):
        return None
    say = source.wording.translate
    lines = [_line(measures, item) for item in framework.items]
    weakest = _weakest(lines)
    words = replace(
        source.words,
        scripted=say("话术成文"),
        unscripted=say("话术未成文"),
        metered=say("有数"),
        unmetered=say("没有数"),
        unassessed=say("没有数"),
    )
    return Funnel(
        headline=_headline(source, framework, steps, weakest),
        drawing=process_map(
            steps,
            title=framework.title,
            desc=framework.purpose,
            weakest=weakest,
            per_line=len(steps) if len(steps) <= IN_ONE_LINE else WRAPPED,
            theme=source.theme,
            words=words,
        ),
        reads=say(
            "「话术成文」看这一步所属领域是否到L{}（写成文、训练过、在用）；「有数」看访谈里有没有人报得出这一步的数。"
        ).format(source.model.content.rating.standing_level),
    )


def _headline(
    source: Source, framework: Framework, steps: Sequence[ProcessStep], weakest: int | None
) -> str:
    say = source.wording.translate
    metered = sum(step.value is not None for step in steps)
    text = say("{}：{}步里{}步有数").format(framework.title, len(steps), metered)
    if weakest is not None:
        step = steps[weakest]
        text += say("，离参考线最远的是「{}」（{}{}）").format(step.label, step.metric, step.value)
    return text


def _step(source: Source, measures: Measures, item: FrameworkItem) -> ProcessStep:
    line = _line(measures, item)
    level = source.diagnosis.scorecard.areas[item.areas[0]].level if item.areas else None
    value = figure(source.wording, line.baseline, line.kpi.unit) if line else None
    asked = source.model.forms[source.diagnosis.assessment.form].every_question
    return ProcessStep(
        label=item.title,
        metric=line.kpi.title if line else "",
        value=value,
        scripted=None if level is None else level >= source.model.content.rating.standing_level,
        metered=True if line else False if asked else None,
    )


def _line(measures: Measures, item: FrameworkItem) -> KpiLine | None:
    """Return the step's KPI that has a value today: one with a bound before one without."""
    known = [
        line
        for kpi in item.kpis
        if (line := measures.line(kpi)) is not None and line.baseline is not None
    ]
    judged = [line for line in known if line.good is not None]
    return next(iter(judged or known), None)


def _weakest(lines: Sequence[KpiLine | None]) -> int | None:
    """Return the step whose figure is furthest from its bound; None if none falls short."""
    shares = {
        place: share
        for place, line in enumerate(lines)
        if line is not None and (share := _share(line)) is not None and share < 1
    }
    return min(shares, key=lambda place: shares[place], default=None)


def _share(line: KpiLine) -> Fraction | None:
    if line.baseline is None or not line.good or line.kpi.better == "range":
        return None
    if line.kpi.better == "higher":
        return line.baseline / line.good
    return line.good / line.baseline if line.baseline else None
