"""Two diagnoses of one client side by side, and what moved: the practice, or the model.

Three results are compared: the old one, the old answers under the new release, and the new one.
The step from the first to the second is owed to the model or its rules, the step from the second to
the third to the practice; both add up to the whole change. Where the middle one cannot be known (an
area whose questions are all new), the change is told and not split. Where questions are new, their
answers count as practice although nobody was asked before: ``unasked`` says how much of the weight
that is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.definitions.structure import Dimension
from app.domain.diagnosis import Diagnosis
from app.domain.finding_changes import FindingChange, finding_changes
from app.domain.rescoring import QuestionChanges, question_changes

Presence: TypeAlias = Literal["both", "before", "after"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A score (for the index 0–100, else on the scale) and the level it gives; None: not rated."""

    score: Fraction | None
    level: int | None


NOT_RATED = Reading(None, None)


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One score before, under the new release, and after.

    ``presence`` tells whether both releases know the thing. ``unasked`` (0–1) is the share of its
    weight that rests on questions first answered in the new round.
    """

    id: str
    before: Reading
    rescored: Reading
    after: Reading
    presence: Presence = "both"
    unasked: Fraction = Fraction(0)

    @property
    def total(self) -> Fraction | None:
        """The whole change; None where one of the two was not rated."""
        return _less(self.after.score, self.before.score)

    @property
    def by_rules(self) -> Fraction | None:
        """What the new release alone makes of the old answers."""
        return _less(self.rescored.score, self.before.score)

    @property
    def by_practice(self) -> Fraction | None:
        """What the new answers make of it, by the same rules."""
        return _less(self.after.score, self.rescored.score)

    @property
    def is_split(self) -> bool:
        """Whether the change is known in both its parts."""
        return self.by_rules is not None and self.by_practice is not None

    @property
    def levels_by_practice(self) -> int | None:
        """Levels gained by the same rules; negative: lost."""
        if self.after.level is None or self.rescored.level is None:
            return None
        return self.after.level - self.rescored.level

    @property
    def levels_by_rules(self) -> int | None:
        """Levels the new release alone gives or takes."""
        if self.rescored.level is None or self.before.level is None:
            return None
        return self.rescored.level - self.before.level


def _less(after: Fraction | None, before: Fraction | None) -> Fraction | None:
    return None if after is None or before is None else after - before


@dataclass(frozen=True, slots=True)
class StageChange:
    """The stages (by id) before, under the new release, and after; None where undecided."""

    before: str | None
    rescored: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Rediagnosis:
    """The comparison. ``overall`` is the index with the overall level.

    Lenses, dimensions and areas come in the order of the new model, those it dropped last.
    ``same_release``: both rounds were scored by one release, so all change is practice.
    """

    before: Diagnosis
    after: Diagnosis
    same_release: bool
    overall: ScoreChange
    lenses: tuple[ScoreChange, ...]
    dimensions: tuple[ScoreChange, ...]
    areas: tuple[ScoreChange, ...]
    stage: StageChange
    findings: tuple[FindingChange, ...]
    questions: QuestionChanges


def compare(before: Diagnosis, rescored: Diagnosis, after: Diagnosis) -> Rediagnosis:
    """Compare two diagnoses of one client.

    ``rescored`` is the diagnosis of the old answers under the new release (``rescorable``); the
    old diagnosis itself where both rounds have one release. All three are in one language. Raises
    ``ValueError`` where ``rescored`` was made by another release than ``after``.
    """
    if rescored.model.digest != after.model.digest:
        raise ValueError("old answers are compared as the new release scores them")
    rounds = (before, rescored, after)
    unasked = _unasked(rescored, after)
    dimensions = after.model.dimensions
    by_dimension = {name: _of_dimension(dim, unasked) for name, dim in dimensions.items()}
    by_lens = {
        lens.id: _weighted(
            (Fraction(after.scorecard.dimensions[dim.id].weight), by_dimension[dim.id])
            for dim in after.model.content.dimensions
            if dim.lens == lens.id
        )
        for lens in after.model.content.lenses
    }
    overall = _weighted(
        (Fraction(lens.weight), by_lens[lens.id]) for lens in after.model.content.lenses
    )
    return Rediagnosis(
        before=before,
        after=after,
        same_release=before.model.digest == after.model.digest,
        overall=ScoreChange(
            "overall", _overall(before), _overall(rescored), _overall(after), "both", overall
        ),
        lenses=_changes(rounds, _lenses, by_lens),
        dimensions=_changes(rounds, _dimensions, by_dimension),
        areas=_changes(rounds, _areas, unasked),
        stage=StageChange(_stage(before), _stage(rescored), _stage(after)),
        findings=finding_changes(before, rescored, after),
        questions=question_changes(
            before.model, before.assessment.form, after.model, after.assessment.form
        ),
    )


_Rounds: TypeAlias = tuple[Diagnosis, Diagnosis, Diagnosis]
_Readings: TypeAlias = Mapping[str, Reading]


def _changes(
    rounds: _Rounds, read: Callable[[Diagnosis], _Readings], unasked: Mapping[str, Fraction]
) -> tuple[ScoreChange, ...]:
    old, middle, new = (read(one) for one in rounds)

    def presence(name: str) -> Presence:
        if name in old and name in new:
            return "both"
        return "before" if name in old else "after"

    return tuple(
        ScoreChange(
            id=name,
            before=old.get(name, NOT_RATED),
            rescored=middle.get(name, NOT_RATED),
            after=new.get(name, NOT_RATED),
            presence=presence(name),
            unasked=unasked.get(name, Fraction(0)),
        )
        for name in dict.fromkeys([*new, *old])
    )


def _overall(diagnosis: Diagnosis) -> Reading:
    return Reading(diagnosis.scorecard.index, diagnosis.scorecard.level)


def _lenses(diagnosis: Diagnosis) -> _Readings:
    return {name: Reading(score, None) for name, score in diagnosis.scorecard.lenses.items()}


def _dimensions(diagnosis: Diagnosis) -> _Readings:
    found = diagnosis.scorecard.dimensions
    return {name: Reading(one.score, one.level) for name, one in found.items()}


def _areas(diagnosis: Diagnosis) -> _Readings:
    found = diagnosis.scorecard.areas
    return {name: Reading(one.score, one.level) for name, one in found.items()}


def _stage(diagnosis: Diagnosis) -> str | None:
    stage = diagnosis.stage
    return stage.stage.id if stage is not None and stage.decided else None


# -- questions nobody was asked before -----------------------------------------------------------


def _unasked(rescored: Diagnosis, after: Diagnosis) -> Mapping[str, Fraction]:
    """Return per area the share of weight answered now and not in the old round."""
    asked = after.model.asked_in[after.assessment.form]

    def is_first(question: str) -> bool:
        old, new = rescored.questions.get(question), after.questions.get(question)
        return new is not None and new.score is not None and (old is None or old.score is None)

    return {
        area: sum((share for question, share in questions if is_first(question.id)), Fraction(0))
        for area, questions in asked.items()
    }


def _of_dimension(dimension: Dimension, unasked: Mapping[str, Fraction]) -> Fraction:
    return _weighted((Fraction(area.weight), unasked[area.id]) for area in dimension.areas)


def _weighted(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    return sum((weight * share for weight, share in parts), Fraction(0))
