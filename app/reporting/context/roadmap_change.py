"""What a metric is to become within one phase, in one short phrase."""

from app.domain.kpi import KpiLine
from app.reporting.context.findings_measures import figure
from app.reporting.wording import Wording


def change(wording: Wording, line: KpiLine, phase: str) -> str | None:
    """Return ``加粉率14%→21%`` for a metric with a target in ``phase``; None where it has none.

    A metric that is where it should be already is said to be held.
    """
    target = line.targets.get(phase)
    if line.baseline is None or target is None:
        return None
    now = figure(wording, line.baseline, line.kpi.unit)
    then = figure(wording, target, line.kpi.unit)
    if now == then:
        return wording.translate("{}守住{}").format(line.kpi.title, now)
    return wording.beside(line.kpi.title, f"{now}→{then}")
