"""From a score down to what it is made of: overall, dimension, area, each a page of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from app.domain.definitions.structure import Gate
from app.domain.scorecard import GateResult
from app.domain.trail import Trail
from app.reporting.context.confidence import is_self_reported, overall_trust
from app.reporting.context.scores_levels import (
    area_hold,
    dimension_hold,
    gap_to,
    overall_verdict,
    target_of_level,
)
from app.services.diagnosis.reading import Comparison, Named, Reading, Target
from app.services.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Part:
    """One line of what a number is made of; all figures as printed.

    ``weight`` is the model's, ``share`` what it makes up once the unknown is left out; ``adds`` is
    share × score. ``score``, ``level`` and ``confidence`` are a dash or empty where unknown;
    ``hold`` says what holds the level down or how far the next one is.
    """

    named: Named
    weight: str
    share: str
    score: str
    level: str
    adds: str
    confidence: str
    hold: str
    counts: bool


@dataclass(frozen=True, slots=True)
class LensParts:
    """One way of looking with its dimensions; ``adds`` is what it adds to the overall score."""

    id: str
    title: str
    weight: str
    share: str
    score: str
    adds: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class GatePage:
    """One ceiling: whether it applies today, whether it is the one that holds the level down.

    ``ceiling`` is printed, empty where the gate does not apply; ``because`` are the comparisons of
    its condition, empty for a gate that always looks at levels.
    """

    title: str
    applies: bool
    binds: bool
    ceiling: str
    reason: str
    through: tuple[Named, ...]
    because: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class GradeTrust:
    """An evidence grade and the trust an answer on it has."""

    title: str
    trust: str


@dataclass(frozen=True, slots=True)
class OverallPage:
    """The overall score: ``index`` is the linear image of ``score``, ``level`` what gates leave.

    ``minimum`` and ``maximum`` are the ends of the scale, ``exact`` is the score with the places
    it takes for the printed index to come out. ``trust`` is printed with two places,
    ``best`` and ``worst`` are the grades it lies between.
    """

    index: str
    score: str
    exact: str
    level: str
    by_score: str
    verdict: str
    confidence: str
    trust: str
    best: GradeTrust
    worst: GradeTrust
    self_reported: bool
    minimum: int
    maximum: int
    lenses: tuple[LensParts, ...]
    gates: tuple[GatePage, ...]


@dataclass(frozen=True, slots=True)
class DimensionPage:
    """One dimension and its areas. ``total`` is its score with two places, as the parts add up."""

    named: Named
    asks: str
    score: str
    total: str
    level: str
    hold: str
    target: str
    gap: str
    confidence: str
    lowest: bool
    parts: tuple[Part, ...]
    gates: tuple[GatePage, ...]


@dataclass(frozen=True, slots=True)
class Lowered:
    """A contradiction that lowers an area's confidence: its code and the claim."""

    code: str
    claim: str


@dataclass(frozen=True, slots=True)
class FindingLink:
    """A finding by code and title."""

    rule: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class AreaPage:
    """One area and its questions.

    ``state`` describes its level, ``next_state`` the one above (empty at the top); ``missing`` is
    the share of the weight nobody answered, ``too_much`` where that is why there is no score;
    ``evidence`` and ``confidence`` differ where contradictions lower it.
    """

    named: Named
    dimension: Named
    purpose: str
    asked: bool
    score: str
    total: str
    level: str
    hold: str
    state: str
    next_state: str
    target: str
    gap: str
    confidence: str
    evidence: str
    missing: str
    too_much: bool
    contradictions: tuple[Lowered, ...]
    parts: tuple[Part, ...]
    findings: tuple[FindingLink, ...]


def overall_page(reading: Reading) -> OverallPage:
    """Return what the overall score is made of."""
    wording, card, scale = reading.wording, reading.card, reading.model.content.scale
    trust = overall_trust(reading.diagnosis)
    grades = sorted(reading.model.content.rating.evidence, key=lambda grade: grade.trust)
    return OverallPage(
        index=wording.number(card.index, 1),
        score=wording.number(card.overall, 2),
        exact=wording.number(card.overall, 3),
        level=wording.level(card.level),
        by_score=wording.level(card.by_score),
        verdict=overall_verdict(reading.source),
        confidence=reading.confidence(trust),
        trust=wording.number(trust, 2),
        best=GradeTrust(grades[-1].title, wording.plain(Fraction(grades[-1].trust))),
        worst=GradeTrust(grades[0].title, wording.plain(Fraction(grades[0].trust))),
        self_reported=is_self_reported(reading.diagnosis),
        minimum=scale.minimum,
        maximum=scale.maximum,
        lenses=tuple(_lens(reading, trail) for trail in reading.trails.overall(2).children),
        gates=_gates(reading, "overall"),
    )


def dimension_page(reading: Reading, name: str) -> DimensionPage:
    """Return what a dimension's score is made of; raises ``NotFoundError``."""
    dimension = reading.model.dimensions.get(name)
    if dimension is None:
        raise NotFoundError
    wording, found = reading.wording, reading.card.dimensions[name]
    target = reading.source.target(name)
    rated = found.score is not None
    return DimensionPage(
        named=reading.named(Target("dimension", name)),
        asks=dimension.asks,
        score=wording.score(found.score),
        total=wording.number(found.score, 2),
        level=wording.level(found.level),
        hold=dimension_hold(reading.source, name),
        target=wording.score(target),
        gap=wording.signed(gap_to(target, found.score)),
        confidence=reading.confidence(found.trust if rated else None),
        lowest=dimension.aggregation == "minimum",
        parts=tuple(
            _area_part(reading, part) for part in reading.trails.dimension(name, 1).children
        ),
        gates=_gates(reading, name),
    )


