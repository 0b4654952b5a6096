"""The staffing of the JSON document: heads asked for and granted, loads, and both counts."""

from collections.abc import Mapping
from fractions import Fraction

from app.domain.reconciliation import Reconciled
from app.domain.sop_load import PostLoad, Work
from app.domain.staffing import Focus, PostNeed, Specialists
from app.domain.staffing_plan import Horizon
from app.reporting.context.source import Source
from app.reporting.document_values import JSON, Codes, number


def staffing(source: Source, codes: Codes) -> JSON:
    """Return capacity, forecast, heads per post and phase, and loads; null without users."""
    found = source.diagnosis.plan.staffing
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
        "loads": [_load(load, codes) for load in source.diagnosis.plan.loads],
        "reconciled": [_reconciled(item, codes) for item in source.diagnosis.plan.reconciled],
    }


def _by_post(fte: Mapping[str, Fraction], codes: Codes) -> dict[str, JSON]:
    return {codes.post(post): number(amount) for post, amount in fte.items()}


def _horizon(horizon: Horizon, codes: Codes) -> JSON:
    low, high = horizon.range_fte
    return {
        "phase": codes.phase(horizon.phase),
        "months": horizon.months,
        "length": number(horizon.length),
        "users": horizon.work.users,
        "online_users": horizon.work.online_users,
        "store_led": horizon.work.store_led,
        "specialists": _specialists(horizon.specialists),
        "focus": _focus(horizon.focus) if horizon.focus else None,
        "by_formula": _by_post(horizon.by_formula, codes),
        "needs": [_post(need, codes) for need in horizon.needs],
        "posts": [_post(post, codes) for post in horizon.posts],
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
        "joiners": _by_post(horizon.joiners, codes),
    }


def _post(need: PostNeed, codes: Codes) -> JSON:
    return {
        "code": codes.post(need.post),
        "id": need.post,
        "fte": number(need.fte),
        "people": need.people,
        "why": need.why,
        "monthly_cost": number(need.monthly_cost),
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
        "trained": number(load.trained),
        "excess": number(load.excess),
        "works": [_work(work, codes) for work in load.works],
    }


def _work(work: Work, codes: Codes) -> JSON:
    return {
        "source": codes.sop_or_id(work.source),
        "kind": work.kind,
        "driver": work.driver,
        "hours": number(work.hours),
        "optional": number(work.optional),
    }


def _reconciled(item: Reconciled, codes: Codes) -> JSON:
    return {
        "post": codes.post(item.post),
        "phase": codes.phase(item.phase),
        "by_formula": number(item.by_formula),
        "by_work": number(item.by_work),
        "difference": number(item.difference),
        "causes": [
            {"kind": cause.kind, "name": codes.sop_or_id(cause.name), "fte": number(cause.fte)}
            for cause in item.causes
        ],
    }
