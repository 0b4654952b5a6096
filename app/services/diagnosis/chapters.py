"""Stage, economics and the ways up on screen: the report's own chapters, with links."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.stage import GateCheck
from app.domain.world import OVERALL
from app.reporting.context.economics import Economics
from app.reporting.context.economics import build as build_economics
from app.reporting.context.stage import StagePart
from app.reporting.context.stage import build as build_stage
from app.reporting.context.steps_ways import KeyWay, Way, Ways
from app.services.diagnosis.reading import Named, Reading, Target


@dataclass(frozen=True, slots=True)
class StageChapter:
    """The report's chapter; what each reading, and each line of both gates, is read from."""

    told: StagePart
    readings: tuple[tuple[Named, ...], ...]
    gate: tuple[tuple[Named, ...], ...]
    preview: tuple[tuple[Named, ...], ...]


@dataclass(frozen=True, slots=True)
class EconomicsChapter:
    """The report's chapter, and the page of every fact it names by code."""

    told: Economics
    facts: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class DimensionWay:
    """The cheapest way of one dimension up, in full and on one line."""

    named: Named
    way: Way
    line: KeyWay


@dataclass(frozen=True, slots=True)
class WaysChapter:
    """The cheapest ways one level up: of the whole and of every dimension; how they were found.

    ``areas`` are the pages of the areas the ways move, by code. ``rated`` where any level is known:
    without one there is no next.
    """

    whole: Way
    dimensions: tuple[DimensionWay, ...]
    reads: str
    areas: Mapping[str, Named]
    rated: bool


def stage_chapter(reading: Reading) -> StageChapter | None:
    """Return the chapter on the stage; None where the model has no stages."""
    told, verdict = build_stage(reading.source), reading.diagnosis.stage
    if told is None or verdict is None:
        return None
    following = verdict.gates[verdict.verdict + 1 : verdict.verdict + 2]
    places = (verdict.scale, verdict.economics, verdict.capability)
    stages = [None if place is None else verdict.stages[place] for place in places]
    scale, economics, capability = stages
    return StageChapter(
        told=told,
        readings=(
            _reads(reading, scale.scale if scale else None),
            _reads(reading, economics.economic if economics else None),
            _reads(reading, capability.capability if capability else None),
        ),
        gate=tuple(_checked(reading, check) for check in verdict.gates[verdict.verdict]),
        preview=tuple(_checked(reading, check) for checks in following for check in checks),
    )


def _checked(reading: Reading, check: GateCheck) -> tuple[Named, ...]:
    return _reads(reading, check.item.value, check.item.check)


def _reads(reading: Reading, *sources: str | None) -> tuple[Named, ...]:
    references = [
        reference
        for source in sources
        if source is not None
        for reference in reading.model.expression(source).references
    ]
    return tuple(dict.fromkeys(reading.read_by(reference) for reference in references))


def economics_chapter(reading: Reading) -> EconomicsChapter:
    """Return the chapter on economics."""
    facts = {
        fact.code: reading.named(Target("fact", fact.parts[0].id))
        for fact in reading.model.content.facts
    }
    return EconomicsChapter(build_economics(reading.source), facts)


def ways_chapter(reading: Reading) -> WaysChapter:
    """Return the cheapest ways up; they are searched for now, which takes up to 0.2 s."""
    ways = Ways(reading.source)
    return WaysChapter(
        whole=ways.way(OVERALL),
        dimensions=tuple(
            DimensionWay(
                reading.named(Target("dimension", name)), ways.way(name), ways.key_way(name)
            )
            for name in reading.model.dimensions
        ),
        reads=ways.reads(),
        areas={
            area.code: reading.named(Target("area", area.id))
            for area in reading.model.areas.values()
        },
        rated=any(found.level is not None for found in reading.card.dimensions.values()),
    )
