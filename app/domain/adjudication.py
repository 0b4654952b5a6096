"""Where the consultant must rule: questions on which roles are too far apart for their mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.questionnaire import RoleSide
from app.domain.index_shares import index_shares
from app.domain.scoring import questions_asked, role_weight
from app.domain.world import World


@dataclass(frozen=True, slots=True)
class RoleMean:
    """The mean a role gave a question, before any evidence cap, over ``answers`` answers.

    ``weight`` is that of the role in the question's score; 0 where it was not meant to answer.
    """

    role: str
    side: RoleSide
    mean: Fraction
    answers: int
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One question with the means of all roles side by side, in the order of the model.

    ``gap`` is top minus front line (None where a side is silent), ``spread`` the highest mean minus
    the lowest and so never less than the gap, both in levels; ``weight`` is the question's share of
    the index. ``adjudicated`` where the consultant has ruled.
    """

    question: str
    means: tuple[RoleMean, ...]
    gap: Fraction | None
    spread: Fraction
    weight: Fraction
    adjudicated: bool


def disagreements(world: World) -> tuple[Disagreement, ...]:
    """Return every scored question that two roles or more answered, in asking order."""
    model, shares = world.model, index_shares(world)
    rating, form = model.content.rating, world.form
    found = []
    for question in questions_asked(form, model.questions.values()):
        result = world.question(question.id)
        if question.type == "text" or len(result.role_means) < 2:
            continue
        means = tuple(
            RoleMean(
                role=role.id,
                side=role.side,
                mean=result.role_means[role.id][0],
                answers=result.role_means[role.id][1],
                weight=Fraction(role_weight(question, role.id, rating, form)),
            )
            for role in model.content.roles
            if role.id in result.role_means
        )
        found.append(
            Disagreement(
                question=question.id,
                means=means,
                gap=world.agreement(question.id).gap,
                spread=_spread([each.mean for each in means]),
                weight=shares.get(question.id, Fraction(0)),
                adjudicated=result.adjudicated,
            )
        )
    return tuple(found)


def open_adjudications(world: World) -> tuple[Disagreement, ...]:
    """Return the questions the consultant has still to rule on, largest weight × spread first.

    A question needs a ruling when top and front line differ by ``gap_finding`` of the model or more
    (either way round), or any two roles by ``gap_serious``: the two outermost of several means lie
    further apart by chance than two sides do, so they have to be further apart to count. Questions
    without weight in the index need none.
    """
    bands = world.model.content.rating.agreement
    finding, serious = Fraction(bands.gap_finding), Fraction(bands.gap_serious)
    needed = [
        each
        for each in disagreements(world)
        if not each.adjudicated
        and each.weight
        and (each.spread >= serious or (each.gap is not None and abs(each.gap) >= finding))
    ]
    return tuple(sorted(needed, key=lambda each: -each.weight * each.spread))


def _spread(means: Sequence[Fraction]) -> Fraction:
    return max(means) - min(means)
