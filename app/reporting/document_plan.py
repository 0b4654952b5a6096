"""The plan of the JSON document: stage, SOPs and tasks, roadmap, metrics, economics."""

from collections.abc import Collection
from dataclasses import asdict
from fractions import Fraction

from app.domain.initiatives import Initiative
from app.domain.kpi import KpiLine
from app.domain.planning import SelectedSop, Task
from app.domain.roadmap import PlannedPhase, Roadmap
from app.domain.stage import GateCheck, StageVerdict
from app.reporting import document_decisions
from app.reporting.context.source import Source
from app.reporting.document_values import JSON, Codes, number


def stage(source: Source) -> JSON:
    """Return the three readings, the verdict and the exit gates; null without a stage model."""
    found = source.diagnosis.stage
    if found is None:
        return None
    return {
        "scale": _position(found, found.scale),
        "economics": _position(found, found.economics),
        "capability": _position(found, found.capability),
        "verdict": found.stage.code if found.decided else None,
        "title": found.stage.title,
        "mismatch": found.mismatch,
        "ahead_by": found.ahead_by,
        "overdue": found.overdue,
        "preparing": found.preparing,
        "months": number(found.months),
        "data_weeks": number(found.data_weeks),
        "gates": {
            item.code: [_check(check) for check in checks]
            for item, checks in zip(found.stages, found.gates, strict=True)
        },
        "regress": [{"id": item.id, "text": item.text} for item in found.regress],
    }


def _position(found: StageVerdict, place: int | None) -> str | None:
    return None if place is None else found.stages[place].code


def _check(check: GateCheck) -> JSON:
    return {
        "id": check.item.id,
        "title": check.item.title,
        "threshold": check.item.threshold,
        "value": number(check.value),
        "unit": check.item.unit,
        "passed": check.passed,
        "needs": check.item.needs,
    }


def plan(source: Source, codes: Codes) -> JSON:
    """Return what was decided, the selected SOPs with tasks and phases, and what was given up."""
    found = source.diagnosis.plan
    roadmap = found.roadmap
    return {
        "controls": document_decisions.controls(found.controls, codes),
        "start": found.start.isoformat(),
        "sops": [_sop(selected, roadmap, found.thinned, codes) for selected in found.sops],
        "standing": codes.sops(sop.id for sop in found.standing),
        "tasks": [_task(task, codes) for task in roadmap.tasks] if roadmap else [],
        "initiatives": (
            [_initiative(item, codes) for item in roadmap.initiatives] if roadmap else []
        ),
        "roadmap": _roadmap(roadmap, codes) if roadmap else None,
        **document_decisions.consequences(source, codes),
    }


def _sop(
    selected: SelectedSop, roadmap: Roadmap | None, thinned: Collection[str], codes: Codes
) -> JSON:
    initiatives = roadmap.initiatives if roadmap else ()
    home = next((item for item in initiatives if selected.sop.id in item.sops), None)
    return {
        "code": selected.sop.code,
        "id": selected.sop.id,
        "title": selected.sop.title,
        "phase": codes.phase(home.phase) if home else None,
        "start": home.start.isoformat() if home else None,
        "thinned": selected.sop.id in thinned,
        "reasons": {
            "rules": codes.rules(selected.rules),
            "stage": codes.stage(selected.stage) if selected.stage else None,
            "chosen": selected.chosen,
        },
    }


def _task(task: Task, codes: Codes) -> JSON:
    step = task.step
    return {
        "id": task.id,
        "sop": task.id.partition("/")[0],
        "step": step.code,
        "phase": codes.phase(task.phase),
        "start": task.start.isoformat(),
        "end": task.end.isoformat(),
        "recurs": task.recurs,
        "shown": step.timing.shown,
        "owner": codes.role(step.owner),
        "with_roles": codes.roles(step.with_roles),
        "channel": step.channel,
        "action": step.action,
        "script": step.script,
        "metric": {
            "title": step.metric.title,
            "target": step.metric.target,
            "kpi": codes.kpis([step.metric.kpi])[0] if step.metric.kpi else None,
        },
        "minutes": number(Fraction(step.minutes)),
        "driver": step.driver,
    }


def _initiative(item: Initiative, codes: Codes) -> JSON:
    return {
        "id": item.template.id,
        "title": item.template.title,
        "outcome": item.template.outcome,
        "phase": codes.phase(item.phase),
        "start": item.start.isoformat(),
        "end": item.end.isoformat(),
        "owner": codes.role(item.template.owner),
        "effort_days": item.effort_days,
        "must": item.must,
        "priority": number(item.priority),
        "sops": codes.sops(item.sops),
        "findings": codes.rules(item.findings),
    }


def _roadmap(roadmap: Roadmap, codes: Codes) -> JSON:
    return {
        "start": roadmap.start.isoformat(),
        "repair": roadmap.repair,
        "shortage_fte": number(roadmap.shortage_fte),
        "phases": [_phase(planned) for planned in roadmap.phases],
        "risks": [
            {
                "id": risk.id,
                "title": risk.title,
                "sign": risk.sign,
                "answer": risk.answer,
                "owner": codes.role(risk.owner),
            }
            for risk in roadmap.risks
        ],
    }


def _phase(planned: PlannedPhase) -> JSON:
    return {
        "code": planned.phase.code,
        "id": planned.phase.id,
        "title": planned.phase.title,
        "first_day": planned.first_day,
        "last_day": planned.last_day,
        "start": planned.start.isoformat(),
        "end": planned.end.isoformat(),
        "exit": planned.phase.exit,
        "budget_days": number(planned.budget_days),
        "used_days": planned.used_days,
        "initiatives": list(planned.initiatives),
    }


def kpis(source: Source, codes: Codes) -> list[JSON]:
    """Return every metric with today's value, its bound and its targets by phase."""
    return [_kpi(line, codes) for line in source.diagnosis.plan.kpis]


def _kpi(line: KpiLine, codes: Codes) -> JSON:
    return {
        "code": line.kpi.code,
        "id": line.kpi.id,
        "title": line.kpi.title,
        "unit": line.kpi.unit,
        "period": line.kpi.period,
        "owner": codes.role(line.kpi.owner),
        "better": line.kpi.better,
        "baseline": number(line.baseline),
        "good": number(line.good),
        "grade": line.kpi.grade,
        "colour": line.colour,
        "targets": {codes.phase(phase): number(goal) for phase, goal in line.targets.items()},
        "cited_by": codes.rules(line.cited_by),
    }


def economics(source: Source) -> dict[str, JSON]:
    """Return the unit economics; null where a fact is missing."""
    return {name: number(value) for name, value in asdict(source.diagnosis.economics).items()}
