"""The smallest single change that would remove a finding: which one thing to look at again.

For every thing a finding's condition depends on — a question, a fact, one person's answer where the
spread of answers is read, the evidence where that is read — the nearest other value is searched at
which the condition no longer holds, everything else as it is. Numbers are searched on a grid
(whole, or tenths): between the places where anything can change its mind the condition is constant,
or moves one way.

Not searched: α and the mean agreement, which no single answer speaks for; withdrawing an answer,
which decides nothing; facts that could not be true beside the others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.change import (
    CONSULTANT_EVIDENCE,
    Change,
    apply,
    evidence_changes,
    list_changes,
    number_size,
    option_changes,
    options_of,
    other_choices,
)
from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.definitions.rule import Rule
from app.domain.expression import Reference, Value
from app.domain.grid import Grid, nearest
from app.domain.rules import Finding
from app.domain.sources import (
    PlainWorld,
    Sources,
    area_sources,
    rated_areas,
    reads_stage,
    sources_of,
)
from app.domain.stage import classify
from app.domain.world import World

TENTH = Fraction(1, 10)
"""The step in which numbers that need not be whole are searched, as they are printed."""
MOST = Fraction(10**12)
"""Where the search of a number without an upper bound ends."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one thing the condition reads."""

    reference: Reference
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Reversal:
    """How one rule that fired could be undone.

    ``change`` is the smallest single change (answers before facts where equally small); None where
    no single change does it. ``alternatives`` are the smallest changes of every other thing,
    smallest first. ``effects`` tell what ``change`` moves in the condition. ``leaves`` are the ids
    of rules of the same family that fired and would hold all the same.
    """

    rule: str
    change: Change | None
    alternatives: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    leaves: tuple[str, ...] = ()


class Reversals:
    """Finds reversals in one world, which must know its stage where rules read one."""

    def __init__(self, world: World) -> None:
        self._ground = _Ground(world)

    def of(self, rule: Rule, family: Sequence[Rule] = ()) -> Reversal:
        """Return how a rule that holds could be undone; ``family`` are others that hold with it."""
        search = _Search(self._ground, rule)
        changes = sorted(search.changes(), key=lambda change: (change.size, change.kind == "fact"))
        if not changes:
            return Reversal(rule.id, None, leaves=tuple(other.id for other in family))
        smallest, *others = changes
        effects, leaves = self.outcome(smallest, rule, family)
        return Reversal(rule.id, smallest, tuple(others), effects, leaves)

    def outcome(
        self, change: Change, rule: Rule, family: Sequence[Rule] = ()
    ) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
        """Return what a change moves in a rule's condition, and the family that holds after it."""
        world, after = self._ground.world, self._ground.changed(change, staged=True)
        effects = tuple(
            Effect(reference, before, now)
            for reference in world.model.expression(rule.when).references
            if (before := world.resolve(reference)) != (now := after.resolve(reference))
        )
        return effects, tuple(other.id for other in family if after.holds(other.when) is True)

    def of_finding(self, finding: Finding) -> Reversal:
        """Return how a finding could be undone; its ``leaves`` are findings collapsed into it."""
        return self.of(finding.rule, [item.rule for item in finding.collapsed])


class _Ground:
    """One world, and what a changed one can take over from it: all that the change leaves alone."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._areas = rated_areas(world)
        self._questions = {q.id: world.question(q.id) for q in world.model.questions.values()}
        self._derived = {
            question.id
            for question in world.model.questions.values()
            if question.formula is not None or question.fallback is not None
        }
        """Questions whose result may come from facts or levels."""
        self._readers: dict[tuple[str, str], list[str]] = {}
        """Areas by the question or fact their score is read from."""
        for area, sources in area_sources(world).items():
            for question in sources.questions:
                self._readers.setdefault(("question", question), []).append(area)
            for fact in sources.facts:
                self._readers.setdefault(("fact", fact), []).append(area)

    def changed(self, change: Change, *, staged: bool) -> World:
        """Return the world after a change, its stage classified anew where ``staged``."""
        kind = "fact" if change.kind == "fact" else "question"
        areas, questions = self._areas.copy(), self._questions.copy()
        for area in self._readers.get((kind, change.name), ()):
            del areas[area]
        for name in {change.name, *self._derived} & questions.keys():
            del questions[name]
        said = apply(self.world.assessment, change)
        return self._staged(PlainWorld(self.world.model, said, areas, questions), staged)

    def with_areas(self, names: Iterable[str], level: int, *, staged: bool) -> World:
        """Return the world with some areas at a level, score and all."""
        world, areas = self.world, self._areas.copy()
        for name in names:
            areas[name] = replace(areas[name], score=Fraction(level), level=level, held_by=None)
        asked = {name: q for name, q in self._questions.items() if name not in self._derived}
        after = PlainWorld(world.model, world.assessment, areas, asked)
        return self._staged(after, staged)

    def possible(self, after: World) -> bool:
        """Return whether the facts of a changed world can be true together, as far as today's."""
        return not any(
            after.holds(check.when) is True and self.world.holds(check.when) is not True
            for check in self.world.model.content.fact_checks
        )

    @staticmethod
    def _staged(world: World, staged: bool) -> World:
        if staged:
            classify(world)
        return world


