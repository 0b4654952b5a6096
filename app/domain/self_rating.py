"""How a self-check differs from what the consultant found: the self-rating bias, as a finding.

Compared is like with like: the questions both answered, each as scored in its own round, and the
means over them. Dimension scores of the two forms are not compared, because they rest on different
questions. Scores of a self-check are claims without caps; part of the difference is evidence nobody
could show. From which difference on it is a finding is the model's (``SelfRatingBands``).
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.definitions.record import Number
from app.domain.diagnosis import Diagnosis
from app.domain.model import MaturityModel
from app.domain.rescoring import question_changes

Bias: TypeAlias = Literal["higher", "lower", "alike"]
"""How the self-rating lies to the consultant's result, once the difference is a finding."""


@dataclass(frozen=True, slots=True)
class RatedQuestion:
    """One question: the score claimed and the score found, on the scale; ``gap`` claimed − found.

    ``same_words`` is false where the two rounds asked it in different words.
    """

    question: str
    claimed: Fraction
    found: Fraction
    same_words: bool

    @property
    def gap(self) -> Fraction:
        """How much more was claimed than found; negative: less."""
        return self.claimed - self.found


@dataclass(frozen=True, slots=True)
class RatedGroup:
    """The questions of one dimension, or all of them (``id`` "overall").

    ``claimed`` and ``found`` are means over ``n`` questions, ``gap`` their difference in levels.
    ``bias`` is "alike" below the threshold, and where too few questions were answered by both.
    """

    id: str
    n: int
    claimed: Fraction
    found: Fraction
    bias: Bias

    @property
    def gap(self) -> Fraction:
        """How much more was claimed than found; negative: less."""
        return self.claimed - self.found


@dataclass(frozen=True, slots=True)
class SelfRating:
    """The comparison: overall, per dimension, and every question, the largest difference first."""

    overall: RatedGroup
    dimensions: tuple[RatedGroup, ...]
    questions: tuple[RatedQuestion, ...]

    @property
    def is_finding(self) -> bool:
        """Whether the self-rating differs enough to be told, overall or in any dimension."""
        return any(group.bias != "alike" for group in (self.overall, *self.dimensions))


def compare_self_rating(
    self_check: Diagnosis, diagnosis: Diagnosis, verified: Set[str] | None = None
) -> SelfRating | None:
    """Compare a self-check with the consultant's diagnosis; None where they share no question.

    ``verified`` are the questions that count (None: all): an answer of the diagnosis that only
    repeats the self-check says nothing about it. Thresholds and dimensions are those of the
    diagnosis's model.
    """
    model = diagnosis.model
    changed = question_changes(
        self_check.model, self_check.assessment.form, model, diagnosis.assessment.form
    )
    reworded = set(changed.reworded)
    rated = [
        RatedQuestion(name, claimed.score, found.score, name not in reworded)
        for name, found in diagnosis.questions.items()
        if (verified is None or name in verified)
        and (claimed := self_check.questions.get(name)) is not None
        and claimed.score is not None
        and found.score is not None
    ]
    if not rated:
        return None
    bands = model.content.coaching.self_rating
    dimensions = tuple(
        _group(name, own, bands.dimension, bands.questions)
        for name in model.dimensions
        if (own := [one for one in rated if _dimension_of(model, one.question) == name])
    )
    return SelfRating(
        overall=_group("overall", rated, bands.overall, bands.questions),
        dimensions=dimensions,
        questions=tuple(sorted(rated, key=lambda one: (-abs(one.gap), one.question))),
    )


def _dimension_of(model: MaturityModel, question: str) -> str | None:
    area = model.questions[question].area
    return model.dimension_of[area].id if area is not None else None


def _group(name: str, rated: Sequence[RatedQuestion], limit: Number, fewest: int) -> RatedGroup:
    n = len(rated)
    claimed = sum((one.claimed for one in rated), Fraction(0)) / n
    found = sum((one.found for one in rated), Fraction(0)) / n
    bias: Bias = "alike"
    if n >= fewest and abs(claimed - found) >= Fraction(limit):
        bias = "higher" if claimed > found else "lower"
    return RatedGroup(name, n, claimed, found, bias)
