"""How the client's own self-check differs from what the consultant found, as a screen tells it."""

from collections.abc import Set
from dataclasses import dataclass

from app.domain.self_rating import Bias, RatedGroup, compare_self_rating
from app.services.acting import Acting
from app.services.answers.answering import SELF_CHECK
from app.services.diagnosis.reading import Named, Reading, Target
from app.services.selfcheck.leads import self_check_of


@dataclass(frozen=True, slots=True)
class RatedLine:
    """One dimension, or all questions: claimed and found on the scale, their difference in levels.

    ``bias`` is "alike" where the difference is too small, or rests on too few questions, to be a
    finding.
    """

    named: Named
    questions: int
    claimed: str
    found: str
    gap: str
    bias: Bias


@dataclass(frozen=True, slots=True)
class RatedQuestionLine:
    """One question; ``same_words`` is false where the two rounds asked it in different words."""

    named: Named
    claimed: str
    found: str
    gap: str
    same_words: bool


@dataclass(frozen=True, slots=True)
class SelfRatingPart:
    """The comparison; ``overall`` is None while no answer of the self-check has been verified.

    ``apart`` is the overall difference without its sign.
    """

    overall: RatedLine | None
    apart: str
    dimensions: tuple[RatedLine, ...]
    questions: tuple[RatedQuestionLine, ...]
    is_finding: bool


def self_rating_part(acting: Acting, reading: Reading) -> SelfRatingPart | None:
    """Return the comparison, None for an engagement that came from no self-check.

    Only questions that somebody answered in the engagement since count: what came over from the
    self-check cannot differ from it.
    """
    claimed = self_check_of(acting, reading.gathered.opened)
    if claimed is None:
        return None
    rating = compare_self_rating(claimed, reading.diagnosis, _verified(reading))
    if rating is None:
        return SelfRatingPart(None, "", (), (), is_finding=False)
    wording = reading.wording
    return SelfRatingPart(
        overall=_line(reading, Target("overall"), rating.overall),
        apart=wording.score(abs(rating.overall.gap)),
        dimensions=tuple(
            _line(reading, Target("dimension", group.id), group) for group in rating.dimensions
        ),
        questions=tuple(
            RatedQuestionLine(
                named=reading.named(Target("question", one.question)),
                claimed=wording.score(one.claimed),
                found=wording.score(one.found),
                gap=wording.signed(one.gap),
                same_words=one.same_words,
            )
            for one in rating.questions
        ),
        is_finding=rating.is_finding,
    )


def _verified(reading: Reading) -> Set[str]:
    return {
        row.item for rows in reading.rows for row in rows.values() if row.actor != SELF_CHECK
    } | set(reading.diagnosis.assessment.adjudications)


def _line(reading: Reading, target: Target, group: RatedGroup) -> RatedLine:
    wording = reading.wording
    return RatedLine(
        named=reading.named(target),
        questions=group.n,
        claimed=wording.score(group.claimed),
        found=wording.score(group.found),
        gap=wording.signed(group.gap),
        bias=group.bias,
    )
