"""What a respondent's own answers come to, shown to them where the consultant allows it.

It is one person's view: their answers and nobody else's, before anybody has asked for evidence. The
engine is therefore told that the form asks what this person was asked, or hardly an area could be
rated from one role's questions alone; and that levels are claims without caps, as in a self-check.
Company figures are left out. A customer of the enterprise is shown nothing: the levels are those
of the enterprise, and no business of theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.agenda import Agenda
from app.domain.definitions.questionnaire import Form
from app.domain.definitions.record import Number
from app.domain.definitions.structure import Dimension, Level
from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment, ClientProfile, Respondent
from app.domain.world import World
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.assembling import answer_of
from app.services.record.recording import record
from app.services.respondents.responding import model_for, own_rows, plan_for, state_of
from app.store.answers import current_answers
from app.store.respondents import Invited
from app.store.rows import CurrentAnswer

_FORM: Final = "own"


@dataclass(frozen=True, slots=True)
class OwnDimension:
    """One dimension as the person's answers have it.

    ``score`` on the scale; ``rated`` of its ``areas`` have a score. ``held_by`` are the titles of
    the areas or dimensions that hold the level below what the score would give.
    """

    title: str
    score: Fraction
    level: Level
    rated: int
    areas: int
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnArea:
    """One area as the person's answers have it; ``says`` is what its level looks like."""

    title: str
    score: Fraction
    level: Level
    says: str


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What one person's answers come to, in the order of the model.

    ``levels`` are those of the scale, lowest first; a score may lack ``tolerance`` and still reach
    a level. ``thin`` are the titles of dimensions the person answered too little about, ``silent``
    of those they said nothing on. ``strongest`` and ``weakest`` hold every area with that score,
    and nothing where all areas score alike.
    """

    levels: tuple[Level, ...]
    tolerance: Number
    dimensions: tuple[OwnDimension, ...]
    thin: tuple[str, ...]
    silent: tuple[str, ...]
    strongest: tuple[OwnArea, ...]
    weakest: tuple[OwnArea, ...]


def own_result(acting: Acting) -> OwnResult | None:
    """Return what the respondent's sent answers come to, in their language.

    None where the consultant does not allow it, where the answers do not stand as sent, and in
    roles that are asked nothing with a level. Raises ``NotFoundError`` where the link is void.
    """
    with acting.reading() as session:
        own = own_rows(acting, session)
        if not own.engagement.shows_own_result or state_of(own.response) != "submitted":
            return None
        assert own.response is not None  # noqa: S101  it was submitted
        rows = current_answers(session, [own.response.id])
    model = model_for(acting, own)
    plan = plan_for(own, model)
    if plan.role.side == "customer" or all(asked.area is None for asked in plan.questions):
        return None
    return _result(_world(own, model, plan, rows))


def allow_own_result(acting: Acting, engagement: str, *, shown: bool) -> None:
    """Let the respondents of an engagement see their own results, or no longer.

    Saying the same again changes nothing. Raises ``NotFoundError`` and ``NotAllowedError``.
    """
    acting.must_write()
    with acting.writing() as session:
        row = open_engagement(acting, session, engagement).engagement
        if row.shows_own_result == shown:
            return
        row.shows_own_result = shown
        record(
            acting,
            session,
            "engagement.own_result",
            "engagement",
            row.id,
            row.id,
            title=row.title,
            shown=shown,
        )


def _world(
    own: Invited, model: MaturityModel, plan: Agenda, rows: Sequence[CurrentAnswer]
) -> World:
    """Return the engine's view of the one person."""
    asked = tuple(question.id for question in plan.questions)
    form = Form(id=_FORM, title="", purpose="", minutes=0, questions=asked, caps_by_evidence=False)
    alone = replace(model, content=replace(model.content, forms=(form,)))
    return World(
        alone,
        Assessment(
            form=_FORM,
            client=_client(own, model),
            facts={},
            respondents=(Respondent(plan.role.id, "", _answers(rows, model, asked)),),
        ),
    )


def _client(own: Invited, model: MaturityModel) -> ClientProfile:
    """Return as much of the client as benchmarks and weights need."""
    kind = own.client.archetype
    known = {item.id for item in model.content.archetypes if item.overlay is None}
    return ClientProfile(name=own.client.name, archetype=kind if kind in known else None)


def _answers(
    rows: Sequence[CurrentAnswer], model: MaturityModel, asked: Sequence[str]
) -> Mapping[str, Answer]:
    given = {row.item: answer_of(row, model) for row in rows}
    return {name: answer for name in asked if (answer := given.get(name)) is not None}


def _result(world: World) -> OwnResult:
    model = world.model
    dimensions, thin, silent = list[OwnDimension](), list[str](), list[str]()
    for dimension in model.content.dimensions:
        found = _dimension(world, dimension)
        if found is not None:
            dimensions.append(found)
        else:
            (thin if _answered(world, dimension) else silent).append(dimension.title)
    areas = tuple(_areas(world))
    scores = {area.score for area in areas}
    apart = len(scores) > 1
    return OwnResult(
        levels=model.content.scale.levels,
        tolerance=model.content.scale.tolerance,
        dimensions=tuple(dimensions),
        thin=tuple(thin),
        silent=tuple(silent),
        strongest=tuple(area for area in areas if apart and area.score == max(scores)),
        weakest=tuple(area for area in areas if apart and area.score == min(scores)),
    )


def _dimension(world: World, dimension: Dimension) -> OwnDimension | None:
    found = world.dimension(dimension.id)
    if found.score is None or found.level is None:
        return None
    return OwnDimension(
        title=dimension.title,
        score=found.score,
        level=_level(world, found.level),
        rated=sum(world.area(area.id).score is not None for area in dimension.areas),
        areas=len(dimension.areas),
        held_by=tuple(_holding(world.model, found.held_by)),
    )


def _holding(model: MaturityModel, held_by: Sequence[str]) -> Iterator[str]:
    """Yield the titles of what holds a level down; of a gate, what it looks at."""
    titles = {name: one.title for name, one in model.dimensions.items()}
    titles |= {name: one.title for name, one in model.areas.items()}
    binds = {gate.id: gate.binds for gate in model.content.gates}
    for held in held_by:
        for name in binds.get(held, (held,)):
            yield titles[name]


def _answered(world: World, dimension: Dimension) -> bool:
    """Tell whether any answer in a dimension has a score, if too few for its areas."""
    return any(
        world.question(question.id).score is not None
        for area in dimension.areas
        for question, _share in world.model.asked_in[_FORM][area.id]
    )


def _areas(world: World) -> Iterator[OwnArea]:
    least = world.model.content.scale.minimum
    for name, area in world.model.areas.items():
        found = world.area(name)
        if found.score is not None and found.level is not None:
            says = area.anchors[found.level - least]
            yield OwnArea(area.title, found.score, _level(world, found.level), says)


def _level(world: World, level: int) -> Level:
    return next(one for one in world.model.content.scale.levels if one.level == level)
