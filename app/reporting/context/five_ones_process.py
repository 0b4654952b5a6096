"""The flow from public to private domain: the steps with what carries each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from app.domain.diagnosis import PanelCell
from app.reporting.charts import ProcessStep, process_map
from app.reporting.clauses import short_title
from app.reporting.context.five_ones_strategy import standing
from app.reporting.context.source import Source
from app.reporting.context.steps_funnel import home_of

IN_USE: Final = "sops-in-use"
ON_TIME: Final = "sop-on-time"
PROCESS_ROW: Final = "process"
TEAM_ROW: Final = "team"


@dataclass(frozen=True, slots=True)
class ProcessFlow:
    """The flow from public to private: a drawing, which procedures are in use, how reliably."""

    headline: str
    drawing: Markup
    in_use: str
    in_use_code: str
    on_time: str
    on_time_code: str


def build_process(source: Source) -> ProcessFlow | None:
    """Draw the steps in their order with procedures and owners; None if nothing is known."""
    grid = next((v for v in source.diagnosis.panels if v.panel.kind == "grid"), None)
    if grid is None:
        return None
    rows = {row.id: cells for row, cells in zip(grid.panel.rows, grid.grid, strict=True)}
    top, say = source.model.content.scale.maximum, source.wording.translate
    steps = []
    home = home_of(source, grid.panel.columns)
    private = grid.panel.columns.index(home) + 1 if home in grid.panel.columns else 0
    for place, name in enumerate(grid.panel.columns):
        dimension = source.model.dimensions.get(name)
        found = source.diagnosis.scorecard.dimensions.get(name)
        if dimension is None or found is None:
            return None
        steps.append(
            ProcessStep(
                label=dimension.title,
                metric=say("得分"),
                value=None if found.score is None else source.wording.score(found.score),
                scripted=_full(rows.get(PROCESS_ROW), place, top),
                metered=_full(rows.get(TEAM_ROW), place, top),
                zone=_zone(source, place, private),
            )
        )
    if all(step.value is None and step.scripted is None for step in steps):
        return None
    words = replace(
        source.words,
        scripted=say("SOP齐"),
        unscripted=say("SOP不齐"),
        metered=say("有人背指标"),
        unmetered=say("没人背指标"),
    )
    in_use, in_use_code = _in_use(source)
    on_time, on_time_code = _on_time(source)
    return ProcessFlow(
        headline=_process_headline(source, steps),
        drawing=process_map(
            steps,
            title=say("从公域到私域的流程"),
            desc=say("每一步的得分、SOP是否齐、有没有人背指标"),
            weakest=_weakest(source, grid.panel.columns),
            per_line=len(steps),
            theme=source.theme,
            words=words,
        ),
        in_use=in_use,
        in_use_code=in_use_code,
        on_time=on_time,
        on_time_code=on_time_code,
    )


def _weakest(source: Source, dimensions: Sequence[str]) -> int | None:
    """Return the place of the lowest score; None if no step is lower than another."""
    card = source.diagnosis.scorecard.dimensions
    scores = {
        place: score
        for place, name in enumerate(dimensions)
        if (score := card[name].score) is not None
    }
    if len(set(scores.values())) < 2:
        return None
    return min(scores, key=lambda place: scores[place])


def _zone(source: Source, place: int, private: int) -> str:
    """Return where a step happens: up to the funnel's own step the public domain leads in."""
    if not private:
        return ""
    say = source.wording.translate
    return say("公域引到私域") if place < private else say("私域里经营")


def _full(cells: Sequence[PanelCell] | None, place: int, top: int) -> bool | None:
    value = cells[place].value if cells is not None else None
    return None if value is None else value >= top


def _process_headline(source: Source, steps: Sequence[ProcessStep]) -> str:
    say = source.wording.translate
    if all(step.scripted is None and step.metered is None for step in steps):
        return say("流程：{}步的SOP和负责人还没有问").format(len(steps))
    return say("流程：{}步里SOP齐的{}步，有人背指标的{}步").format(
        len(steps),
        sum(step.scripted is True for step in steps),
        sum(step.metered is True for step in steps),
    )


def _in_use(source: Source) -> tuple[str, str]:
    question, items = source.model.questions.get(IN_USE), standing(source, IN_USE)
    if question is None or items is None:
        return "", ""
    say, joined = source.wording.translate, source.wording.joined
    there = [short_title(i.title) for i in question.items if i.id in items]
    absent = [short_title(i.title) for i in question.items if i.id not in items]
    text = say("{}个场景里照着SOP在做的{}个").format(len(question.items), len(there))
    if there:
        text += say("：{}").format(joined(there))
    if absent:
        text += say("；没有的：{}").format(joined(absent))
    return text + say("。"), question.code


def _on_time(source: Source) -> tuple[str, str]:
    question = source.model.questions.get(ON_TIME)
    result = source.diagnosis.questions.get(ON_TIME)
    if question is None or result is None or result.value is None:
        return "", ""
    text = source.wording.translate("排好的动作按时做完{}。").format(
        source.wording.with_unit(source.wording.plain(result.value), question.unit)
    )
    return text, question.code
