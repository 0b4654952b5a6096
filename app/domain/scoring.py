"""From answers to levels: question scores, area scores, dimensions, gates, the index.

Everything that decides a level is computed in ``Fraction``. A score is on the model's scale; a
level is the whole number printed; None means "not rated", never "worst".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from app.domain.definitions.questionnaire import Form, Question
from app.domain.definitions.record import Number
from app.domain.definitions.structure import Aggregation, Area, EvidenceCode, Rating, Scale
from app.domain.model import MaturityModel
from app.domain.response import Adjudication, Answer, AnswerValue, Assessment, Confidence


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What all answers to one question come to.

    ``score`` on the scale and ``value`` in the question's unit are weighted means of role means;
    ``items`` are the items that stand (positive lists: confirmed by half the weight; negative
    lists: reported by anyone); ``trust`` (0–1) is the evidence behind it; ``role_means`` holds the
    uncapped mean and count of every role that answered, whoever was meant to.
    """

    score: Fraction | None
    value: Fraction | None
    items: frozenset[str] | None
    trust: Fraction
    answers: int
    adjudicated: bool
    role_means: Mapping[str, tuple[Fraction, int]]


NOT_ANSWERED = QuestionResult(None, None, None, Fraction(0), 0, False, {})


@dataclass(frozen=True, slots=True)
class AreaScore:
    """Score and level of an area; ``trust`` 0–1; ``missing`` the share of weight unanswered."""

    score: Fraction | None
    level: int | None
    trust: Fraction
    missing: Fraction
    asked: bool
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerScorer:
    """Scores single answers of one assessment: bands, lists, evidence caps."""

    model: MaturityModel
    form: Form
    benchmark: Callable[[str], Fraction | None]

    def score(self, question: Question, answer: Answer) -> Fraction | None:
        """Return the score of one answer on the scale, capped by its evidence; None if unknown."""
        value = answer.value
        if value is None or question.type == "text":
            return None
        if isinstance(value, bool):
            return self._yes_no(value, answer.evidence)
        if isinstance(value, tuple):
            return list_score(question, value, self.model.content.scale)
        if isinstance(value, str):
            return None
        if question.type == "choice":
            return Fraction(self._capped(int(value), answer.evidence))
        return self.number_score(question, Fraction(value))

    def plain_score(self, question: Question, answer: Answer) -> Fraction | None:
        """Return the score a person gave, before any evidence cap: what they perceive."""
        if question.type == "choice":
            return as_number(answer.value)
        return self.score(question, answer)

    def number_score(self, question: Question, value: Fraction) -> Fraction | None:
        """Return the score of a number by the question's bands, or linearly between its bounds."""
        scale = self.model.content.scale
        if question.relative_to is not None:
            benchmark = self.benchmark(question.relative_to)
            if not benchmark:
                return None
            value = value / benchmark
        if not question.bands:
            low, high = Fraction(question.minimum or 0), Fraction(question.maximum or 1)
            share = min(max((value - low) / (high - low), Fraction(0)), Fraction(1))
            return scale.minimum + (scale.maximum - scale.minimum) * share
        for band in question.bands:
            if band.below is not None and value < band.below:
                return Fraction(band.score)
            if band.up_to is not None and value <= band.up_to:
                return Fraction(band.score)
        return Fraction(question.bands[-1].score)

    def _capped(self, option: int, evidence: EvidenceCode) -> int:
        if not self.form.caps_by_evidence:
            return option
        limits = [
            rule.cap
            for rule in self.model.content.rating.evidence_caps
            if option >= rule.from_option and evidence < rule.needs
        ]
        return min([option, *limits])

    def _yes_no(self, yes: bool, evidence: EvidenceCode) -> Fraction:
        scale, rating = self.model.content.scale, self.model.content.rating
        if not yes:
            return Fraction(scale.minimum)
        if evidence >= rating.yes_evidence:
            return Fraction(scale.maximum)
        return Fraction(rating.yes_without_evidence)


def list_score(question: Question, picked: tuple[str, ...], scale: Scale) -> Fraction:
    """Score a list: the share of items on the scale, or one level lost per item when negative."""
    if question.negative:
        return Fraction(max(scale.minimum, scale.maximum - len(picked)))
    span = scale.maximum - scale.minimum
    return scale.minimum + Fraction(span * len(picked), len(question.items))


