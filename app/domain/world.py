"""One assessment seen through one model: every name a condition may ask for, computed on demand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import floor

from app.domain import scoring
from app.domain.definitions.contradiction import Contradiction
from app.domain.definitions.questionnaire import Form, Question
from app.domain.definitions.record import Number
from app.domain.definitions.structure import Gate
from app.domain.economics import UnitEconomics, unit_economics
from app.domain.expression import UNKNOWN, Reference, Unknown
from app.domain.figures import Figures
from app.domain.model import MaturityModel
from app.domain.perception import QuestionAgreement, alignment_alpha, question_agreement
from app.domain.response import Answer, Assessment
from app.domain.scorecard import DimensionScore, GateResult, Scorecard
from app.domain.scoring import AreaScore, QuestionResult
from app.domain.staffing import load_ratio, specialist_capacity

Resolved = Fraction | bool | str | Unknown
OVERALL = "overall"


class World:
    """Answers the references of one model's expressions for one assessment.

    Everything is computed once, when first asked for. ``areas`` replaces area scores (used to study
    a scorecard without answers), ``questions`` results that another world found already. Stage
    numbers are put in by the stage classifier through
    ``set_stage`` because rules speak of them and the classifier itself reads this world.
    """

    def __init__(
        self,
        model: MaturityModel,
        assessment: Assessment,
        areas: Mapping[str, AreaScore] | None = None,
        questions: Mapping[str, QuestionResult] | None = None,
    ) -> None:
        self.model = model
        self.assessment = assessment
        self.figures = Figures.of(assessment)
        self.form: Form = model.forms[assessment.form]
        self._rated: dict[str, AreaScore] = dict(areas or {})
        self._areas: dict[str, AreaScore] = dict(self._rated)
        self._contradicted: tuple[Contradiction, ...] | None = None
        self._questions: dict[str, QuestionResult] = dict(questions or {})
        self._dimensions: dict[str, DimensionScore] = {}
        self._agreements: dict[str, QuestionAgreement] = {}
        self._resolved: dict[Reference, Resolved] = {}
        self._measures: dict[str, Fraction | None] = {}
        self._scorecard: Scorecard | None = None
        self._economics: UnitEconomics | None = None
        self._scorer = scoring.AnswerScorer(model, self.form, self.benchmark)

    # -- what was said ---------------------------------------------------------------------

    def question(self, name: str) -> QuestionResult:
        """Return what all answers to a question come to."""
        if name not in self._questions:
            self._questions[name] = self._rate_question(self.model.questions[name])
        return self._questions[name]

    def _rate_question(self, question: Question) -> QuestionResult:
        result = scoring.rate_question(question, self.assessment, self._scorer)
        if result.score is not None or question.type not in ("number", "computed"):
            return result
        number, evidence = None, self.model.content.rating.fact_evidence
        if question.formula is not None:
            number = self.number(question.formula)
        elif question.fallback is not None:
            number = self.figures.number(question.fallback)
            given = self.figures.given(question.fallback)
            evidence = (given.evidence if given else None) or evidence
        if number is None:
            return result
        score = self._scorer.number_score(question, number)
        trust = self.model.trusts[evidence]
        return QuestionResult(score, number, None, trust, result.answers, False, result.role_means)

    def benchmark(self, name: str) -> Fraction | None:
        """Return a benchmark for the client's archetype, or its default value."""
        return self._of_archetype(self.model.benchmarks[name].values)

    def bad_benchmark(self, name: str) -> Fraction | None:
        """Return from where a benchmarked figure is bad for the client's archetype."""
        return self._of_archetype(self.model.benchmarks[name].red or {})

    def _of_archetype(self, values: Mapping[str, Number]) -> Fraction | None:
        archetype = self.figures.text("archetype")
        value = values.get(archetype or "", values.get("default"))
        return Fraction(value) if value is not None else None

    # -- scores ----------------------------------------------------------------------------

    def area(self, name: str) -> AreaScore:
        """Return the score of an area, its trust lowered by the contradictions found in it."""
        if name not in self._areas:
            rated = self._rate(name)
            found = sum(name in contradiction.areas for contradiction in self.contradicted)
            left = scoring.contradicted_share(self.model.content.rating, found)
            self._areas[name] = replace(rated, trust=rated.trust * left) if found else rated
        return self._areas[name]

    def _rate(self, name: str) -> AreaScore:
        """Return an area as its answers rate it, contradictions aside."""
        if name not in self._rated:
            area = self.model.areas[name]
            self._rated[name] = scoring.rate_area(
                self.model, area, self.form, lambda question: self.question(question.id)
            )
        return self._rated[name]

    @property
    def contradicted(self) -> tuple[Contradiction, ...]:
        """The contradictions that hold, in code order.

        Their conditions read answers and facts alone (the content's checks see to it), so asking
        for them never leads back to an area's trust.
        """
        if self._contradicted is None:
            listed = self.model.contradictions.values()
            self._contradicted = tuple(item for item in listed if self.holds(item.when))
        return self._contradicted

    def evidence(self, name: str) -> Fraction:
        """Return the trust (0–1) that evidence alone gives an area or dimension."""
        if name in self.model.areas:
            return self._rate(name).trust
        areas = self.model.dimensions[name].areas
        return scoring.mean_trust(self.model, {area.id: self._rate(area.id) for area in areas})

    def weight_of(self, dimension: str) -> Fraction:
        """Return a dimension's weight in its lens for this client's archetype (with overlay)."""
        for archetype in self.model.content.archetypes:
            overlaid = archetype.overlay is not None and self.holds(archetype.overlay)
            if overlaid and dimension in archetype.weights:
                return Fraction(archetype.weights[dimension])
        own = self.model.archetypes.get(self.figures.text("archetype") or "")
        if own is not None and dimension in own.weights:
            return Fraction(own.weights[dimension])
        return Fraction(self.model.dimensions[dimension].weight)

    def dimension(self, name: str) -> DimensionScore:
        """Return score and level of a dimension, with what held the level down."""
        if name not in self._dimensions:
            self._dimensions[name] = self._rate_dimension(name)
        return self._dimensions[name]

    def _rate_dimension(self, name: str) -> DimensionScore:
        dimension = self.model.dimensions[name]
        scale, rating = self.model.content.scale, self.model.content.rating
        weights = self.model.area_weights
        areas = {area.id: self.area(area.id) for area in dimension.areas}
        score = scoring.combined(
            dimension.aggregation, [(weights[a.id], areas[a.id].score) for a in dimension.areas]
        )
        trust = scoring.mean_trust(self.model, areas)
        weight = self.weight_of(name)
        if score is None:
            return DimensionScore(None, None, None, trust, weight, ())
        by_score = scoring.reached(scale, score)
        level, held_by = by_score, tuple[str, ...]()
        critical = {
            area: found for area in dimension.critical if (found := areas[area].level) is not None
        }
        if critical and (lowest := min(critical.values())) + rating.critical_margin < level:
            level = lowest + rating.critical_margin
            held_by = tuple(area for area, found in critical.items() if found == lowest)
        for gate in self.model.content.gates:
            ceiling = self._ceiling(gate) if gate.caps == name else None
            if ceiling is not None and ceiling < level:
                level, held_by = max(scale.minimum, ceiling), (gate.id,)
        return DimensionScore(score, level, by_score, trust, weight, held_by)

    def _ceiling(self, gate: Gate) -> int | None:
        if gate.when is not None and not self.holds(gate.when):
            return None
        value = self.number(gate.at)
        return None if value is None else floor(value)

    @property
    def scorecard(self) -> Scorecard:
        """The complete scorecard."""
        if self._scorecard is None:
            self._scorecard = self._build_scorecard()
        return self._scorecard

    def _build_scorecard(self) -> Scorecard:
        content = self.model.content
        dimensions = {name: self.dimension(name) for name in self.model.dimensions}
        lenses = {
            lens.id: scoring.combined(
                lens.aggregation,
                [
                    (dimensions[dim.id].weight, dimensions[dim.id].score)
                    for dim in content.dimensions
                    if dim.lens == lens.id
                ],
            )
            for lens in content.lenses
        }
        overall = scoring.combined(
            content.aggregation,
            [(Fraction(lens.weight), lenses[lens.id]) for lens in content.lenses],
        )
        by_score = scoring.reached(content.scale, overall) if overall is not None else None
        gates = tuple(self._gate_result(gate) for gate in content.gates if gate.caps == OVERALL)
        level, binding = by_score, None
        for result in gates:
            if level is not None and result.ceiling is not None and result.ceiling < level:
                level, binding = max(content.scale.minimum, result.ceiling), result
        return Scorecard(
            areas={name: self.area(name) for name in self.model.areas},
            dimensions=dimensions,
            lenses=lenses,
            overall=overall,
            index=scoring.index_of(content.scale, overall) if overall is not None else None,
            by_score=by_score,
            level=level,
            gates=gates,
            binding=binding,
        )

    def _gate_result(self, gate: Gate) -> GateResult:
        levels = {name: self.level(name) for name in gate.binds}
        known = {name: level for name, level in levels.items() if level is not None}
        lowest = min(known.values(), default=None)
        binds = tuple(name for name, level in known.items() if level == lowest)
        return GateResult(gate, self._ceiling(gate), binds)

    def level(self, name: str) -> int | None:
        """Return the level of an area or dimension."""
        found = self._rate(name) if name in self.model.areas else self.dimension(name)
        return found.level

    def number(self, source: str) -> Fraction | None:
        """Return the value of a formula of the content; None while it is unknown."""
        value = self.model.expression(source).evaluate(self)
        return value if isinstance(value, Fraction) else None

    def holds(self, source: str) -> bool | None:
        """Return whether a condition of the content holds; None while it is undecided."""
        value = self.model.expression(source).evaluate(self)
        return None if value is UNKNOWN else bool(value)

    # -- views of different people ---------------------------------------------------------

    def agreement(self, name: str) -> QuestionAgreement:
        """Return how far the roles agree on a question."""
        if name not in self._agreements:
            self._agreements[name] = question_agreement(
                self.model, self.model.questions[name], self.assessment, self._perceived
            )
        return self._agreements[name]

    def _perceived(self, question: Question, answer: Answer) -> Fraction | None:
        return self._scorer.plain_score(question, answer)

    # -- measures --------------------------------------------------------------------------

    @property
    def economics(self) -> UnitEconomics:
        """Unit economics from the facts and the assumptions of the assessment's controls."""
        if self._economics is None:
            self._economics = unit_economics(self.model, self.figures, self.assessment.controls)
        return self._economics

    def measure(self, name: str) -> Fraction | None:
        """Return a computed number by its name in conditions; None when it cannot be known."""
        if name not in self._measures:
            self._measures[name] = self._compute_measure(name)
        return self._measures[name]

    def _compute_measure(self, name: str) -> Fraction | None:
        if name in self._computed:
            return self._computed[name](self)
        return getattr(self.economics, name, None)

    _computed: Mapping[str, Callable[["World"], Fraction | None]] = {
        "load_ratio": lambda world: load_ratio(
            world.model, world.figures, world.tool_level, world.assessment.controls
        ),
        "capacity": lambda world: specialist_capacity(
            world.model, world.figures, world.tool_level, world.assessment.controls
        ),
        "index": lambda world: world.scorecard.index,
        "overall_level": lambda world: _fraction(world.scorecard.level),
        "alpha": lambda world: alignment_alpha(world.model, world.assessment, world._perceived),
        "alignment": lambda world: world.mean_agreement(),
        "low_confidence_areas": lambda world: _fraction(world.low_confidence_areas()),
    }

    def tool_level(self) -> int | None:
        """Return the level of the area that decides the tool factor of capacity."""
        staffing = self.model.content.staffing
        return self.level(staffing.tool_area) if staffing else None

    def mean_agreement(self) -> Fraction | None:
        """Return the mean r_wg of the shared questions (K47).

        Shared: anchored, answered by two roles or more, and not by a front line too small for its
        view to be printed; so the figure is the one the perception chapter prints.
        """
        fewest = self.model.content.rating.agreement.minimum_group
        shared = [
            found
            for name, question in self.model.questions.items()
            if question.type == "choice" and (found := self.agreement(name)).roles > 1
        ]
        known = [
            found.rwg for found in shared if found.rwg is not None and not 0 < found.front < fewest
        ]
        return sum(known, Fraction(0)) / len(known) if known else None

    def low_confidence_areas(self) -> int | None:
        """Count the areas answered whose evidence is weak; None where none is answered.

        An area without an answer is not assessed: it does not rest on hearsay, but on nothing.
        """
        rating = self.model.content.rating
        areas = [self._rate(name) for name in self.model.areas]
        trusts = [area.trust for area in areas if area.missing < 1]
        weak = sum(scoring.confidence_word(rating, trust) == "low" for trust in trusts)
        return weak if trusts else None

    def set_stage(self, *, scale: int | None, verdict: int | None) -> None:
        """Make the stage readings (positions from 0) known to rules."""
        self._measures["scale_stage"] = _fraction(scale)
        self._measures["stage"] = _fraction(verdict)
        for name in ("scale_stage", "stage"):
            self._resolved.pop(Reference("name", (name,)), None)

    # -- the language ----------------------------------------------------------------------

    def resolve(self, reference: Reference) -> Resolved:
        """Return the value of a reference, or UNKNOWN. Implements the expression's ``Resolver``."""
        if reference not in self._resolved:
            value = self._look_up(reference)
            self._resolved[reference] = UNKNOWN if value is None else value
        return self._resolved[reference]

    def _look_up(self, reference: Reference) -> Fraction | bool | str | None:
        canonical = self.model.vocabulary.canonical(reference)
        if canonical is None:
            return None
        name, *items = canonical
        return self._readers[reference.function](self, name, items)

    def _read_name(self, name: str, _: list[str]) -> Fraction | bool | str | None:
        fact = self.figures.given(name)
        if fact is not None:
            return None if isinstance(fact.value, tuple) else fact.value
        return None if name in self.model.fact_parts else self.measure(name)

    def _read_score(self, name: str, _: list[str]) -> Fraction | None:
        if name in self.model.areas:
            return self._rate(name).score
        if name in self.model.dimensions:
            return self.dimension(name).score
        return self.question(name).score

    def _picked(self, name: str) -> frozenset[str] | None:
        if name in self.model.fact_parts:
            items = self.figures.items(name)
            return frozenset(items) if items is not None else None
        return self.question(name).items

    def _read_has(self, name: str, items: list[str]) -> bool | None:
        picked = self._picked(name)
        return None if picked is None else items[0] in picked

    def _read_share(self, name: str, items: list[str]) -> Fraction | None:
        picked = self._picked(name)
        return None if picked is None else Fraction(len(picked.intersection(items)), len(items))

    def _read_count(self, name: str, _: list[str]) -> Fraction | None:
        return _fraction(len(picked)) if (picked := self._picked(name)) is not None else None

    _readers: Mapping[str, Callable[["World", str, list[str]], Fraction | bool | str | None]] = {
        "name": _read_name,
        "level": lambda world, name, _: _fraction(world.level(name)),
        "score": _read_score,
        "confidence": lambda world, name, _: world.evidence(name),
        "value": lambda world, name, _: world.question(name).value,
        "gap": lambda world, name, _: world.agreement(name).gap,
        "has": _read_has,
        "share": _read_share,
        "count": _read_count,
    }


def _fraction(number: int | None) -> Fraction | None:
    return None if number is None else Fraction(number)
