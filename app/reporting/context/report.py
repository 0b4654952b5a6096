"""``ReportContext``: all parts of a full report, in the order of its pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.reporting.context import (
    appendix,
    compliance,
    cover,
    economics,
    findings,
    five_ones,
    kpis,
    method,
    perception,
    roadmap,
    scores,
    sops,
    staffing,
    stage,
    steps,
    summary,
    unknowns,
)
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What the templates of a full report may print. Documented in ``reports/README.md``."""

    cover: cover.Cover
    summary: summary.Summary
    method: method.Method
    scores: scores.Scores
    perception: perception.Perception
    findings: findings.Findings
    steps: steps.Steps
    five_ones: five_ones.FiveOnes
    stage: stage.StagePart | None
    roadmap: roadmap.RoadmapPart | None
    staffing: staffing.StaffingPart | None
    sops: sops.SopPack | None
    kpis: kpis.KpiSystem
    economics: economics.Economics
    compliance: compliance.Compliance
    unknowns: unknowns.Unknowns
    appendix: appendix.Appendix


PARTS: Final[Mapping[str, Callable[[Source], object]]] = {
    "cover": cover.build,
    "summary": summary.build,
    "method": method.build,
    "scores": scores.build,
    "perception": perception.build,
    "findings": findings.build,
    "steps": steps.build,
    "five_ones": five_ones.build,
    "stage": stage.build,
    "roadmap": roadmap.build,
    "staffing": staffing.build,
    "sops": sops.build,
    "kpis": kpis.build,
    "economics": economics.build,
    "compliance": compliance.build,
    "unknowns": unknowns.build,
    "appendix": appendix.build,
}
"""Each part alone, for looking at one section."""


def build_context(source: Source) -> ReportContext:
    """Build every part from one diagnosis."""
    return ReportContext(
        cover=cover.build(source),
        summary=summary.build(source),
        method=method.build(source),
        scores=scores.build(source),
        perception=perception.build(source),
        findings=findings.build(source),
        steps=steps.build(source),
        five_ones=five_ones.build(source),
        stage=stage.build(source),
        roadmap=roadmap.build(source),
        staffing=staffing.build(source),
        sops=sops.build(source),
        kpis=kpis.build(source),
        economics=economics.build(source),
        compliance=compliance.build(source),
        unknowns=unknowns.build(source),
        appendix=appendix.build(source),
    )
