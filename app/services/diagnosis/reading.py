"""The diagnosis of an engagement as its screens read it: numbers, words, and where each leads.

Everything printed comes from the same builders as the report (``app.reporting.context``), so that
paper and screen cannot differ. What a screen adds is the way down: each number has a ``Target``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal, TypeAlias

from app.domain.behind import Grounds
from app.domain.diagnosis import Diagnosis
from app.domain.expression import Reference, Trace
from app.domain.model import MaturityModel
from app.domain.scorecard import Scorecard
from app.domain.trails import Trails
from app.domain.vocabulary import MEASURES
from app.domain.world import World
from app.reporting.charts import Theme
from app.reporting.conditions import Conditions
from app.reporting.context.confidence import confidence_of
from app.reporting.context.source import Edition, Source
from app.reporting.wording import Wording
from app.services.acting import Acting
from app.services.answers.assembling import FACTS, INTERVIEW, SELF, Gathered, rows_behind
from app.services.diagnosis.diagnosing import Current, current_diagnosis
from app.store.rows import CurrentAnswer, Response

TargetKind: TypeAlias = Literal[
    "overall",
    "dimension",
    "area",
    "question",
    "fact",
    "finding",
    "stage",
    "perception",
    "number",
]

_MEASURED: Final[Mapping[str, TargetKind]] = {
    "index": "overall",
    "overall_level": "overall",
    "low_confidence_areas": "overall",
    "stage": "stage",
    "scale_stage": "stage",
    "alpha": "perception",
    "alignment": "perception",
}
"""Which chapter explains a computed number; every other one has a page of its own."""
COMPUTED: Final = frozenset(MEASURES) - frozenset(_MEASURED)
"""Measures with a page of their own."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a number leads: a kind of page and the id of the thing (empty: there is but one)."""

    kind: TargetKind
    id: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Something a number leads to, by printed code (empty where it has none) and title."""

    target: Target
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a condition in words, with today's value.

    ``holds`` is None while it is undecided; ``decisive`` where it carries the result.
    """

    words: str
    holds: bool | None
    decisive: bool
    reads: tuple[Named, ...]


@dataclass(frozen=True)
class Reading:
    """One engagement's diagnosis in one language."""

    current: Current
    source: Source

    @property
    def diagnosis(self) -> Diagnosis:
        """What was computed."""
        return self.current.diagnosis

    @property
    def model(self) -> MaturityModel:
        """The model, in the reader's language where it has been translated."""
        return self.current.model

    @property
    def gathered(self) -> Gathered:
        """The rows behind everything."""
        return self.current.gathered

    @property
    def world(self) -> World:
        """The world the diagnosis was computed in."""
        return self.diagnosis.basis.world

    @property
    def card(self) -> Scorecard:
        """All scores."""
        return self.diagnosis.scorecard

    @property
    def wording(self) -> Wording:
        """How numbers and names are said."""
        return self.source.wording

    @cached_property
    def trails(self) -> Trails:
        """The way from every number down to the answers."""
        return Trails(self.world)

    @cached_property
    def grounds(self) -> Grounds:
        """What references rest on."""
        return Grounds(self.world)

    @cached_property
    def conditions(self) -> Conditions:
        """How conditions are said."""
        return Conditions(self.source)

    @cached_property
    def rows(self) -> tuple[Mapping[str, CurrentAnswer], ...]:
        """The rows behind each respondent's answers, in the order of the assessment."""
        return rows_behind(self.gathered, self.model)

    def confidence(self, trust: Fraction | None) -> str:
        """Return the word for a trust; empty where there is none."""
        if trust is None:
            return ""
        return self.wording.confidence(confidence_of(self.diagnosis, trust))

    def shade(self, level: int | None) -> int:
        """Return how dark a level is shown, from 1 at the bottom of the scale to 5; 0 unrated."""
        if level is None:
            return 0
        scale = self.model.content.scale
        return 1 + 4 * (level - scale.minimum) // (scale.maximum - scale.minimum)

    # -- names and links -------------------------------------------------------------------

    def named(self, target: Target) -> Named:
        """Return the code and title of what a target leads to."""
        model = self.model
        if target.kind == "dimension":
            dimension = model.dimensions[target.id]
            return Named(target, dimension.code, dimension.title)
        if target.kind == "area":
            area = model.areas[target.id]
            return Named(target, area.code, area.title)
        if target.kind == "question":
            question = model.questions[target.id]
            return Named(target, question.code, question.short or question.text)
        if target.kind == "fact":
            fact, part = model.fact_of[target.id], model.fact_parts[target.id]
            return Named(target, fact.code, fact.title if len(fact.parts) == 1 else part.title)
        if target.kind == "finding":
            rule = model.rules[target.id]
            return Named(target, rule.code, rule.finding)
        return Named(target, "", "")

    def read_by(self, reference: Reference) -> Named:
        """Return what a reference of a condition reads."""
        model = self.model
        name = (model.vocabulary.canonical(reference) or reference.arguments)[0]
        tables: tuple[tuple[TargetKind, Mapping[str, object]], ...] = (
            ("question", model.questions),
            ("area", model.areas),
            ("dimension", model.dimensions),
            ("fact", model.fact_parts),
        )
        for kind, known in tables:
            if name in known:
                return self.named(Target(kind, name))
        chapter = _MEASURED.get(name)
        target = Target("number", name) if chapter is None else Target(chapter)
        return Named(target, "", self.wording.label(reference))

    def comparisons(self, trace: Trace) -> tuple[Comparison, ...]:
        """Return every comparison of a condition.

        What carries a true result speaks for it, also under a "not": there the words say what is
        the case ("nobody owns the content").
        """
        decisive = {atom.shape.number for atom in trace.decisive()}
        found = []
        for atom in trace.atoms():
            carries = atom.shape.number in decisive
            holds = atom.result if isinstance(atom.result, bool) else None
            if carries and trace.result is True:
                holds = True
            reads = dict.fromkeys(self.read_by(reference) for reference in atom.references)
            found.append(Comparison(self.conditions.chip(atom), holds, carries, tuple(reads)))
        return tuple(found)

    def scored(self, name: str) -> Named:
        """Return an area or a dimension by its id."""
        return self.named(Target("area" if name in self.model.areas else "dimension", name))

    def facts_sheet(self) -> Response | None:
        """Return the sheet of facts."""
        return next((row for row in self.gathered.responses if row.kind == FACTS), None)

    def interview_for(self, roles: Iterable[str]) -> Response | None:
        """Return the interview to ask something in: of the first of the roles that has one."""
        talks = [row for row in self.gathered.responses if row.kind == INTERVIEW]
        for role in roles:
            found = next((row for row in talks if row.role == role), None)
            if found is not None:
                return found
        return None

    def is_own_account(self, response: str) -> bool:
        """Tell whether a response was filled in by the person alone."""
        return any(row.id == response and row.kind == SELF for row in self.gathered.responses)


def read_diagnosis(acting: Acting, engagement: str) -> Reading:
    """Return an engagement's diagnosis in the person's language; raises ``NotFoundError``."""
    return reading_of(current_diagnosis(acting, engagement), acting.locale)


def reading_of(current: Current, locale: str) -> Reading:
    """Return a diagnosis with its words in a language."""
    edition = Edition(
        number="",
        version=0,
        issued=current.diagnosis.as_of,
        locale=locale,
        template_version="",
        digest="",
    )
    # Drawings stand in the colours of the screens, not of the consultancy's paper.
    return Reading(current, replace(Source.of(current.diagnosis, edition), theme=Theme()))