class _Search:
    """Searches the changes that undo one rule."""

    def __init__(self, ground: _Ground, rule: Rule) -> None:
        self._ground = ground
        self._world = ground.world
        self._model = ground.world.model
        self._expression = self._model.expression(rule.when)
        self._sources: Sources = sources_of(self._world, self._expression)
        self._staged = reads_stage(self._expression)
        self._named = self._names(self._expression.references)

    def changes(self) -> Iterator[Change]:
        """Yield the smallest change of each thing that can undo the rule."""
        for name in self._questions():
            yield from self._smallest(self._of_question(self._model.questions[name]))
        for name in self._sources.spread:
            for place in range(len(self._world.assessment.respondents)):
                yield from self._smallest(self._of_person(self._model.questions[name], place))
        for name in self._sources.evidence:
            trust = self._world.question(name).trust
            yield from self._smallest(evidence_changes(self._model, name, trust))
        for name in self._sources.facts:
            part = self._model.fact_parts.get(name)
            if part is not None and (part.type == "number" or name in self._named):
                yield from self._smallest(self._of_fact(part))

    def _smallest(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield the first of changes sorted by size that undoes the rule, if any does."""
        found = next((change for change in changes if self._undoes(change)), None)
        if found is not None:
            yield found

    def _undoes(self, change: Change) -> bool:
        after = self._ground.changed(change, staged=self._staged)
        return self._fails(after) and (change.kind != "fact" or self._ground.possible(after))

    def _fails_at(self, change: Change) -> bool:
        """Return whether a change undoes the rule, be it possible or not."""
        return self._fails(self._ground.changed(change, staged=self._staged))

    def _fails(self, world: World) -> bool:
        return self._expression.evaluate(world) is False

    def _questions(self) -> Iterator[str]:
        """Yield the questions worth searching.

        A question read only as part of an area that is itself only part of something larger is
        left out where not even its whole dimension, or its whole area, at either end of the scale
        would undo the rule: levels, scores and index never fall when an area rises.
        """
        promising: dict[tuple[str, ...], bool] = {}

        def promises(*areas: str) -> bool:
            if areas not in promising:
                promising[areas] = any(self._undone_with(areas, level) for level in self._ends())
            return promising[areas]

        for name in self._sources.questions:
            area = self._model.questions[name].area
            if area is None or name in self._named or area in self._named:
                yield name
                continue
            whole = [other.id for other in self._model.dimension_of[area].areas]
            if promises(*whole) and promises(area):
                yield name

    def _ends(self) -> tuple[int, int]:
        scale = self._model.content.scale
        return scale.minimum, scale.maximum

    def _undone_with(self, areas: Iterable[str], level: int) -> bool:
        return self._fails(self._ground.with_areas(areas, level, staged=self._staged))

    # -- other values, the nearest first ---------------------------------------------------

    def _of_question(self, question: Question) -> Iterable[Change]:
        found = self._world.question(question.id)
        if question.type in ("choice", "yes-no") and found.score is not None:
            return option_changes(self._model, question, found.score)
        if question.type == "multi" and found.items is not None:
            names = [item.id for item in question.items]
            before = tuple(name for name in names if name in found.items)
            return (
                Change("question", question.id, before, after, size, CONSULTANT_EVIDENCE)
                for after, size in list_changes(names, found.items, self._telling(question.id))
            )
        if question.type == "number" and found.value is not None:
            return self._of_number(question, found.value)
        return ()

    def _of_number(self, question: Question, before: Fraction) -> list[Change]:
        def change(after: Fraction) -> Change:
            size = number_size(before, after)
            return Change("question", question.id, before, after, size, CONSULTANT_EVIDENCE)

        turns = [*self._edges(question), *self._limits(question.id)]
        anywhere = not question.bands or question.id in self._unlimited()
        grid = Grid(*_ends(question), _step(question))
        return self._nearest(change, before, grid, turns, anywhere=anywhere)

    def _of_person(self, question: Question, place: int) -> list[Change]:
        """Return what else one person could have answered to a choice question."""
        answer = self._world.assessment.respondents[place].answers.get(question.id)
        if question.type != "choice" or answer is None or not isinstance(answer.value, int):
            return []
        options, before = options_of(self._model, question), answer.value
        changes = [
            Change(
                "respondent",
                question.id,
                before,
                after,
                Fraction(abs(after - before), len(options) - 1),
                respondent=place,
            )
            for after in options
            if after != before
        ]
        return sorted(changes, key=lambda change: change.size)

    def _of_fact(self, part: FactPart) -> Iterable[Change]:
        given = self._world.figures.given(part.id)
        before = given.value if given is not None else None
        if part.type == "number" and isinstance(before, Fraction):
            return self._of_figure(part, before)
        if part.type == "multi" and isinstance(before, tuple):
            names, picked = [choice.id for choice in part.choices], frozenset(before)
            return (
                Change("fact", part.id, before, after, size)
                for after, size in list_changes(names, picked, self._telling(part.id))
            )
        if isinstance(before, str | bool):
            others = other_choices(part, before)
            return [Change("fact", part.id, before, after, Fraction(1)) for after in others]
        return ()

    def _of_figure(self, part: FactPart, before: Fraction) -> list[Change]:
        def change(after: Fraction) -> Change:
            return Change("fact", part.id, before, after, number_size(before, after))

        turns = list(self._limits(part.id))
        for question in self._model.questions.values():
            if question.fallback == part.id:
                turns += self._edges(question)
        low, high = _ends(part)
        if part.id not in self._named:
            # What is computed from a figure goes one way with it: no end, no search that way.
            low = low if self._fails_at(change(low)) else before
            high = high if self._fails_at(change(high)) else before
        grid = Grid(low, high, _step(part))
        return self._nearest(change, before, grid, turns, anywhere=True)

    def _nearest(
        self,
        change: Callable[[Fraction], Change],
        before: Fraction,
        grid: Grid,
        turns: Iterable[Fraction],
        *,
        anywhere: bool,
    ) -> list[Change]:
        found = nearest(
            lambda value: self._undoes(change(value)), before, grid, turns, anywhere=anywhere
        )
        return sorted((change(value) for value in found), key=lambda change: change.size)

    # -- where the condition may change its mind -------------------------------------------

    def _edges(self, question: Question) -> Iterator[Fraction]:
        """Yield the numbers at which the score of a question changes."""
        unit = Fraction(1)
        if question.relative_to is not None:
            unit = self._world.benchmark(question.relative_to) or unit
        for band in question.bands:
            for edge in (band.below, band.up_to):
                if edge is not None:
                    yield Fraction(edge) * unit

    def _limits(self, name: str) -> Iterator[Fraction]:
        """Yield the constants the condition compares one thing with."""
        for atom in self._expression.atoms:
            limit = atom.threshold.limit if atom.threshold is not None else None
            if isinstance(limit, Fraction) and self._names(atom.references) == {name}:
                yield limit

    def _unlimited(self) -> set[str]:
        """Return the names that the condition reads without comparing them with a constant."""
        return {
            name
            for atom in self._expression.atoms
            if atom.threshold is None or len(atom.references) > 1
            for name in self._names(atom.references)
        }

    def _names(self, references: Iterable[Reference]) -> set[str]:
        canonical = self._model.vocabulary.canonical
        return {(canonical(reference) or reference.arguments)[0] for reference in references}

    def _telling(self, name: str) -> frozenset[str]:
        """Return the items of a list that the condition names."""
        canonical = self._model.vocabulary.canonical
        found = [canonical(reference) or () for reference in self._expression.references]
        return frozenset(
            item for head, *items in filter(None, found) if head == name for item in items
        )


def _step(bounds: Question | FactPart) -> Fraction:
    return Fraction(1) if bounds.integer else TENTH


def _ends(bounds: Question | FactPart) -> tuple[Fraction, Fraction]:
    """Return between which numbers something is searched."""
    low = Fraction(bounds.minimum) if bounds.minimum is not None else -MOST
    return low, Fraction(bounds.maximum) if bounds.maximum is not None else MOST