def rate_question(
    question: Question, assessment: Assessment, scorer: AnswerScorer
) -> QuestionResult:
    """Combine all answers to one question; an adjudication replaces them."""
    rating = scorer.model.content.rating
    by_role: dict[str, list[Answer]] = {}
    for respondent in assessment.respondents:
        answer = respondent.answers.get(question.id)
        if answer is not None and answer.value is not None:
            by_role.setdefault(respondent.role, []).append(answer)
    if not by_role and question.id not in assessment.adjudications:
        return NOT_ANSWERED
    role_means = _role_means(question, by_role, scorer)
    count = sum(len(answers) for answers in by_role.values())
    adjudication = assessment.adjudications.get(question.id)
    if adjudication is not None:
        return _adjudicated(question, adjudication, scorer, count, role_means)
    weighted = [
        (Fraction(weight), answers)
        for role, answers in by_role.items()
        if (weight := role_weight(question, role, rating, scorer.form))
    ]
    if not weighted:
        return QuestionResult(None, None, None, Fraction(0), count, False, role_means)
    trusts = scorer.model.trusts
    return QuestionResult(
        score=_mean_of_means(weighted, lambda answer: scorer.score(question, answer)),
        value=_mean_of_means(weighted, lambda answer: as_number(answer.value)),
        items=_standing_items(question, weighted),
        trust=_mean_of_means(weighted, lambda answer: trusts[answer.evidence]) or Fraction(0),
        answers=count,
        adjudicated=False,
        role_means=role_means,
    )


def role_weight(question: Question, role: str, rating: Rating, form: Form) -> Number:
    """Return the weight of a role's mean in a question; 0 for a role it is not asked of."""
    if form.everyone_counts or role in question.primary:
        return rating.primary_weight
    return rating.secondary_weight if role in question.secondary else 0


