"""Benchmarks over clients that agreed: no cell too small, and none that can be made by subtraction.

A cell is one figure of the clients of one archetype, or of all. It rests on clients' own values
only where at least as many agreed as the model says (five). Otherwise it shows the expert prior of
the content. Either way it says what it is (``kind``) and on how many clients it rests (``n``).

No two sets that can be read may differ by a few, for their difference is a cell as well:

- **Within a snapshot**: all clients less those of any published archetypes are none or enough.
- **Over time**: a cell is renewed only where what it differs by from what stood there before is
  enough; until then the old one stands. Where somebody withdrew, the old one may not stand either:
  the prior takes its place. The set last published is remembered, because readers remember it.
- **For a reader who knows some values** (a client its own, a consultancy those of its clients): the
  same, with what the reader knows taken away.

A median of five is one client's value; so figures are rounded, and quartiles need twice as many.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.definitions.kpi import SourceGrade
from app.domain.model import MaturityModel
from app.domain.portfolio import ClientStanding, quantile

CellKind: TypeAlias = Literal["clients", "prior", "none"]
"""Clients' own values, the expert prior of the content, or nothing known at all."""

INDEX: Final = "index"
HALF: Final = Fraction(1, 2)
QUARTER: Final = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One client's value of one figure. Only of clients that agreed.

    ``figure`` is ``INDEX``, a dimension's id, or a KPI's id.
    """

    client: str
    archetype: str
    figure: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class BenchmarkCell:
    """One figure of one archetype (None: all). Rounded, in the figure's own unit.

    ``n`` clients stand behind it, 0 for a prior. ``quartiles`` are the lower and the upper one,
    where enough clients are in it. ``grade`` and ``basis`` are those of a prior. ``clients`` is the
    set last published in this place, also where a prior stands there now; it is never shown.
    """

    figure: str
    archetype: str | None
    kind: CellKind
    n: int
    median: Fraction | None
    quartiles: tuple[Fraction, Fraction] | None = None
    grade: SourceGrade | None = None
    basis: str = ""
    clients: frozenset[str] = frozenset()


CellKey: TypeAlias = tuple[str, str | None]
Snapshot: TypeAlias = Mapping[CellKey, BenchmarkCell]
"""The cells published together, by figure and archetype."""


def contributions_of(
    client: ClientStanding, kpis: Mapping[str, Fraction]
) -> tuple[Contribution, ...]:
    """Return what a client counts with: its index, its dimensions, and the KPIs given.

    Nothing of a client that did not agree, or whose archetype nobody said.
    """
    if not client.shares or client.archetype is None:
        return ()
    values = {INDEX: client.index, **client.dimensions, **kpis}
    return tuple(
        Contribution(client.client, client.archetype, figure, value)
        for figure, value in values.items()
        if value is not None
    )


def snapshot(
    model: MaturityModel,
    contributions: Iterable[Contribution],
    figures: Iterable[str],
    before: Snapshot | None = None,
) -> Snapshot:
    """Return every cell of the figures: per archetype of the model, and over all (None).

    ``before`` is the snapshot published until now. Raises ``ValueError`` where one client gives
    two values of one figure.
    """
    grouped = _by_figure(contributions)
    cells: dict[CellKey, BenchmarkCell] = {}
    for figure in figures:
        given = grouped.get(figure, {})
        keys: list[CellKey] = [(figure, name) for name in model.archetypes]
        # The whole comes last: it gives way where it would give away a part.
        keys.append((figure, None))
        published = [before[key].clients for key in keys if before is not None and key in before]
        for key in keys:
            values = {
                client: one.value
                for client, one in given.items()
                if key[1] is None or one.archetype == key[1]
            }
            old = before.get(key) if before is not None else None
            cells[key] = _cell(model, key, values, old, published)
            published.append(cells[key].clients)
    return cells


def readable_by(model: MaturityModel, cells: Snapshot, knows: Collection[str]) -> Snapshot:
    """Return the cells as a reader may see them who knows the values of some clients.

    The prior takes a cell's place where too few clients the reader does not know could be made out
    by it. The reader gets no other view of the same cells.
    """
    fewest, known = model.content.coaching.benchmark_clients, frozenset(knows)
    seen: dict[str, list[frozenset[str]]] = {}
    readable: dict[CellKey, BenchmarkCell] = {}
    for key, cell in sorted(cells.items(), key=lambda item: (item[0][1] is None, item[0])):
        others = seen.setdefault(cell.figure, [])
        if cell.kind == "clients" and gives_away([*others, cell.clients], fewest, known):
            readable[key] = prior(model, cell.figure, cell.archetype)
        else:
            readable[key] = replace(cell, clients=frozenset())
            if cell.kind == "clients":
                others.append(cell.clients)
    return readable


def gives_away(
    sets: Iterable[frozenset[str]], fewest: int, known: frozenset[str] = frozenset()
) -> bool:
    """Return whether subtracting sets from one that holds them leaves a few unknown clients.

    Subtracting nothing counts as well: a set too small gives itself away.
    """
    different = {one for one in sets if one}
    for whole in different:
        leftovers = {whole}
        for part in different:
            if part < whole:
                leftovers |= {left - part for left in leftovers}
        if any(0 < len(left - known) < fewest for left in leftovers):
            return True
    return False


def prior(model: MaturityModel, figure: str, archetype: str | None) -> BenchmarkCell:
    """Return the expert prior of a figure: the content's bound of good for a KPI.

    There is none for an index or a dimension, nor for a KPI without a bound.
    """
    kpi = model.kpis.get(figure)
    nothing = BenchmarkCell(figure, archetype, "none", 0, None)
    if kpi is None:
        return nothing
    benchmark = model.benchmarks.get(kpi.benchmark or "")
    if benchmark is not None:
        value = benchmark.values.get(archetype or "default", benchmark.values.get("default"))
        grade, basis = benchmark.grade, benchmark.basis
    else:
        value, grade, basis = kpi.green, kpi.grade, ""
    if value is None:
        return nothing
    return BenchmarkCell(figure, archetype, "prior", 0, Fraction(value), grade=grade, basis=basis)


def _by_figure(
    contributions: Iterable[Contribution],
) -> Mapping[str, Mapping[str, Contribution]]:
    grouped: dict[str, dict[str, Contribution]] = {}
    for one in contributions:
        given = grouped.setdefault(one.figure, {})
        if one.client in given:
            raise ValueError(f"{one.client} gives two values of {one.figure}")
        given[one.client] = one
    return grouped


def _cell(
    model: MaturityModel,
    key: CellKey,
    values: Mapping[str, Fraction],
    old: BenchmarkCell | None,
    published: Iterable[frozenset[str]],
) -> BenchmarkCell:
    """Return the cell of these values where that is safe; else the old one, or the prior."""
    figure, archetype = key
    fewest = model.content.coaching.benchmark_clients
    clients = frozenset(values)
    if len(clients) >= fewest and not gives_away([*published, clients], fewest):
        return _of_clients(figure, archetype, values, fewest)
    if old is not None and old.kind == "clients" and old.clients <= clients:
        return old
    remembered = old.clients if old is not None else frozenset[str]()
    return replace(prior(model, figure, archetype), clients=remembered)


def _of_clients(
    figure: str, archetype: str | None, values: Mapping[str, Fraction], fewest: int
) -> BenchmarkCell:
    numbers, quartiles = list(values.values()), None
    if len(numbers) >= 2 * fewest:
        low, high = (quantile(numbers, share) for share in (QUARTER, 1 - QUARTER))
        quartiles = (rounded(low), rounded(high))
    return BenchmarkCell(
        figure=figure,
        archetype=archetype,
        kind="clients",
        n=len(numbers),
        median=rounded(quantile(numbers, HALF)),
        quartiles=quartiles,
        clients=frozenset(values),
    )


def rounded(value: Fraction) -> Fraction:
    """Return a value rounded to two significant figures, half to even."""
    if not value:
        return value
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    step = Decimal(1).scaleb(exact.adjusted() - 1)
    return Fraction(exact.quantize(step))
