"""What a condition is read from: the questions, facts and people behind its references.

Found by listening: the condition is evaluated in a world that notes everything it looks at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.definitions.contradiction import Contradiction
from app.domain.expression import Expression
from app.domain.figures import Figures
from app.domain.perception import QuestionAgreement
from app.domain.response import FactValue
from app.domain.scoring import AreaScore, QuestionResult
from app.domain.stage import classify
from app.domain.world import World

STAGES = frozenset({"stage", "scale_stage"})
SPREAD_OF_ALL = frozenset({"alpha", "alignment"})
"""Measures of all answers together, which no single answer speaks for."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Ids, each once, in the order they are first read.

    ``questions`` by what their answers come to, ``facts`` by fact part, ``spread`` the questions
    whose single answers are compared, ``evidence`` those whose evidence is weighed.
    """

    questions: tuple[str, ...]
    facts: tuple[str, ...]
    spread: tuple[str, ...]
    evidence: tuple[str, ...]


def sources_of(world: World, expression: Expression) -> Sources:
    """Return what an expression is read from in a world, whatever decides it."""
    listener = _Listener(world)
    if reads_stage(expression):
        classify(listener)
    expression.trace(listener)
    return listener.sources()


def reads_stage(expression: Expression) -> bool:
    """Return whether an expression speaks of the stage, which is classified before it is read."""
    return any(
        reference.function == "name" and reference.arguments[0] in STAGES
        for reference in expression.references
    )


def area_sources(world: World) -> Mapping[str, Sources]:
    """Return what the level of every area is read from."""
    found = {}
    for area, asked in world.model.asked_in[world.form.id].items():
        if all(question.formula is None and question.fallback is None for question, _ in asked):
            found[area] = Sources(tuple(question.id for question, _ in asked), (), (), ())
        else:
            listener = _Listener(world)
            listener.level(area)
            found[area] = listener.sources()
    return found


def rated_areas(world: World) -> dict[str, AreaScore]:
    """Return the scores of all areas with the trust their evidence gives them."""
    return {
        name: replace(world.area(name), trust=world.evidence(name)) for name in world.model.areas
    }


class PlainWorld(World):
    """A world that looks for no contradictions.

    They lower the trust in an area and nothing else, and no condition reads that trust.
    """

    @property
    def contradicted(self) -> tuple[Contradiction, ...]:
        """No contradictions."""
        return ()


class HeardFigures(Figures):
    """Figures that note which fact parts are looked at."""

    def __init__(self, inner: Figures) -> None:
        self._inner = inner
        self.heard: dict[str, None] = {}

    def given(self, part: str) -> FactValue | None:
        """Return the fact part as given, and note it."""
        self.heard[part] = None
        return self._inner.given(part)

    def number(self, part: str) -> Fraction | None:
        """Return a numeric fact part, and note it."""
        self.heard[part] = None
        return self._inner.number(part)

    def text(self, part: str) -> str | None:
        """Return the chosen option of a fact part, and note it."""
        self.heard[part] = None
        return self._inner.text(part)

    def flag(self, part: str) -> bool | None:
        """Return a yes/no fact part, and note it."""
        self.heard[part] = None
        return self._inner.flag(part)

    def items(self, part: str) -> tuple[str, ...] | None:
        """Return the picked items of a multi fact part, and note it."""
        self.heard[part] = None
        return self._inner.items(part)


class _Listener(PlainWorld):
    """A world that notes what is looked at; it begins with nothing computed."""

    def __init__(self, world: World) -> None:
        super().__init__(world.model, world.assessment)
        self._base = world
        self._listening = HeardFigures(self.figures)
        self.figures = self._listening
        self._asked: dict[str, None] = {}
        self._spread: dict[str, None] = {}
        self._weighed: dict[str, None] = {}

    def sources(self) -> Sources:
        """Return everything looked at so far."""
        facts = [part for part in self._listening.heard if self._base.figures.given(part)]
        return Sources(tuple(self._asked), tuple(facts), tuple(self._spread), tuple(self._weighed))

    def question(self, name: str) -> QuestionResult:
        found = super().question(name)
        if found.answers or found.adjudicated:
            self._asked[name] = None
        return found

    def agreement(self, name: str) -> QuestionAgreement:
        self._spread[name] = None
        return super().agreement(name)

    def measure(self, name: str) -> Fraction | None:
        return self._base.measure(name) if name in SPREAD_OF_ALL else super().measure(name)

    def evidence(self, name: str) -> Fraction:
        model = self.model
        inside = [name] if name in model.areas else [a.id for a in model.dimensions[name].areas]
        self._weigh(inside)
        return self._base.evidence(name)

    def low_confidence_areas(self) -> int | None:
        self._weigh(self.model.areas)
        return self._base.low_confidence_areas()

    def _weigh(self, areas: Iterable[str]) -> None:
        for area in areas:
            for question, _ in self.model.asked_in[self.form.id][area]:
                if self._base.question(question.id).answers:
                    self._weighed[question.id] = None
