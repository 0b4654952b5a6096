"""From every printed number down to the answers behind it.

A trail is a tree: the overall score, its lenses, their dimensions, areas, questions, roles, and
each respondent's answer. Every number is the one the scorecard holds; what is added is how it came
about: ``weight`` as the model gives it and ``share``, the part of the parent's mean it makes up
once what is unknown is left out. So a value is exactly the sum of share × value of its children.
Levels are no means: ``bounds`` name what held one down.

People are told apart by role and label alone, as everywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from app.domain.behind import Grounds, stating_fact
from app.domain.change import needed_evidence
from app.domain.definitions.questionnaire import Question
from app.domain.definitions.structure import Aggregation
from app.domain.response import Respondent
from app.domain.rules import Finding
from app.domain.scoring import AnswerScorer, QuestionResult, reached, role_weight
from app.domain.trail import Bound, BoundKind, FindingLeaf, Part, Said, Trail, shares_of
from app.domain.world import OVERALL, World

Follow = Callable[[str, int | None], Trail]


class Trails:
    """Follows numbers of one world down to the answers.

    ``depth`` is the number of steps down that a trail is followed; None follows it to the end.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._scorer = AnswerScorer(world.model, world.form, world.benchmark)

    def overall(self, depth: int | None = None) -> Trail:
        """Return the trail of the overall score, of which the index is the linear image."""
        content, card = self.world.model.content, self.world.scorecard
        parts = [(lens.id, Fraction(lens.weight), card.lenses[lens.id]) for lens in content.lenses]
        bounds: tuple[Bound, ...] = ()
        if card.binding is not None and card.level is not None:
            ids = (card.binding.gate.id, *card.binding.binds)
            bounds = (Bound("gate", ids, Fraction(card.level)),)
        return Trail(
            kind="overall",
            id=OVERALL,
            value=card.overall,
            level=card.level,
            by_score=card.by_score,
            bounds=bounds,
            children=_children(content.aggregation, parts, self.lens, depth),
        )

    def lens(self, name: str, depth: int | None = None) -> Trail:
        """Return the trail of a lens."""
        content, card = self.world.model.content, self.world.scorecard
        lens = next(lens for lens in content.lenses if lens.id == name)
        parts = [
            (dim.id, card.dimensions[dim.id].weight, card.dimensions[dim.id].score)
            for dim in content.dimensions
            if dim.lens == name
        ]
        children = _children(lens.aggregation, parts, self.dimension, depth)
        return Trail("lens", name, card.lenses[name], children=children)

    def dimension(self, name: str, depth: int | None = None) -> Trail:
        """Return the trail of a dimension."""
        model, found = self.world.model, self.world.dimension(name)
        dimension, weights = model.dimensions[name], model.area_weights
        parts = [
            (area.id, weights[area.id], self.world.area(area.id).score) for area in dimension.areas
        ]
        bounds: tuple[Bound, ...] = ()
        if found.held_by and found.level is not None:
            kind: BoundKind = "critical-area" if found.held_by[0] in model.areas else "gate"
            bounds = (Bound(kind, found.held_by, Fraction(found.level)),)
        return Trail(
            kind="dimension",
            id=name,
            value=found.score,
            level=found.level,
            by_score=found.by_score,
            trust=found.trust,
            bounds=bounds,
            children=_children(dimension.aggregation, parts, self.area, depth),
        )

    def area(self, name: str, depth: int | None = None) -> Trail:
        """Return the trail of an area; without a value where too much of it is unanswered."""
        found, scale = self.world.area(name), self.world.model.content.scale
        asked = self.world.model.asked_in[self.world.form.id][name]
        parts = [(q.id, weight, self.world.question(q.id).score) for q, weight in asked]
        return Trail(
            kind="area",
            id=name,
            value=found.score,
            level=found.level,
            by_score=reached(scale, found.score) if found.score is not None else None,
            trust=found.trust,
            bounds=self._area_bounds(name, parts),
            children=_children("weighted-mean", parts, self.question, depth),
        )

    def question(self, name: str, depth: int | None = None) -> Trail:
        """Return the trail of a question."""
        result = self.world.question(name)
        return Trail(
            kind="question",
            id=name,
            value=result.score,
            trust=result.trust,
            children=() if depth == 0 else self._said(name, result, _below(depth)),
        )

    def finding(self, finding: Finding) -> tuple[FindingLeaf, ...]:
        """Return every comparison of a finding's condition with what it was read from."""
        grounds = Grounds(self.world)
        decisive = {atom.shape.number for atom in finding.trace.decisive()}
        leaves = []
        for atom in finding.trace.atoms():
            behind = grounds.of_all(atom.references)
            carries = atom.shape.number in decisive
            leaves.append(FindingLeaf(atom, carries, behind.questions, behind.facts))
        return tuple(leaves)

    def _area_bounds(self, name: str, parts: Sequence[Part]) -> tuple[Bound, ...]:
        found, questions = self.world.area(name), self.world.model.questions
        bounds: list[Bound] = []
        if found.held_by is not None and found.level is not None:
            held = tuple(q for q, _, _ in parts if questions[q].code == found.held_by)
            bounds.append(Bound("gate-question", held, Fraction(found.level)))
        if found.asked and found.score is None:
            bounds.append(Bound("missing", tuple(q for q, _, score in parts if score is None)))
        codes = tuple(item.code for item in self.world.contradicted if name in item.areas)
        if codes:
            bounds.append(Bound("contradiction", codes))
        return tuple(bounds)

    # -- answers ---------------------------------------------------------------------------

    def _said(self, name: str, result: QuestionResult, depth: int | None) -> tuple[Trail, ...]:
        question, rulings = self.world.model.questions[name], self.world.assessment.adjudications
        roles = self._roles(question, depth)
        if name in rulings:
            ruling = rulings[name]
            said = Said(ruling.value, ruling.evidence, reason=ruling.reason)
            told = Trail("adjudication", name, result.score, trust=result.trust, said=said)
            return (told, *(replace(role, share=Fraction(0)) for role in roles))
        if question.formula is not None and result.score is not None:
            behind = Grounds(self.world).of_question(question).facts
            facts = tuple(replace(self._fact(part), share=Fraction(0)) for part in behind)
            return (Trail("computed", name, result.score, trust=result.trust, children=facts),)
        part = stating_fact(self.world, question)
        if part is not None:
            return (replace(self._fact(part), value=result.score), *roles)
        return roles

    def _fact(self, part: str) -> Trail:
        given, trusts = self.world.figures.given(part), self.world.model.trusts
        default = self.world.model.content.rating.fact_evidence
        grade = (given.evidence if given is not None else None) or default
        said = Said(given.value if given is not None else None, grade)
        return Trail("fact", part, None, trust=trusts[grade], said=said)

    def _roles(self, question: Question, depth: int | None) -> tuple[Trail, ...]:
        rating, form = self.world.model.content.rating, self.world.form
        answers: dict[str, list[Trail]] = {}
        for person in self.world.assessment.respondents:
            if question.id in person.answers:
                answers.setdefault(person.role, []).append(self._answer(question, person))
        parts = [
            (role, Fraction(role_weight(question, role, rating, form)), _mean(found))
            for role, found in answers.items()
        ]

        def follow(role: str, below: int | None) -> Trail:
            found = answers[role]
            children = () if below == 0 else _evenly(found)
            return Trail("role", role, _mean(found), trust=_mean_trust(found), children=children)

        return _children("weighted-mean", parts, follow, None if depth is None else depth + 1)

    def _answer(self, question: Question, person: Respondent) -> Trail:
        answer = person.answers[question.id]
        score = self._scorer.score(question, answer)
        plain = self._scorer.plain_score(question, answer)
        bounds: tuple[Bound, ...] = ()
        if score is not None and plain is not None and score < plain:
            wants = needed_evidence(self.world.model.content.rating, int(plain))
            bounds = (Bound("evidence", (wants,), score),)
        return Trail(
            kind="answer",
            id=person.role,
            value=score,
            trust=self.world.model.trusts[answer.evidence],
            bounds=bounds,
            said=Said(answer.value, answer.evidence, person.label),
        )


