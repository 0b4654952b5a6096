"""The whole trade in one pure function: assessment in, immutable diagnosis out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.domain.calendar import WEEKENDS_ONLY, WorkingCalendar
from app.domain.contradictions import Contradictions, find_contradictions
from app.domain.definitions.questionnaire import Fact, Question
from app.domain.definitions.structure import Panel, PanelStatus
from app.domain.economics import UnitEconomics
from app.domain.model import MaturityModel
from app.domain.move_costs import move_costs
from app.domain.next_level import NextLevel, next_levels
from app.domain.perception import QuestionAgreement
from app.domain.plan import Plan, PlanBasis, make_plan
from app.domain.pulse import Pulse, read_pulse
from app.domain.response import Assessment, PlanControls
from app.domain.roadmap import first_work
from app.domain.rules import Diagnostics, evaluate_rules
from app.domain.scorecard import Scorecard
from app.domain.scoring import QuestionResult, questions_asked, reached
from app.domain.stage import StageVerdict, classify
from app.domain.world import World


@dataclass(frozen=True, slots=True)
class PanelCell:
    """One computed value of a panel, its level, and for status panels its status."""

    id: str
    title: str
    value: Fraction | None
    level: int | None
    status: PanelStatus | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel with its values: ``cells`` for lists, ``grid`` row by row for grids."""

    panel: Panel
    cells: tuple[PanelCell, ...]
    grid: tuple[tuple[PanelCell, ...], ...]


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """What the diagnosis does not know: questions nobody answered, facts nobody gave."""

    questions: tuple[Question, ...]
    facts: tuple[Fact, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything a report says, computed once. The same inputs give an equal diagnosis.

    ``plan`` is made under the assessment's own controls; ``make_plan`` with ``basis`` and other
    controls answers what-if questions.
    """

    model: MaturityModel
    assessment: Assessment
    as_of: date
    scorecard: Scorecard
    questions: Mapping[str, QuestionResult]
    agreements: Mapping[str, QuestionAgreement]
    alpha: Fraction | None
    panels: tuple[PanelView, ...]
    diagnostics: Diagnostics
    contradictions: Contradictions
    stage: StageVerdict | None
    economics: UnitEconomics
    plan: Plan
    basis: PlanBasis = field(compare=False, repr=False)
    pulse: Pulse | None
    not_assessed: NotAssessed
    load_ratio: Fraction | None

    def next_levels(self) -> Mapping[str, NextLevel]:
        """Return the cheapest way one level up per dimension and for ``overall``, computed now."""
        world = self.basis.world
        return next_levels(world, move_costs(world, self.plan.staffing))

    def what_if(self, controls: PlanControls) -> Plan:
        """Return the whole plan under other controls; what was found stays as it is."""
        return make_plan(self.basis, controls)


def _tell_nobody(_step: str) -> None:
    """Stand in for a progress callback."""


def diagnose(
    model: MaturityModel,
    assessment: Assessment,
    as_of: date,
    progress: Callable[[str], None] = _tell_nobody,
    calendar: WorkingCalendar = WEEKENDS_ONLY,
) -> Diagnosis:
    """Diagnose and plan. Pure: no clock, no randomness; ``progress`` is told each step's name."""
    world = World(model, assessment)
    progress("score")
    scorecard = world.scorecard
    stage = classify(world)
    progress("rules")
    parameters = model.content.roadmap
    diagnostics = evaluate_rules(world, first_work(parameters, stage) if parameters else ())
    progress("plan")
    basis = PlanBasis(world, diagnostics, stage, as_of, calendar)
    asked = questions_asked(world.form, model.questions.values())
    return Diagnosis(
        model=model,
        assessment=assessment,
        as_of=as_of,
        scorecard=scorecard,
        questions={question.id: world.question(question.id) for question in asked},
        agreements={q.id: world.agreement(q.id) for q in asked if q.type != "text"},
        alpha=world.measure("alpha"),
        panels=tuple(panel_view(world, panel) for panel in model.content.panels),
        diagnostics=diagnostics,
        contradictions=find_contradictions(world),
        stage=stage,
        economics=world.economics,
        plan=make_plan(basis, assessment.controls),
        basis=basis,
        pulse=read_pulse(world),
        not_assessed=_not_assessed(world),
        load_ratio=world.measure("load_ratio"),
    )


def panel_view(world: World, panel: Panel) -> PanelView:
    """Return a panel with its values."""
    cells = tuple(
        _cell(world, panel, item.id, item.title, item.value, item.note) for item in panel.items
    )
    grid = tuple(
        tuple(_cell(world, panel, row.id, row.title, source) for source in row.cells)
        for row in panel.rows
    )
    return PanelView(panel, cells, grid)


def _cell(
    world: World, panel: Panel, name: str, title: str, source: str, note: str = ""
) -> PanelCell:
    value = world.number(source)
    level = reached(world.model.content.scale, value) if value is not None else None
    status = None
    if level is not None:
        steps = sorted(panel.statuses, key=lambda step: -step.at_least)
        status = next((step for step in steps if level >= step.at_least), None)
    return PanelCell(name, title, value, level, status, note)


def _not_assessed(world: World) -> NotAssessed:
    model = world.model
    asked = questions_asked(world.form, model.questions.values())
    facts = [
        fact
        for fact in model.content.facts
        if (world.form.every_fact or fact.id in world.form.facts)
        and any(world.figures.given(part.id) is None for part in fact.parts)
    ]
    return NotAssessed(
        questions=tuple(
            question
            for question in asked
            if question.type != "text" and world.question(question.id).score is None
        ),
        facts=tuple(facts),
        areas=tuple(
            name for name in model.areas if (a := world.area(name)).asked and a.score is None
        ),
    )
