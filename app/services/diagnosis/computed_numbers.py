"""A number that nobody was asked for: a measure of a condition, or a cell of a panel.

Its page says what it comes to, how, and every fact, question and area it is read from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.diagnosis import PanelCell
from app.domain.expression import Reference
from app.domain.vocabulary import MEASURES
from app.reporting.context.economics_lines import EconomicLine, Ledger
from app.services.diagnosis.answer_trails import fact_words, grade_title
from app.services.diagnosis.panel_reading import cell_name
from app.services.diagnosis.reading import COMPUTED, Named, Reading, Target
from app.services.errors import NotFoundError

_KPIS: Final = {"payback_months": "payback"}
"""Measures whose indicator goes by another name."""
_MEAN: Final = "mean("


@dataclass(frozen=True, slots=True)
class NumberSource:
    """Something a number is read from, with what it is today; ``grade`` is its evidence, or empty.

    ``value`` is empty where nothing was given or said.
    """

    named: Named
    value: str
    grade: str
    grade_title: str


@dataclass(frozen=True, slots=True)
class NumberPage:
    """One computed number: what it comes to (a dash while unknown) and what it is read from.

    ``formula`` and ``filled`` say how it is computed, in words and with today's figures (empty
    where the report has no line for it); ``mean`` where it is the mean of what it is read from.
    ``level`` is empty for what has none, ``assumed`` marks what rests on an assumption too.
    """

    named: Named
    value: str
    level: str
    formula: str
    filled: str
    assumed: bool
    mean: bool
    sources: tuple[NumberSource, ...]


def number_page(reading: Reading, name: str) -> NumberPage:
    """Return a measure by its name, or a panel's cell; raises ``NotFoundError``."""
    if name in MEASURES and name in COMPUTED:
        return _measure(reading, name)
    for cell, title, source in _cells(reading, name):
        return _panel_cell(reading, name, cell, title, source)
    raise NotFoundError


# -- measures ----------------------------------------------------------------------------------


def _measure(reading: Reading, name: str) -> NumberPage:
    reference = Reference("name", (name,))
    value, behind = reading.world.measure(name), reading.grounds.of(reference)
    line = _line(reading, name)
    shown = reading.conditions.shown(reference, value) if value is not None else "—"
    return NumberPage(
        named=reading.read_by(reference),
        # The line of the report says the unit too.
        value=line.result if line is not None and value is not None else shown,
        level="",
        formula=line.formula if line is not None else "",
        filled=line.filled if line is not None else "",
        assumed=line.assumed if line is not None else False,
        mean=False,
        sources=(
            *(_fact(reading, part) for part in behind.facts),
            *(_question(reading, question) for question in behind.questions),
        ),
    )


def _line(reading: Reading, name: str) -> EconomicLine | None:
    """Return the report's line on a measure, if it has one."""
    kpi = reading.model.kpis.get(_KPIS.get(name, name.replace("_", "-")))
    if kpi is None:
        return None
    ledger = Ledger(reading.source)
    return next((one for one in (*ledger.month(), *ledger.buyer()) if one.code == kpi.code), None)


# -- cells of panels ---------------------------------------------------------------------------


def _cells(reading: Reading, name: str) -> Iterator[tuple[PanelCell, str, str]]:
    """Yield the cell of that name, its title and its formula."""
    for view in reading.diagnosis.panels:
        panel = view.panel
        for cell, item in zip(view.cells, panel.items, strict=True):
            if cell_name(panel.id, item.id) == name:
                title = reading.wording.translate("{}：{}").format(panel.title, item.title)
                yield cell, title, item.value
        for row, cells in zip(panel.rows, view.grid, strict=True):
            for column, cell, source in zip(panel.columns, cells, row.cells, strict=True):
                if cell_name(panel.id, row.id, column) == name:
                    yield cell, f"{row.title} {reading.scored(column).title}", source


def _panel_cell(
    reading: Reading, name: str, cell: PanelCell, title: str, source: str
) -> NumberPage:
    references = reading.model.expression(source).references
    read = dict.fromkeys(reading.read_by(reference) for reference in references)
    return NumberPage(
        named=Named(Target("number", name), "", title),
        value=reading.wording.score(cell.value),
        level="" if cell.level is None else reading.wording.level(cell.level),
        formula="",
        filled="",
        assumed=False,
        mean=source.startswith(_MEAN),
        sources=tuple(_scored(reading, named) for named in read),
    )


# -- what they are read from -------------------------------------------------------------------


def _scored(reading: Reading, named: Named) -> NumberSource:
    """Return whatever a formula reads, with its score or its value."""
    kind, name = named.target.kind, named.target.id
    if kind == "fact":
        return _fact(reading, name)
    if kind == "question":
        return _question(reading, name)
    if kind == "area":
        area = reading.card.areas[name]
        return NumberSource(named, _rated(reading, area.score, area.level), "", "")
    if kind == "dimension":
        dimension = reading.card.dimensions[name]
        return NumberSource(named, _rated(reading, dimension.score, dimension.level), "", "")
    return NumberSource(named, "", "", "")


def _rated(reading: Reading, score: Fraction | None, level: int | None) -> str:
    shown = reading.wording.score(score)
    return shown if level is None else f"{shown} L{level}"


def _fact(reading: Reading, part: str) -> NumberSource:
    given = reading.world.figures.given(part)
    grade = None
    if given is not None:
        grade = given.evidence or reading.model.content.rating.fact_evidence
    return NumberSource(
        reading.named(Target("fact", part)),
        fact_words(reading, part),
        grade or "",
        grade_title(reading, grade),
    )


def _question(reading: Reading, name: str) -> NumberSource:
    result = reading.diagnosis.questions.get(name)
    score = reading.wording.score(result.score) if result is not None else ""
    return NumberSource(reading.named(Target("question", name)), score, "", "")