def _children(
    aggregation: Aggregation, parts: Sequence[Part], follow: Follow, depth: int | None
) -> tuple[Trail, ...]:
    """Return the trails of the parts, each with its weight and its share of the whole."""
    if depth == 0:
        return ()
    shares = shares_of(aggregation, parts)
    return tuple(
        replace(follow(name, _below(depth)), weight=weight, share=shares[name])
        for name, weight, _ in parts
    )


def _below(depth: int | None) -> int | None:
    return None if depth is None else depth - 1


def _evenly(answers: Sequence[Trail]) -> tuple[Trail, ...]:
    """Return the answers of one role with their shares: inside a role everyone counts the same."""
    known = sum(answer.value is not None for answer in answers)
    return tuple(
        replace(answer, share=Fraction(answer.value is not None, known or 1)) for answer in answers
    )


def _mean(answers: Sequence[Trail]) -> Fraction | None:
    known = [answer.value for answer in answers if answer.value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _mean_trust(answers: Sequence[Trail]) -> Fraction | None:
    """Return the mean trust of those who gave an answer; None where nobody did."""
    known = [
        answer.trust
        for answer in answers
        if answer.trust is not None and answer.said is not None and answer.said.value is not None
    ]
    return sum(known, Fraction(0)) / len(known) if known else None
