"""Where the plan leads, in the JSON document: the business case and the ways one level up."""

from dataclasses import asdict

from app.domain.assumptions import assumptions_of
from app.domain.case_months import CaseScenario
from app.domain.next_level import NextLevel
from app.reporting.context.source import Source
from app.reporting.document_values import JSON, Codes, number


def business_case(source: Source) -> JSON:
    """Return the twelve months of every scenario; null where a figure they need is unknown."""
    plan = source.diagnosis.plan
    case = plan.business_case
    if case is None:
        return None
    assumed = assumptions_of(source.diagnosis.basis.world, plan.controls)
    return {
        "scenarios": {
            "low": _scenario(case.low),
            "base": _scenario(case.base),
            "high": _scenario(case.high),
            "as_today": _scenario(case.as_today),
        },
        "assumptions": [
            {
                "id": name,
                "value": number(found.value),
                "origin": found.origin,
                "grade": found.grade,
            }
            for name, found in assumed.items()
        ],
    }


def _scenario(scenario: CaseScenario) -> JSON:
    return {
        "roi": number(scenario.roi),
        "pays_from": scenario.pays_from,
        "recovered_in": scenario.recovered_in,
        "months": [
            {name: value if name == "month" else number(value) for name, value in line.items()}
            for line in map(asdict, scenario.lines)
        ],
    }


def next_levels(source: Source, codes: Codes) -> list[JSON]:
    """Return the cheapest way one level up of every dimension and of the whole."""
    return [_way(source, codes, way) for way in source.diagnosis.next_levels().values()]


def _way(source: Source, codes: Codes, way: NextLevel) -> JSON:
    dimensions = source.model.dimensions
    return {
        "target": dimensions[way.target].code if way.target in dimensions else way.target,
        "today": way.today,
        "level": way.level,
        "hours": number(way.hours),
        "heads": number(way.heads),
        "blocked": way.blocked,
        "measure_first": [source.model.areas[area].code for area in way.measure_first],
        "moves": [
            {
                "area": source.model.areas[move.area].code,
                "from": move.start,
                "hours": number(move.hours),
                "sops": list(codes.sops(move.sops)),
            }
            for move in way.moves
        ],
    }
