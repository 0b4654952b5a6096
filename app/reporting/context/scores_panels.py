"""The derived panels: the grid of keys × steps, and the lists whose weakest link is the break."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.diagnosis import PanelCell, PanelView
from app.reporting.charts import COLUMN, HeatRow, heatmap
from app.reporting.context.scores_levels import chart_score
from app.reporting.context.source import Source

HALF_COLUMN = 310.0
"""Width of a drawing beside another, in user units."""

FEWEST_LINES = 2
"""Known lines from which a list can have a weakest one."""

NAMED_CELLS = 3
"""Most of the lowest grid cells that are named in words."""


@dataclass(frozen=True, slots=True)
class PanelPart:
    """One panel: its ``title``, how it ``reads``, the ``drawing``, what it ``says`` here."""

    title: str
    reads: str
    drawing: Markup
    says: str


def grid_panels(source: Source) -> tuple[PanelPart, ...]:
    """Return the grid panels of which at least one cell is known."""
    parts = (_grid(source, view) for view in source.diagnosis.panels if view.panel.kind == "grid")
    return tuple(part for part in parts if part is not None)


def list_panels(source: Source) -> tuple[PanelPart, ...]:
    """Return the list panels with enough known lines to compare."""
    parts = (_list(source, view) for view in source.diagnosis.panels if view.panel.kind == "bars")
    return tuple(part for part in parts if part is not None)


def _grid(source: Source, view: PanelView) -> PanelPart | None:
    if all(cell.value is None for row in view.grid for cell in row):
        return None
    columns = [_column_title(source, name) for name in view.panel.columns]
    rows = [
        HeatRow(title.title, tuple(cell.value for cell in row))
        for title, row in zip(view.panel.rows, view.grid, strict=True)
    ]
    return PanelPart(
        title=view.panel.title,
        reads=view.panel.reads,
        drawing=_draw(source, columns, rows, view.panel.title, COLUMN),
        says=_lowest_cells(source, view, columns),
    )


def _list(source: Source, view: PanelView) -> PanelPart | None:
    if sum(cell.value is not None for cell in view.cells) < FEWEST_LINES:
        return None
    columns = [cell.title for cell in view.cells]
    rows = [HeatRow("", tuple(cell.value for cell in view.cells))]
    return PanelPart(
        title=view.panel.title,
        reads=view.panel.reads,
        drawing=_draw(source, columns, rows, view.panel.title, HALF_COLUMN),
        says=_weakest(source, view.cells),
    )


def _draw(
    source: Source,
    columns: Sequence[str],
    rows: Sequence[HeatRow],
    title: str,
    width: float,
) -> Markup:
    scale = source.model.content.scale
    return heatmap(
        columns,
        rows,
        title=title,
        low=scale.minimum,
        high=scale.maximum,
        format=chart_score(source),
        theme=source.theme,
        words=source.words,
        width=width,
    )


def _column_title(source: Source, name: str) -> str:
    dimension = source.model.dimensions.get(name)
    return dimension.title if dimension is not None else name


def _lowest_cells(source: Source, view: PanelView, columns: Sequence[str]) -> str:
    """Return which cells are lowest and what that means for the next move."""
    wording, translate = source.wording, source.wording.translate
    known = [
        (cell.value, column, row.title)
        for row, cells in zip(view.panel.rows, view.grid, strict=True)
        for column, cell in zip(columns, cells, strict=True)
        if cell.value is not None
    ]
    lowest = min(value for value, _, _ in known)
    if lowest == max(value for value, _, _ in known):
        return translate("各格都是{score}，没有哪一格更急。").format(score=wording.score(lowest))
    found = [(column, row) for value, column, row in known if value == lowest]
    if len(found) > NAMED_CELLS:
        return _crowded(source, lowest, found, len(known))
    names = [translate("{step}的{key}").format(step=step, key=key) for step, key in found]
    return translate("最低的是{cells}，只有{score}：下一步先动这里。").format(
        cells=wording.joined(names), score=wording.score(lowest)
    )


def _crowded(source: Source, lowest: Fraction, found: Sequence[tuple[str, str]], cells: int) -> str:
    """Return how many cells are lowest and in which row they gather."""
    wording, translate = source.wording, source.wording.translate
    keys = [key for _, key in found]
    most = max(dict.fromkeys(keys), key=keys.count)
    steps = [step for step, key in found if key == most]
    return translate(
        "{cells}格里有{n}格在最低的{score}，其中{k}格在「{key}」这一行：{steps}。"
    ).format(
        cells=cells,
        n=len(found),
        score=wording.score(lowest),
        k=len(steps),
        key=most,
        steps=wording.joined(steps),
    )


def _weakest(source: Source, cells: Sequence[PanelCell]) -> str:
    """Return the weakest line with its figure, and how far it lags behind the best."""
    wording, translate = source.wording, source.wording.translate
    known = [(cell.value, cell) for cell in cells if cell.value is not None]
    lowest, weakest = min(known, key=lambda entry: entry[0])
    highest, best = max(known, key=lambda entry: entry[0])
    if lowest == highest:
        return translate("已评的{n}项都是{score}。").format(
            n=len(known), score=wording.score(lowest)
        )
    return translate("最短的是{weak}，{low}，比{best}低{gap}级（{note}）。").format(
        weak=weakest.title,
        low=wording.score(lowest),
        best=best.title,
        gap=wording.score(highest - lowest),
        note=weakest.note,
    )
