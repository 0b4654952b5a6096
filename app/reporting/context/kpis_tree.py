"""The KPI tree of one client: what the goal hangs on, with today's values and next targets."""

from markupsafe import Markup

from app.domain.kpi import KpiLine
from app.reporting.charts import KpiNode, kpi_tree
from app.reporting.context.findings_measures import Measures
from app.reporting.context.source import Source

ALWAYS_SHOWN = 1
"""The goal and its direct branches are drawn whether measured or not; deeper ones if known."""


def tree(source: Source) -> Markup | None:
    """Draw the goal, its branches, and below them what has a value; None without a goal.

    What is left out is counted at its branch: an empty leaf would cost a line and say nothing.
    """
    lines = source.diagnosis.plan.kpis
    below: dict[str | None, list[KpiLine]] = {}
    for line in lines:
        below.setdefault(line.kpi.parent, []).append(line)
    roots = below.get(None, [])
    if len(roots) != 1:
        return None
    t = source.wording.translate
    node = _node(source, Measures(source), below, roots[0], 0)
    known = sum(line.baseline is not None for line in lines)
    return kpi_tree(
        node,
        title=t("指标树：{goal}由哪些数撑着").format(goal=roots[0].kpi.title),
        desc=t("{total}个指标里今天有数的{known}个，逐项数值见下面的表。").format(
            total=len(lines), known=known
        ),
        theme=source.theme,
        words=source.words,
    )


def _node(
    source: Source,
    measures: Measures,
    below: dict[str | None, list[KpiLine]],
    line: KpiLine,
    level: int,
) -> KpiNode:
    children = [
        child
        for child in below.get(line.kpi.id, [])
        if level < ALWAYS_SHOWN or _any_known(below, child)
    ]
    hidden = sum(
        _size(below, child) for child in below.get(line.kpi.id, []) if child not in children
    )
    return KpiNode(
        label=f"{line.kpi.code} {line.kpi.title}",
        value=_value(source, measures, line, hidden),
        alert=line.colour == "red",
        children=tuple(_node(source, measures, below, child, level + 1) for child in children),
    )


def _value(source: Source, measures: Measures, line: KpiLine, hidden: int) -> str:
    t = source.wording.translate
    shown = measures.measure(line.kpi.id)
    if shown is None:
        return ""
    text = shown.today
    if shown.held:
        text = t("{}，守住").format(text)
    elif shown.target:
        text = f"{text}→{shown.target}"
    if shown.alert:
        text = t("{}，破红线").format(text)
    return t("{}；下面{}个没有数").format(text, hidden) if hidden else text


def _any_known(below: dict[str | None, list[KpiLine]], line: KpiLine) -> bool:
    if line.baseline is not None:
        return True
    return any(_any_known(below, child) for child in below.get(line.kpi.id, []))


def _size(below: dict[str | None, list[KpiLine]], line: KpiLine) -> int:
    return 1 + sum(_size(below, child) for child in below.get(line.kpi.id, []))
