"""What the client decided about the plan and what it gives up for it, in the JSON document."""

from app.domain.projection import Projection
from app.domain.response import PlanControls
from app.domain.sacrifice import Sacrifice
from app.reporting.context.source import Source
from app.reporting.context.staffing_view import StaffingView
from app.reporting.document_values import JSON, Codes, number, numbers


def controls(found: PlanControls, codes: Codes) -> JSON:
    """Return every control; null, or empty, leaves the default."""
    return {
        "start": found.start.isoformat() if found.start is not None else None,
        "target_users": found.target_users,
        "service_mode": found.service_mode,
        "city_tier": found.city_tier,
        "tool_level": found.tool_level,
        "max_hires": {codes.post(post): most for post, most in found.max_hires.items()},
        "payroll_cap": number(found.payroll_cap),
        "productive_hours": number(found.productive_hours),
        "target_level": found.target_level,
        "add_sops": codes.sops(found.add_sops),
        "drop_sops": codes.sops(found.drop_sops),
        "cadence": numbers(found.cadence),
        "assumptions": numbers(found.assumptions),
        "tested_capacity": found.tested_capacity,
        "growth_buffer": found.growth_buffer,
        "online_users": found.online_users,
        "content_units_per_week": found.content_units_per_week,
        "leads_per_month": found.leads_per_month,
        "sessions_per_day": found.sessions_per_day,
    }


def consequences(source: Source, codes: Codes) -> dict[str, JSON]:
    """Return where the plan leads, who was refused, and what gave way for it."""
    plan, view = source.diagnosis.plan, StaffingView.of(source)
    over_cap = view.over_cap() if view is not None else {}
    return {
        "projection": _projection(plan.projection, codes),
        "cuts": [
            {
                "phase": codes.phase(cut.phase),
                "post": codes.post(cut.post),
                "fte": number(cut.fte),
                "by": cut.by,
            }
            for cut in plan.cuts
        ],
        "releases": [
            {
                "measure": release.measure,
                "sop": codes.sop_or_id(release.sop),
                "post": codes.post(release.post),
                "phase": codes.phase(release.phase),
                "hours": number(release.hours),
            }
            for release in plan.releases
        ],
        "sacrifice": _sacrifice(plan.sacrifice, codes) if plan.sacrifice is not None else None,
        "over_cap": {codes.phase(phase): number(money) for phase, money in over_cap.items()},
        "outside": {
            codes.phase(phase): {codes.role(role): number(hours) for role, hours in roles.items()}
            for phase, roles in plan.outside.items()
        },
    }


def _projection(found: Projection, codes: Codes) -> JSON:
    return {
        "index": number(found.index),
        "level": found.level,
        "areas": {codes.area(area): level for area, level in found.areas.items()},
    }


def _sacrifice(found: Sacrifice, codes: Codes) -> JSON:
    return {
        "full": _projection(found.full, codes),
        "kept": _projection(found.kept, codes),
        "index_lost": number(found.index_lost),
        "dropped": codes.sops(found.dropped),
        "thinned": codes.sops(found.thinned),
        "delays": [{"initiative": delay.initiative, "days": delay.days} for delay in found.delays],
        "kpis": codes.kpis(found.kpis),
        "payroll_saved": number(found.payroll_saved),
    }
