"""Benchmarks over a consultancy's own clients that agreed, published so that none can be made out.

Readers remember what they saw: so what was last shown is kept, and a cell is renewed only where
its difference to what stood there is large enough (``app.domain.benchmark_cells``).
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, cast

from app.domain.benchmark_cells import (
    INDEX,
    BenchmarkCell,
    CellKey,
    CellKind,
    Contribution,
    Snapshot,
    prior,
    readable_by,
    snapshot,
)
from app.domain.model import MaturityModel
from app.services.acting import Acting
from app.store.errors import BusyError, TakenError
from app.store.portfolio import published_benchmarks
from app.store.rows import PublishedBenchmarks


def figures_of(model: MaturityModel) -> tuple[str, ...]:
    """Return what is compared: the index, the dimensions, and every KPI of the catalogue."""
    return (INDEX, *model.dimensions, *model.kpis)


def benchmarks(
    acting: Acting,
    model: MaturityModel,
    contributions: Iterable[Contribution],
    knows: Collection[str],
) -> Snapshot:
    """Return the cells as a reader may see them who knows the values of some clients.

    What changed is published: from now on it counts as known to everybody.
    """
    name = model.content.id
    with acting.reading() as session:
        row = published_benchmarks(session, name)
        before = _from_document(model, row.document) if row is not None else None
    cells = snapshot(model, contributions, figures_of(model), before)
    document = _document(cells)
    if document and (row is None or row.document != document):
        _publish(acting, name, document, row.number if row is not None else 0)
    return readable_by(model, cells, knows)


def _publish(acting: Acting, name: str, document: Mapping[str, Any], seen: int) -> None:
    try:
        with acting.writing() as session:
            row = published_benchmarks(session, name)
            if row is None:
                row = PublishedBenchmarks(model=name, number=0)
                session.add(row)
            if row.number != seen:
                return
            row.number, row.document, row.at = seen + 1, dict(document), acting.now
    except (BusyError, TakenError):
        # Whoever looks next publishes it.
        pass


def _document(cells: Snapshot) -> dict[str, Any]:
    """Return the cells behind which clients stand or stood, in JSON."""
    return {
        _name(key): {
            "kind": cell.kind,
            "n": cell.n,
            "median": None if cell.median is None else str(cell.median),
            "quartiles": None if cell.quartiles is None else [str(q) for q in cell.quartiles],
            "clients": sorted(cell.clients),
        }
        for key, cell in cells.items()
        if cell.clients
    }


def _name(key: CellKey) -> str:
    return f"{key[0]}/{key[1] or ''}"


def _from_document(model: MaturityModel, document: Mapping[str, Any]) -> Snapshot:
    cells: dict[CellKey, BenchmarkCell] = {}
    for name, given in document.items():
        figure, _, archetype = name.partition("/")
        key = (figure, archetype or None)
        cells[key] = _cell(model, key, given)
    return cells


def _cell(model: MaturityModel, key: CellKey, given: Mapping[str, Any]) -> BenchmarkCell:
    clients = frozenset(given["clients"])
    kind = cast(CellKind, given["kind"])
    if kind != "clients":
        found = prior(model, *key)
        return BenchmarkCell(
            found.figure, found.archetype, found.kind, 0, found.median,
            grade=found.grade, basis=found.basis, clients=clients,
        )  # fmt: skip
    quartiles = given["quartiles"]
    return BenchmarkCell(
        figure=key[0],
        archetype=key[1],
        kind=kind,
        n=given["n"],
        median=None if given["median"] is None else Fraction(given["median"]),
        quartiles=None if quartiles is None else (Fraction(quartiles[0]), Fraction(quartiles[1])),
        clients=clients,
    )
