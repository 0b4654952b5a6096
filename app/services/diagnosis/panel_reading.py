"""The panels on screen: statuses, lists and grids, every cell with what it is read from."""

from dataclasses import dataclass

from app.domain.diagnosis import PanelCell, PanelView
from app.reporting.context.scores_panels import grid_panels, list_panels
from app.services.diagnosis.reading import Named, Reading, Target


@dataclass(frozen=True, slots=True)
class CellLine:
    """One cell: its score and level as printed, its status (mark and word), what it reads.

    ``shade`` grows with the level from 1 to 5, 0 unrated; ``target`` is where its score leads: to
    what it is read from, or to a page of its own where that is more than one thing.
    """

    target: Target
    title: str
    note: str
    score: str
    level: str
    shade: int
    mark: str
    status: str
    reads: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid."""

    title: str
    cells: tuple[CellLine, ...]


@dataclass(frozen=True, slots=True)
class PanelPage:
    """One panel: how it reads, what it says of this enterprise, its cells or rows."""

    id: str
    kind: str
    title: str
    reads: str
    says: str
    cells: tuple[CellLine, ...]
    columns: tuple[Named, ...]
    rows: tuple[GridRow, ...]


def panel_pages(reading: Reading) -> tuple[PanelPage, ...]:
    """Return every panel in the order of the model."""
    told = {
        part.title: part.says
        for part in (*list_panels(reading.source), *grid_panels(reading.source))
    }
    return tuple(_panel(reading, view, told) for view in reading.diagnosis.panels)


def _panel(reading: Reading, view: PanelView, told: dict[str, str]) -> PanelPage:
    panel = view.panel
    return PanelPage(
        id=panel.id,
        kind=panel.kind,
        title=panel.title,
        reads=panel.reads,
        says=told.get(panel.title, ""),
        cells=tuple(
            _cell(reading, cell, item.value, cell_name(panel.id, item.id))
            for cell, item in zip(view.cells, panel.items, strict=True)
        ),
        columns=tuple(reading.scored(name) for name in panel.columns),
        rows=tuple(
            GridRow(
                row.title,
                tuple(
                    _cell(reading, cell, source, cell_name(panel.id, row.id, column))
                    for column, cell, source in zip(panel.columns, cells, row.cells, strict=True)
                ),
            )
            for row, cells in zip(panel.rows, view.grid, strict=True)
        ),
    )


def cell_name(*ids: str) -> str:
    """Return the name of a cell: the panel's id with its item's, or its row's and column's."""
    return ".".join(ids)


def _cell(reading: Reading, cell: PanelCell, source: str, name: str) -> CellLine:
    references = reading.model.expression(source).references
    reads = tuple(dict.fromkeys(reading.read_by(reference) for reference in references))
    return CellLine(
        target=reads[0].target if len(reads) == 1 else Target("number", name),
        title=cell.title,
        note=cell.note,
        score=reading.wording.score(cell.value),
        level="" if cell.level is None else f"L{cell.level}",
        shade=reading.shade(cell.level),
        mark=cell.status.mark if cell.status is not None else "",
        status=cell.status.title if cell.status is not None else "",
        reads=reads,
    )
