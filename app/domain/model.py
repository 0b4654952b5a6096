"""A whole maturity model: everything authors write in one folder, indexed and compiled."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from app.domain.definitions.coaching import CoachingModel
from app.domain.definitions.contradiction import Contradiction
from app.domain.definitions.economics import Assumption, CaseReference
from app.domain.definitions.framework import Framework, Term
from app.domain.definitions.kpi import Kpi, PostCard
from app.domain.definitions.limits import Benchmark, Limit
from app.domain.definitions.questionnaire import (
    Channel,
    Fact,
    FactCheck,
    FactPart,
    Form,
    PulseItem,
    Question,
    Role,
    Section,
)
from app.domain.definitions.record import Text, record
from app.domain.definitions.roadmap import RoadmapModel
from app.domain.definitions.rule import Rule
from app.domain.definitions.sop import Sop
from app.domain.definitions.staffing import StaffingModel
from app.domain.definitions.stage import GateItem, StageModel
from app.domain.definitions.structure import (
    Aggregation,
    Archetype,
    Area,
    Dimension,
    EvidenceCode,
    Gate,
    Lens,
    Panel,
    Rating,
    Scale,
)
from app.domain.expression import Expression, ExpressionError, Kind, parse
from app.domain.sop_load import SopProfile, sop_profile
from app.domain.vocabulary import ModelVocabulary


@record
class ModelContent:
    """The content of one model folder, as authors wrote it. Only the structure is obligatory."""

    id: str
    code: str
    version: str
    title: Text
    subtitle: Text
    language: str
    scale: Scale
    rating: Rating
    aggregation: Aggregation
    lenses: tuple[Lens, ...]
    dimensions: tuple[Dimension, ...]
    sections: tuple[Section, ...]
    forms: tuple[Form, ...]
    roles: tuple[Role, ...]
    archetypes: tuple[Archetype, ...] = ()
    gates: tuple[Gate, ...] = ()
    panels: tuple[Panel, ...] = ()
    channels: tuple[Channel, ...] = ()
    facts: tuple[Fact, ...] = ()
    fact_checks: tuple[FactCheck, ...] = ()
    pulse: tuple[PulseItem, ...] = ()
    rules: tuple[Rule, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    sops: tuple[Sop, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    post_cards: tuple[PostCard, ...] = ()
    stage_model: StageModel | None = None
    staffing: StaffingModel | None = None
    roadmap: RoadmapModel | None = None
    limits: tuple[Limit, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    cases: tuple[CaseReference, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    glossary: tuple[Term, ...] = ()
    coaching: CoachingModel = CoachingModel()


ContentPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """One expression of the content: where it stands, its source, and the kind it must yield."""

    path: ContentPath
    source: str
    expects: Kind


def formulas(content: ModelContent) -> Iterator[Formula]:
    """Yield every condition and formula of the content in reading order."""
    yield from _structure_formulas(content)
    yield from _questionnaire_formulas(content)
    yield from _stage_formulas(content)
    for index, sop in enumerate(content.sops):
        if sop.applies is not None:
            yield Formula(("sops", index, "applies"), sop.applies, Kind.FLAG)
    for index, kpi in enumerate(content.kpis):
        if kpi.baseline is not None:
            yield Formula(("kpis", index, "baseline"), kpi.baseline, Kind.NUMBER)
    if content.roadmap is not None:
        for index, phase in enumerate(content.roadmap.phases):
            yield from _gate_formulas(("roadmap", "phases", index, "gate"), phase.gate)
        for index, risk in enumerate(content.roadmap.risks):
            if risk.when is not None:
                yield Formula(("roadmap", "risks", index, "when"), risk.when, Kind.FLAG)


def _structure_formulas(content: ModelContent) -> Iterator[Formula]:
    for index, archetype in enumerate(content.archetypes):
        if archetype.overlay is not None:
            yield Formula(("archetypes", index, "overlay"), archetype.overlay, Kind.FLAG)
    for index, gate in enumerate(content.gates):
        yield Formula(("gates", index, "at"), gate.at, Kind.NUMBER)
        if gate.when is not None:
            yield Formula(("gates", index, "when"), gate.when, Kind.FLAG)
    for index, panel in enumerate(content.panels):
        for place, item in enumerate(panel.items):
            yield Formula(("panels", index, "items", place, "value"), item.value, Kind.NUMBER)
        for place, row in enumerate(panel.rows):
            for column, cell in enumerate(row.cells):
                path = ("panels", index, "rows", place, "cells", column)
                yield Formula(path, cell, Kind.NUMBER)


def _questionnaire_formulas(content: ModelContent) -> Iterator[Formula]:
    for index, section in enumerate(content.sections):
        for place, question in enumerate(section.questions):
            if question.formula is not None:
                path = ("sections", index, "questions", place, "formula")
                yield Formula(path, question.formula, Kind.NUMBER)
    for index, check in enumerate(content.fact_checks):
        yield Formula(("fact_checks", index, "when"), check.when, Kind.FLAG)
    for index, rule in enumerate(content.rules):
        yield Formula(("rules", index, "when"), rule.when, Kind.FLAG)
        for place, sentence in enumerate(rule.says):
            for slot in slots(sentence):
                yield Formula(("rules", index, "says", place), slot, Kind.NUMBER)
    for index, contradiction in enumerate(content.contradictions):
        yield Formula(("contradictions", index, "when"), contradiction.when, Kind.FLAG)
        for place, sentence in enumerate(contradiction.says):
            for slot in slots(sentence):
                yield Formula(("contradictions", index, "says", place), slot, Kind.NUMBER)


def _stage_formulas(content: ModelContent) -> Iterator[Formula]:
    ladder = content.stage_model
    if ladder is None:
        return
    yield Formula(("stage_model", "data_weeks"), ladder.data_weeks, Kind.NUMBER)
    yield Formula(("stage_model", "months_since_launch"), ladder.months_since_launch, Kind.NUMBER)
    for index, regress in enumerate(ladder.regress):
        yield Formula(("stage_model", "regress", index, "when"), regress.when, Kind.FLAG)
    for index, stage in enumerate(ladder.stages):
        readings = {
            "scale": stage.scale,
            "economic": stage.economic,
            "capability": stage.capability,
        }
        for name, source in readings.items():
            if source is not None:
                yield Formula(("stage_model", "stages", index, name), source, Kind.FLAG)
        path = ("stage_model", "stages", index, "exit_gate")
        yield from _gate_formulas(path, stage.exit_gate)


def _gate_formulas(path: ContentPath, items: tuple[GateItem, ...]) -> Iterator[Formula]:
    for place, item in enumerate(items):
        if item.value is not None:
            yield Formula((*path, place, "value"), item.value, Kind.NUMBER)
        if item.check is not None:
            yield Formula((*path, place, "check"), item.check, Kind.FLAG)


def slots(sentence: str) -> list[str]:
    """Return the expressions in the ``{…}`` slots of an evidence sentence, in order."""
    parts = sentence.split("{")
    return [part.partition("}")[0] for part in parts[1:]]


@dataclass(frozen=True)
class MaturityModel:
    """Content with its indexes and compiled expressions.

    ``digest`` names the exact bytes it was read from. ``base`` is the content as first written,
    where this is its translation. Build it with ``compile_model``.
    """

    content: ModelContent
    digest: str
    vocabulary: ModelVocabulary
    expressions: Mapping[str, Expression]
    base: ModelContent | None = None

    def expression(self, source: str) -> Expression:
        """Return the compiled form of an expression that stands in the content."""
        return self.expressions[source]

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """Areas by id, in the order of the model."""
        return {area.id: area for dim in self.content.dimensions for area in dim.areas}

    @cached_property
    def dimensions(self) -> Mapping[str, Dimension]:
        """Dimensions by id, in the order of the model."""
        return {dimension.id: dimension for dimension in self.content.dimensions}

    @cached_property
    def dimension_of(self) -> Mapping[str, Dimension]:
        """The dimension of each area id."""
        return {area.id: dim for dim in self.content.dimensions for area in dim.areas}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Questions by id, in asking order."""
        return {q.id: q for section in self.content.sections for q in section.questions}

    @cached_property
    def questions_of(self) -> Mapping[str, tuple[Question, ...]]:
        """The questions of each area id."""
        grouped: dict[str, list[Question]] = {area: [] for area in self.areas}
        for question in self.questions.values():
            if question.area is not None:
                grouped[question.area].append(question)
        return {area: tuple(questions) for area, questions in grouped.items()}

    @cached_property
    def area_weights(self) -> Mapping[str, Fraction]:
        """The exact weight of each area inside its dimension."""
        return {name: Fraction(area.weight) for name, area in self.areas.items()}

    @cached_property
    def trusts(self) -> Mapping[EvidenceCode, Fraction]:
        """How far each evidence grade is trusted, 0 to 1."""
        return {grade.code: Fraction(grade.trust) for grade in self.content.rating.evidence}

    @cached_property
    def asked_in(self) -> Mapping[str, Mapping[str, tuple[tuple[Question, Fraction], ...]]]:
        """The questions each form asks with their share of what is asked, by form and area id."""
        return {
            form.id: {
                area: self._asked(form, questions) for area, questions in self.questions_of.items()
            }
            for form in self.content.forms
        }

    def _asked(
        self, form: Form, questions: tuple[Question, ...]
    ) -> tuple[tuple[Question, Fraction], ...]:
        asked = [q for q in questions if form.every_question or q.id in form.questions]
        base = sum((Fraction(q.weight) for q in asked), Fraction(0))
        return tuple((q, Fraction(q.weight) / base) for q in asked if base)

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Facts by id."""
        return {fact.id: fact for fact in self.content.facts}

    @cached_property
    def fact_parts(self) -> Mapping[str, FactPart]:
        """Fact parts by id."""
        return {part.id: part for fact in self.content.facts for part in fact.parts}

    @cached_property
    def fact_of(self) -> Mapping[str, Fact]:
        """The fact each fact part belongs to."""
        return {part.id: fact for fact in self.content.facts for part in fact.parts}

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Forms by id."""
        return {form.id: form for form in self.content.forms}

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """Roles by id."""
        return {role.id: role for role in self.content.roles}

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Rules by id, in code order."""
        return {rule.id: rule for rule in sorted(self.content.rules, key=lambda rule: rule.code)}

    @cached_property
    def contradictions(self) -> Mapping[str, Contradiction]:
        """Contradictions by id, in code order."""
        listed = sorted(self.content.contradictions, key=lambda item: item.code)
        return {item.id: item for item in listed}

    @cached_property
    def sops(self) -> Mapping[str, Sop]:
        """SOPs by id, in code order."""
        return {sop.id: sop for sop in sorted(self.content.sops, key=lambda sop: sop.code)}

    @cached_property
    def same_steps(self) -> Mapping[str, str]:
        """Codes of steps that are the very same action as another SOP's, to the code of that."""
        steps = (step for sop in self.content.sops for step in sop.steps)
        return {step.code: step.same_as for step in steps if step.same_as is not None}

    @cached_property
    def sops_lifting(self) -> Mapping[str, tuple[str, ...]]:
        """The SOPs that lift each area, by area id; areas without any are left out."""
        lifting: dict[str, list[str]] = {}
        for sop in self.sops.values():
            for area in sop.areas:
                lifting.setdefault(area, []).append(sop.id)
        return {area: tuple(sops) for area, sops in lifting.items()}

    @cached_property
    def sop_profiles(self) -> Mapping[str, SopProfile]:
        """What each SOP asks of every role, by id."""
        return {sop.id: sop_profile(sop, {}) for sop in self.content.sops}

    @cached_property
    def kpis(self) -> Mapping[str, Kpi]:
        """KPIs by id."""
        return {kpi.id: kpi for kpi in self.content.kpis}

    @cached_property
    def benchmarks(self) -> Mapping[str, Benchmark]:
        """Benchmarks by id."""
        return {benchmark.id: benchmark for benchmark in self.content.benchmarks}

    @cached_property
    def archetypes(self) -> Mapping[str, Archetype]:
        """Archetypes by id."""
        return {archetype.id: archetype for archetype in self.content.archetypes}

    @cached_property
    def frameworks(self) -> Mapping[str, Framework]:
        """Frameworks by id."""
        return {framework.id: framework for framework in self.content.frameworks}


def compile_model(
    content: ModelContent,
    digest: str,
    refuse: Callable[[Formula, ExpressionError], None] | None = None,
) -> MaturityModel:
    """Compile all expressions of ``content``.

    A bad expression is handed to ``refuse``, which lets the loader name the place of every
    mistake; without it the first one raises its ``ExpressionError``.
    """
    vocabulary = ModelVocabulary(content)
    expressions: dict[str, Expression] = {}
    for formula in formulas(content):
        known = expressions.get(formula.source)
        if known is not None and known.kind is formula.expects:
            continue
        try:
            expression = parse(formula.source, vocabulary, expects=formula.expects)
        except ExpressionError as error:
            if refuse is None:
                raise
            refuse(formula, error)
        else:
            expressions[formula.source] = expression
    return MaturityModel(content, digest, vocabulary, expressions)