def as_number(value: AnswerValue | None) -> Fraction | None:
    """Return a numeric answer (option number or figure) as a Fraction."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return None
    return Fraction(value)


def _role_means(
    question: Question, by_role: Mapping[str, list[Answer]], scorer: AnswerScorer
) -> dict[str, tuple[Fraction, int]]:
    means = {}
    for role, answers in by_role.items():
        scores = [scorer.plain_score(question, answer) for answer in answers]
        known = [score for score in scores if score is not None]
        if known:
            means[role] = (sum(known, Fraction(0)) / len(known), len(known))
    return means


def _adjudicated(
    question: Question,
    adjudication: Adjudication,
    scorer: AnswerScorer,
    count: int,
    role_means: Mapping[str, tuple[Fraction, int]],
) -> QuestionResult:
    value = adjudication.value
    return QuestionResult(
        score=scorer.score(question, Answer(value, adjudication.evidence)),
        value=as_number(value),
        items=frozenset(value) if isinstance(value, tuple) else None,
        trust=scorer.model.trusts[adjudication.evidence],
        answers=count,
        adjudicated=True,
        role_means=role_means,
    )


def _mean_of_means(
    weighted: Sequence[tuple[Fraction, list[Answer]]],
    read: Callable[[Answer], Fraction | None],
) -> Fraction | None:
    if len(weighted) == 1 and len(weighted[0][1]) == 1:
        return read(weighted[0][1][0])
    total, weights = Fraction(0), Fraction(0)
    for weight, answers in weighted:
        known = [number for answer in answers if (number := read(answer)) is not None]
        if known:
            total += weight * sum(known, Fraction(0)) / len(known)
            weights += weight
    return total / weights if weights else None


def _standing_items(
    question: Question, weighted: list[tuple[Fraction, list[Answer]]]
) -> frozenset[str] | None:
    if question.type != "multi":
        return None
    if question.negative:
        return frozenset(
            item
            for _, answers in weighted
            for answer in answers
            if isinstance(answer.value, tuple)
            for item in answer.value
        )
    shares = {item.id: _mean_of_means(weighted, _picks(item.id)) for item in question.items}
    return frozenset(item for item, share in shares.items() if share and share * 2 >= 1)


def _picks(item: str) -> Callable[[Answer], Fraction | None]:
    def read(answer: Answer) -> Fraction | None:
        return Fraction(item in answer.value) if isinstance(answer.value, tuple) else None

    return read


def questions_asked(form: Form, questions: Iterable[Question]) -> tuple[Question, ...]:
    """Return those of ``questions`` the form asks."""
    return tuple(q for q in questions if form.every_question or q.id in form.questions)


def rate_area(
    model: MaturityModel,
    area: Area,
    form: Form,
    result_of: Callable[[Question], QuestionResult],
) -> AreaScore:
    """Score one area from the questions its form asks.

    Not rated when more than the model's ``missing_limit`` of the asked weight is unanswered.
    """
    asked = model.asked_in[form.id][area.id]
    if not asked:
        return AreaScore(None, None, Fraction(0), Fraction(1), asked=False)
    results = [(question, share, result_of(question)) for question, share in asked]
    answered = [(share, r.score, r.trust) for _, share, r in results if r.score is not None]
    known = sum((share for share, _, _ in answered), Fraction(0))
    trust = sum((share * trust for share, _, trust in answered), Fraction(0))
    if 1 - known > Fraction(model.content.rating.missing_limit) or not known:
        return AreaScore(None, None, trust, 1 - known, asked=True)
    score = sum((share * score for share, score, _ in answered), Fraction(0)) / known
    gates = {q.code: r.score for q, _, r in results if q.gate}
    level, held_by = area_level(model, score, gates)
    return AreaScore(score, level, trust, 1 - known, True, held_by)


def area_level(
    model: MaturityModel, score: Fraction, gates: Mapping[str, Fraction | None]
) -> tuple[int, str | None]:
    """Return the largest level whose score and gate questions hold, and the gate that held it.

    Level n needs score ≥ n − tolerance and every gate question ≥ n − gate margin.
    """
    scale, margin = model.content.scale, model.content.rating.gate_margin
    by_score = reached(scale, score)
    level, held_by = by_score, None
    for code, gate in gates.items():
        if gate is not None and gate + margin < level:
            level, held_by = max(scale.minimum, floor(gate) + margin), code
    return min(level, by_score), held_by


def reached(scale: Scale, score: Fraction) -> int:
    """Return the level a score reaches: floor(score + tolerance), within the scale."""
    return max(scale.minimum, min(scale.maximum, floor(score + Fraction(scale.tolerance))))


def combined(
    aggregation: Aggregation, weighted: Iterable[tuple[Fraction, Fraction | None]]
) -> Fraction | None:
    """Combine weighted scores, leaving out those not rated; None when nothing is rated."""
    known = [(weight, score) for weight, score in weighted if score is not None]
    if not known:
        return None
    if aggregation == "minimum":
        return min(score for _, score in known)
    weights = sum((weight for weight, _ in known), Fraction(0))
    if not weights:
        return None
    return sum((weight * score for weight, score in known), Fraction(0)) / weights


def index_of(scale: Scale, overall: Fraction) -> Fraction:
    """Return a score as an index 0–100: (x − minimum) / (maximum − minimum) × 100."""
    return (overall - scale.minimum) / (scale.maximum - scale.minimum) * 100


def mean_trust(model: MaturityModel, areas: Mapping[str, AreaScore]) -> Fraction:
    """Return the weighted mean trust (0–1) of the areas that were asked; 0 where none was."""
    weights = model.area_weights
    asked = [(weights[name], area.trust) for name, area in areas.items() if area.asked]
    return combined("weighted-mean", asked) or Fraction(0)


def contradicted_share(rating: Rating, contradictions: int) -> Fraction:
    """Return the share (0–1) of an area's trust that is left after this many contradictions."""
    left = Fraction(rating.contradiction_discount) ** contradictions
    return max(left, Fraction(rating.contradiction_floor))


def confidence_word(rating: Rating, trust: Fraction) -> Confidence:
    """Return the word for a trust of 0–1."""
    if trust >= Fraction(rating.confidence_high):
        return "high"
    return "medium" if trust >= Fraction(rating.confidence_medium) else "low"
