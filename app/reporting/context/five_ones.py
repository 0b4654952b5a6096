"""The five ones: which of the five deliverables exist, and the drafts of those that do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from app.domain.definitions.structure import PanelItem
from app.domain.diagnosis import PanelCell, PanelView
from app.reporting.charts import StatusItem, status_panel
from app.reporting.charts.status import Status
from app.reporting.context.five_ones_organisation import Organisation, build_organisation
from app.reporting.context.five_ones_posts import Appraisal, build_appraisal
from app.reporting.context.five_ones_process import ProcessFlow, build_process
from app.reporting.context.five_ones_reports import Reports, build_reports
from app.reporting.context.five_ones_strategy import Strategy, build_strategy
from app.reporting.context.source import Source

FRAMEWORK: Final = "five-ones"

MARKS: Final[Mapping[str, Status]] = {"full": "done", "half": "part", "empty": "missing"}


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One of the ones: what is there today, what must be seen, what to do, how it is checked."""

    title: str
    level: str
    now: str
    wanted: str
    action: str
    metric: str


@dataclass(frozen=True, slots=True)
class FiveOnes:
    """The section: the drawn panel, a line per deliverable, then a draft of each.

    A draft is None where the model holds nothing for it.
    """

    headline: str
    reads: str
    panel: Markup
    deliverables: tuple[Deliverable, ...]
    strategy: Strategy | None
    organisation: Organisation | None
    process: ProcessFlow | None
    appraisal: Appraisal | None
    reports: Reports | None


def build(source: Source) -> FiveOnes:
    """Build the section; a model without a status panel shows its dimensions instead."""
    view = next((v for v in source.diagnosis.panels if v.panel.kind == "status"), None)
    items = _panel_items(source, view) if view else _dimension_items(source)
    title = view.panel.title if view else source.model.content.title
    reads = view.panel.reads if view else ""
    return FiveOnes(
        headline=_headline(source, items),
        reads=reads,
        panel=_drawing(source, items, title, reads, view),
        deliverables=_deliverables(source, view) if view else (),
        strategy=build_strategy(source),
        organisation=build_organisation(source),
        process=build_process(source),
        appraisal=build_appraisal(source),
        reports=build_reports(source),
    )


def _panel_items(source: Source, view: PanelView) -> list[StatusItem]:
    return [
        StatusItem(cell.title, _status(cell), _note(source, cell, item))
        for cell, item in zip(view.cells, view.panel.items, strict=True)
    ]


def _status(cell: PanelCell) -> Status | None:
    return MARKS[cell.status.mark] if cell.status is not None else None


def _note(source: Source, cell: PanelCell, item: PanelItem) -> str:
    if cell.value is None:
        return item.note
    return source.wording.translate("{}分。{}").format(source.wording.score(cell.value), item.note)


def _dimension_items(source: Source) -> list[StatusItem]:
    scale, items = source.model.content.scale, []
    middle = (scale.minimum + scale.maximum) / 2
    for dimension in source.model.content.dimensions:
        found = source.diagnosis.scorecard.dimensions[dimension.id]
        status: Status | None = None
        if found.level is not None:
            status = "missing" if found.level == scale.minimum else "part"
            status = "done" if found.level >= middle else status
        note = source.wording.level(found.level)
        items.append(StatusItem(dimension.title, status, note))
    return items


def _drawing(
    source: Source, items: Sequence[StatusItem], title: str, reads: str, view: PanelView | None
) -> Markup:
    named = {MARKS[s.mark]: s.title for s in view.panel.statuses} if view else {}
    words = replace(
        source.words,
        done=named.get("done", source.words.done),
        part=named.get("part", source.words.part),
        missing=named.get("missing", source.words.missing),
    )
    return status_panel(items, title=title, desc=reads, theme=source.theme, words=words)


def _headline(source: Source, items: Sequence[StatusItem]) -> str:
    say = source.wording.translate
    rated = [item for item in items if item.status is not None]
    if not rated:
        return say("{}件成果一件都还没有评").format(len(items))
    counts = {status: sum(item.status == status for item in rated) for status in MARKS.values()}
    if counts["done"] == len(items):
        return say("{}件成果都已具备，守住并每季度复查").format(len(items))
    words: dict[Status, str] = {
        "done": say("具备{}件"),
        "part": say("有雏形{}件"),
        "missing": say("缺失{}件"),
    }
    parts = [words[status].format(count) for status, count in counts.items() if count]
    if len(rated) < len(items):
        parts.append(say("未评{}件").format(len(items) - len(rated)))
    return say("{}件成果：{}").format(len(items), say("，").join(parts))


def _deliverables(source: Source, view: PanelView) -> tuple[Deliverable, ...]:
    return tuple(
        _deliverable(source, view, cell, item)
        for cell, item in zip(view.cells, view.panel.items, strict=True)
    )


def _deliverable(source: Source, view: PanelView, cell: PanelCell, item: PanelItem) -> Deliverable:
    """Return what stands for a deliverable today and what "there" would look like.

    Told by the lowest of the areas the panel reads for it.
    """
    model, scale = source.model, source.model.content.scale
    references = model.expression(item.value).references
    names = [model.vocabulary.canonical(reference) or ("",) for reference in references]
    areas = [model.areas[name[0]] for name in names if name[0] in model.areas]
    card = source.diagnosis.scorecard.areas
    rated = [(level, area) for area in areas if (level := card[area.id].level) is not None]
    wanted_level = max((s.at_least for s in view.panel.statuses), default=scale.maximum)
    level, now, wanted = cell.level, "", ""
    if rated:
        level, area = min(rated, key=lambda entry: entry[0])
        now = area.anchors[level - scale.minimum]
        if level < wanted_level:
            wanted = area.anchors[wanted_level - scale.minimum]
    elif areas:
        wanted = areas[0].anchors[wanted_level - scale.minimum]
    done = not wanted and level is not None and level >= wanted_level
    framework = model.frameworks.get(FRAMEWORK)
    ids = {area.id for area in areas}
    form = next((f for f in framework.items if ids & set(f.areas)), None) if framework else None
    return Deliverable(
        title=cell.title,
        level=source.wording.level(level),
        now=now,
        wanted=source.wording.translate("已经做到") if done else wanted,
        action=form.action if form and not done else "",
        metric=form.metric if form else "",
    )