def area_page(reading: Reading, name: str) -> AreaPage:
    """Return what an area's score is made of; raises ``NotFoundError``."""
    area = reading.model.areas.get(name)
    if area is None:
        raise NotFoundError
    wording, found, model = reading.wording, reading.card.areas[name], reading.model
    target = target_of_level(reading.source, found.level)
    place = None if found.level is None else found.level - model.content.scale.minimum
    codes = [
        one for one in reading.diagnosis.contradictions.found if name in one.contradiction.areas
    ]
    return AreaPage(
        named=reading.named(Target("area", name)),
        dimension=reading.named(Target("dimension", model.dimension_of[name].id)),
        purpose=area.purpose,
        asked=found.asked,
        score=wording.score(found.score),
        total=wording.number(found.score, 2),
        level=wording.level(found.level),
        hold=_area_hold(reading, name),
        state="" if place is None else area.anchors[place],
        next_state="" if place is None else next(iter(area.anchors[place + 1 :]), ""),
        target=wording.score(target),
        gap=wording.signed(gap_to(target, found.score)),
        confidence=reading.confidence(found.trust if found.score is not None else None),
        evidence=reading.confidence(
            reading.world.evidence(name) if found.score is not None else None
        ),
        missing=wording.percent(found.missing * 100),
        too_much=found.asked and found.score is None,
        contradictions=tuple(Lowered(c.contradiction.code, c.contradiction.claim) for c in codes),
        parts=tuple(
            _question_part(reading, part) for part in reading.trails.area(name, 1).children
        ),
        findings=tuple(
            FindingLink(finding.rule.id, finding.rule.code, finding.title)
            for finding in reading.diagnosis.diagnostics.every()
            if finding.rule.area == name
        ),
    )


# -- lines -------------------------------------------------------------------------------------


def _lens(reading: Reading, trail: Trail) -> LensParts:
    lens = next(lens for lens in reading.model.content.lenses if lens.id == trail.id)
    wording = reading.wording
    return LensParts(
        id=lens.id,
        title=lens.title,
        weight=wording.percent(trail.weight * 100),
        share=wording.percent(trail.share * 100),
        score=wording.score(trail.value),
        adds=wording.number(trail.contribution, 2),
        parts=tuple(
            _part(
                reading,
                part,
                reading.named(Target("dimension", part.id)),
                hold=dimension_hold(reading.source, part.id),
            )
            for part in trail.children
        ),
    )


def _area_part(reading: Reading, trail: Trail) -> Part:
    named = reading.named(Target("area", trail.id))
    return _part(reading, trail, named, hold=_area_hold(reading, trail.id))


def _question_part(reading: Reading, trail: Trail) -> Part:
    return _part(reading, trail, reading.named(Target("question", trail.id)))


def _part(reading: Reading, trail: Trail, named: Named, hold: str = "") -> Part:
    wording, rated = reading.wording, trail.value is not None
    return Part(
        named=named,
        weight=wording.percent(trail.weight * 100),
        share=wording.percent(trail.share * 100),
        score=wording.score(trail.value),
        level="" if trail.level is None else f"L{trail.level}",
        adds=wording.number(trail.contribution if trail.share else None, 2),
        confidence=reading.confidence(trail.trust if rated else None),
        hold=hold,
        counts=bool(trail.share),
    )


def _area_hold(reading: Reading, name: str) -> str:
    found = reading.card.areas[name]
    if found.score is None or found.level is None:
        return ""
    return area_hold(reading.source, found.score, found.level, found.held_by)


# -- ceilings ----------------------------------------------------------------------------------


def _gates(reading: Reading, capped: str) -> tuple[GatePage, ...]:
    """Return the gates on one target, the one that binds first, then those that apply."""
    results = {result.gate.id: result for result in reading.card.gates}
    pages = [
        _gate(reading, gate, results.get(gate.id), capped)
        for gate in reading.model.content.gates
        if gate.caps == capped
    ]
    return tuple(sorted(pages, key=lambda page: (not page.binds, not page.applies)))


def _gate(reading: Reading, gate: Gate, result: GateResult | None, capped: str) -> GatePage:
    ceiling = result.ceiling if result is not None else _ceiling(reading, gate)
    because: tuple[Comparison, ...] = ()
    if gate.when is not None:
        because = reading.comparisons(reading.model.expression(gate.when).trace(reading.world))
    binding = reading.card.binding
    if capped == "overall":
        binds = binding is not None and binding.gate.id == gate.id
    else:
        binds = gate.id in reading.card.dimensions[capped].held_by
    return GatePage(
        title=gate.title,
        applies=ceiling is not None,
        binds=binds,
        ceiling="" if ceiling is None else f"L{ceiling}",
        reason=gate.reason,
        through=_through(reading, gate.binds),
        because=because,
    )


def _ceiling(reading: Reading, gate: Gate) -> int | None:
    """Return the ceiling of a gate on a dimension; None where it does not apply."""
    if gate.when is not None and reading.world.holds(gate.when) is not True:
        return None
    value = reading.world.number(gate.at)
    return None if value is None else floor(value)


def _through(reading: Reading, names: Iterable[str]) -> tuple[Named, ...]:
    return tuple(reading.scored(name) for name in names)
