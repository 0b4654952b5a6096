"""The plan of the JSON document: stage, SOPs and tasks, roadmap, staffing, metrics, economics."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction

from app.domain.initiatives import Initiative
from app.domain.kpi import KpiLine
from app.domain.planning import SelectedSop, Task
from app.domain.roadmap import PlannedPhase, Roadmap
from app.domain.sop_load import PostLoad
from app.domain.staffing import Focus, Specialists
from app.domain.staffing_plan import Horizon
from app.domain.stage import GateCheck, StageVerdict
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
    """Return the selected SOPs, their dated tasks, the initiatives and the phases."""
    roadmap = source.diagnosis.roadmap
    return {
        "sops": [_sop(selected, roadmap, codes) for selected in source.diagnosis.sops],
        "tasks": [_task(task, codes) for task in roadmap.tasks] if roadmap else [],
        "initiatives": (
            [_initiative(item, codes) for item in roadmap.initiatives] if roadmap else []
        ),
        "roadmap": _roadmap(roadmap, codes) if roadmap else None,
    }


def _sop(selected: SelectedSop, roadmap: Roadmap | None, codes: Codes) -> JSON:
    initiatives = roadmap.initiatives if roadmap else ()
    home = next((item for item in initiatives if selected.sop.id in item.sops), None)
    return {
        "code": selected.sop.code,
        "id": selected.sop.id,
        "title": selected.sop.title,
        "phase": codes.phase(home.phase) if home else None,
        "start": home.start.isoformat() if home else None,
        "reasons": {
            "rules": codes.rules(selected.rules),
            "stage": codes.stage(selected.stage) if selected.stage else None,
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


def staffing(source: Source, codes: Codes) -> JSON:
    """Return capacity, forecast, heads per post and phase, and loads; null without users."""
    found = source.diagnosis.staffing
    if found is None:
        return None
    return {
        "capacity": number(found.capacity),
        "capacity_formula": found.capacity_formula.formula,
        "mode": found.mode,
        "tool_factor": number(found.tool_factor),
        "tested": found.tested,
        "city_tier": found.city_tier,
        "current": _by_post(found.current, codes),
        "current_fte": number(found.current_fte),
        "forecast": {
            "monthly_adds": found.forecast.monthly_adds,
            "churn": number(found.forecast.churn),
            "deletion": number(found.forecast.deletion),
            "low": list(found.forecast.low),
            "base": list(found.forecast.base),
            "high": list(found.forecast.high),
        },
        "horizons": [_horizon(horizon, codes) for horizon in found.horizons],
        "loads": [_load(load, codes) for load in source.diagnosis.loads],
    }


def _by_post(fte: Mapping[str, Fraction], codes: Codes) -> dict[str, JSON]:
    return {codes.post(post): number(amount) for post, amount in fte.items()}


def _horizon(horizon: Horizon, codes: Codes) -> JSON:
    low, high = horizon.range_fte
    return {
        "phase": codes.phase(horizon.phase),
        "months": horizon.months,
        "users": horizon.work.users,
        "online_users": horizon.work.online_users,
        "store_led": horizon.work.store_led,
        "specialists": _specialists(horizon.specialists),
        "focus": _focus(horizon.focus) if horizon.focus else None,
        "posts": [
            {
                "code": codes.post(need.post),
                "id": need.post,
                "fte": number(need.fte),
                "people": need.people,
                "why": need.why,
                "monthly_cost": number(need.monthly_cost),
            }
            for need in horizon.posts
        ],
        "sharing": [
            [codes.post(post), codes.post(with_post)] for post, with_post in horizon.sharing
        ],
        "store_people": horizon.store_people,
        "guides_per_store": list(horizon.guides_per_store) if horizon.guides_per_store else None,
        "fte": number(horizon.fte),
        "people": horizon.people,
        "monthly_cost": number(horizon.monthly_cost),
        "range_fte": [number(low), number(high)],
        "hires": _by_post(horizon.hires, codes),
    }


def _specialists(found: Specialists) -> JSON:
    return {
        "capacity": number(found.capacity),
        "raw": number(found.raw),
        "by_capacity": found.by_capacity,
        "groups": found.groups,
        "by_groups": found.by_groups,
        "count": found.count,
        "affordable": found.affordable,
        "conservative": found.conservative,
        "aggressive": found.aggressive,
        "too_heavy": found.too_heavy,
    }


def _focus(found: Focus) -> JSON:
    return {
        "top_users": found.top_users,
        "top_people": found.top_people,
        "rest_users": found.rest_users,
        "rest_capacity": number(found.rest_capacity),
        "rest_people": found.rest_people,
    }


def _load(load: PostLoad, codes: Codes) -> JSON:
    return {
        "post": codes.post(load.post),
        "phase": codes.phase(load.phase),
        "hours": number(load.hours),
        "available": number(load.available),
        "by_sop": {str(codes.sops([sop])[0]): number(hours) for sop, hours in load.by_sop},
    }


def kpis(source: Source, codes: Codes) -> list[JSON]:
    """Return every metric with today's value, its bound and its targets by phase."""
    return [_kpi(line, codes) for line in source.diagnosis.kpis]


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
