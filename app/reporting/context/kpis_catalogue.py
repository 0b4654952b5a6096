"""The KPI catalogue as printed: every metric with definition, today's value, target, owner."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.kpi import Kpi
from app.domain.kpi import KpiLine
from app.reporting.context.economics_lines import ASSUMED, FACTS_OF
from app.reporting.context.findings_measures import Measure, Measures
from app.reporting.context.source import Source

FAMILIES: Final[Mapping[str, str]] = {
    "acquisition": "获客",
    "activation": "活跃",
    "conversion": "转化",
    "retention": "留存",
    "input-output": "投入产出",
    "management": "管理",
}
PERIODS: Final[Mapping[str, str]] = {
    "day": "日",
    "week": "周",
    "month": "月",
    "quarter": "季",
    "year": "年",
}


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One metric of the catalogue.

    ``formula``, ``denominator`` and ``note`` define it, ``period`` is how often it is taken.
    ``today`` is the client's value with ``refs`` to where it comes from, ``alert`` marks one beyond
    the red line and ``state`` says so in a word. ``target`` is the next target, ``by`` the phase at
    whose end it is due; ``good`` the bound with the ``grade`` of its source (both empty where there
    is no bound); ``owner`` the role that answers for it.
    """

    code: str
    title: str
    formula: str
    denominator: str
    note: str
    period: str
    today: str
    refs: tuple[str, ...]
    known: bool
    alert: bool
    state: str
    target: str
    by: str
    good: str
    grade: str
    owner: str


@dataclass(frozen=True, slots=True)
class KpiFamily:
    """One family: ``title``, how many metrics it has by state, and its ``rows`` in code order."""

    title: str
    total: str
    known: str
    green: str
    amber: str
    red: str
    rows: tuple[KpiRow, ...]


def families(source: Source) -> tuple[KpiFamily, ...]:
    """Return the catalogue by family, families in the order of the customer's way."""
    measures = Measures(source)
    found = []
    for family, title in FAMILIES.items():
        lines = [line for line in source.diagnosis.plan.kpis if line.kpi.family == family]
        if not lines:
            continue
        colours = Counter(line.colour for line in lines if line.baseline is not None)
        number = source.wording.number
        found.append(
            KpiFamily(
                title=source.wording.translate(title),
                total=number(len(lines)),
                known=number(sum(line.baseline is not None for line in lines)),
                green=number(colours["green"]),
                amber=number(colours["amber"]),
                red=number(colours["red"]),
                rows=tuple(_row(source, measures, line) for line in lines),
            )
        )
    return tuple(found)


def _row(source: Source, measures: Measures, line: KpiLine) -> KpiRow:
    t, kpi = source.wording.translate, line.kpi
    shown = measures.measure(kpi.id)
    if shown is None:
        raise KeyError(kpi.id)
    return KpiRow(
        code=kpi.code,
        title=kpi.title,
        formula=kpi.formula,
        denominator=kpi.denominator,
        note=kpi.note,
        period=t(PERIODS[kpi.period]),
        today=shown.today,
        refs=refs_of(source, kpi) if shown.known else (),
        known=shown.known,
        alert=shown.alert,
        state=_state(source, shown, line),
        target=_target(source, shown, line),
        by=shown.by if shown.target and not shown.held else "",
        good=shown.good,
        grade=shown.grade if shown.good else "",
        owner=source.wording.role(kpi.owner),
    )


def _target(source: Source, shown: Measure, line: KpiLine) -> str:
    """Return the next target; a metric whose SOPs were given up says why it has none."""
    t, given_up = source.wording.translate, source.diagnosis.plan.sacrifice
    if given_up is not None and line.kpi.id in given_up.kpis:
        return t("人手不够，不设")
    return t("守住") if shown.held else shown.target


def rests_on_assumption(source: Source, kpi: Kpi) -> bool:
    """Return whether a metric's value of today contains an assumption of the unit economics."""
    if kpi.baseline is None:
        return False
    references = source.model.expression(kpi.baseline).references
    return any(reference.arguments[0] in ASSUMED for reference in references)


def _state(source: Source, shown: Measure, line: KpiLine) -> str:
    t = source.wording.translate
    if not shown.known:
        return ""
    state = shown.state if line.colour is not None else ""
    if rests_on_assumption(source, line.kpi):
        return t("{}，含假设").format(state) if state else t("含假设")
    return state


def refs_of(source: Source, kpi: Kpi) -> tuple[str, ...]:
    """Return the codes of the questions and facts that a metric's value of today is read from."""
    if kpi.baseline is None:
        return ()
    model = source.model
    codes: list[str] = []
    for reference in model.expression(kpi.baseline).references:
        code = source.wording.code(reference)
        parts = FACTS_OF.get(reference.arguments[0], ())
        behind = [model.fact_of[part].code for part in parts if part in model.fact_of]
        codes += [code] if code else behind or [source.wording.label(reference)]
    return tuple(dict.fromkeys(codes))
