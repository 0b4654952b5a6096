"""Which of the keys a step lacks: the column of the grid panel that belongs to it, explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.diagnosis import PanelCell, PanelView
from app.domain.expression import Reference
from app.reporting.charts import HeatRow, heatmap
from app.reporting.charts.numbers import Number
from app.reporting.clauses import short_title
from app.reporting.context.source import Source

STRIP_WIDTH = 235.0


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key at one step: its value on the scale, where the value comes from, and the codes."""

    title: str
    value: str
    proof: str
    refs: tuple[str, ...]
    lowest: bool


@dataclass(frozen=True, slots=True)
class StepKeys:
    """The keys at one step: a drawn strip, one line per key, and the keys that are missing."""

    drawing: Markup
    lines: tuple[KeyLine, ...]
    missing: tuple[str, ...]


def build_keys(source: Source, dimension: str) -> StepKeys | None:
    """Return the keys at a step; None if no grid panel has the step or nothing is known."""
    view = next(
        (
            v
            for v in source.diagnosis.panels
            if v.panel.kind == "grid" and dimension in v.panel.columns
        ),
        None,
    )
    if view is None:
        return None
    place = view.panel.columns.index(dimension)
    cells = [row[place] for row in view.grid]
    if all(cell.value is None for cell in cells):
        return None
    bottom = source.model.content.scale.minimum
    return StepKeys(
        drawing=_drawing(source, view, dimension, cells),
        lines=tuple(_line(source, view, row, place, cell) for row, cell in enumerate(cells)),
        missing=tuple(cell.title for cell in cells if cell.value == bottom),
    )


def _drawing(source: Source, view: PanelView, dimension: str, cells: Sequence[PanelCell]) -> Markup:
    title = source.model.dimensions[dimension].title
    scale = source.model.content.scale

    def shown(value: Number) -> str:
        return source.wording.score(Fraction(value))

    return heatmap(
        [cell.title for cell in cells],
        [HeatRow(title, tuple(cell.value for cell in cells))],
        title=source.wording.translate("{}：{}").format(view.panel.title, title),
        desc=view.panel.reads,
        low=scale.minimum,
        high=scale.maximum,
        format=shown,
        theme=source.theme,
        words=source.words,
        width=STRIP_WIDTH,
    )


def _line(source: Source, view: PanelView, row: int, place: int, cell: PanelCell) -> KeyLine:
    expression = source.model.expression(view.panel.rows[row].cells[place])
    proofs = [_proof(source, reference) for reference in expression.references]
    codes = dict.fromkeys(
        code for reference in expression.references if (code := source.wording.code(reference))
    )
    return KeyLine(
        title=cell.title,
        value=source.wording.score(cell.value),
        proof=source.wording.translate("；").join(dict.fromkeys(proofs)),
        refs=tuple(codes),
        lowest=cell.value == source.model.content.scale.minimum,
    )


def _proof(source: Source, reference: Reference) -> str:
    """Return what a cell was read from: which items are there and which are not, or a score."""
    say, model = source.wording.translate, source.model
    canonical = model.vocabulary.canonical(reference) or reference.arguments
    name, *wanted = canonical
    question = model.questions.get(name)
    if name in model.dimensions:
        card = source.diagnosis.scorecard.areas
        return source.wording.joined(
            [
                source.wording.beside(area.title, source.wording.score(card[area.id].score))
                for area in model.dimensions[name].areas
                if card[area.id].score is not None
            ]
        )
    if reference.function not in ("has", "share") or question is None:
        return source.wording.label(reference)
    topic = question.short or question.text
    result = source.diagnosis.questions.get(name)
    if result is None or result.items is None:
        return say("{}：未评").format(topic)
    titles = {item.id: short_title(item.title) for item in question.items if item.id in wanted}
    there = [title for item, title in titles.items() if item in result.items]
    absent = [title for item, title in titles.items() if item not in result.items]
    parts = []
    if there:
        parts.append(say("有{}").format(source.wording.joined(there)))
    if absent:
        parts.append(say("缺{}").format(source.wording.joined(absent)))
    return say("{}：{}").format(topic, say("，").join(parts))
