"""What each side sees of one question, and how much of it may be printed.

A front-line role's mean may be printed only from a minimum number of answers on. Hiding that mean
alone would not do: the mean of the whole front line beside the other roles' means would give it
away. So a question shows the front line in one of three ways: every role by itself, the whole line
in one pooled figure, or not at all; and what is not shown enters no printed gap or statistic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from app.domain.definitions.questionnaire import Question, RoleSide
from app.domain.perception import QuestionAgreement
from app.reporting.context.source import Source

Mean = tuple[Fraction, int]

FEWEST_FOR_STATISTICS = 3
"""Answers from which a spread says something; with two, the difference itself says it all."""


@dataclass(frozen=True, slots=True)
class RoleView:
    """One printable ``mean``: of the role or group ``title``, over ``answers`` answers."""

    title: str
    mean: Fraction
    answers: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One shared ``question`` as it may be printed.

    ``roles`` are the printable means, ``answers`` counts all answers; ``withheld`` says that the
    front line answered but is not shown.
    ``top`` and ``front`` are the two sides' means (mean of role means) and ``gap`` their
    difference, positive where the top sees more; None where nobody answered or the front line is
    withheld. ``agreement`` holds SD, r_wg and AD, None where they may not or cannot be told.
    """

    question: Question
    roles: tuple[RoleView, ...]
    top: Fraction | None
    front: Fraction | None
    answers: int
    withheld: bool
    agreement: QuestionAgreement | None

    @property
    def gap(self) -> Fraction | None:
        """Return top − front."""
        if self.top is None or self.front is None:
            return None
        return self.top - self.front


def shared_questions(source: Source) -> tuple[QuestionView, ...]:
    """Return the anchored questions that two or more roles answered, widest gap first.

    Questions without a printable gap come last, in asking order.
    """
    views = [
        view
        for name, result in source.diagnosis.questions.items()
        if source.model.questions[name].type == "choice"
        and (view := _view(source, name, result.role_means)) is not None
    ]
    return tuple(sorted(views, key=_place))


def _place(view: QuestionView) -> tuple[bool, Fraction, bool]:
    gap = view.gap
    return (gap is None, -abs(gap) if gap is not None else Fraction(0), view.withheld)


def widest_gap(source: Source) -> QuestionView | None:
    """Return the question on which top and front line differ most, if it is worth a word."""
    watch = Fraction(source.model.content.rating.agreement.gap_watch)
    for view in shared_questions(source):
        if view.gap is not None and abs(view.gap) >= watch:
            return view
    return None


def gap_conclusion(source: Source, gap: Fraction) -> str:
    """Return what the sign of a gap means."""
    if gap > 0:
        return source.wording.translate("上面看到的比下面做到的多")
    return source.wording.translate("下面做到的比上面看到的多")


def _view(source: Source, name: str, means: Mapping[str, Mean]) -> QuestionView | None:
    by_side: dict[RoleSide, dict[str, Mean]] = {}
    for role in source.model.roles.values():
        if role.id in means and role.side in ("top", "front", "support"):
            by_side.setdefault(role.side, {})[role.id] = means[role.id]
    if sum(len(roles) for roles in by_side.values()) < 2:
        return None
    front = by_side.get("front", {})
    shown = [
        RoleView(source.wording.role(role), *mean)
        for side in ("top", "support")
        for role, mean in by_side.get(side, {}).items()
    ]
    answers = sum(count for _, count in front.values())
    withheld = False
    if all(source.printable(role, count) for role, (_, count) in front.items()):
        shown += [RoleView(source.wording.role(role), *mean) for role, mean in front.items()]
    elif answers >= source.model.content.rating.agreement.minimum_group:
        pooled = source.wording.translate("一线合计")
        shown.append(RoleView(pooled, _mean_of_means(front) or Fraction(0), answers))
    else:
        withheld = True
    agreement = source.diagnosis.agreements.get(name)
    enough = agreement is not None and agreement.n >= FEWEST_FOR_STATISTICS and not withheld
    total = sum(count for roles in by_side.values() for _, count in roles.values())
    return QuestionView(
        question=source.model.questions[name],
        roles=tuple(shown),
        top=_mean_of_means(by_side.get("top", {})),
        front=None if withheld else _mean_of_means(front),
        answers=total,
        withheld=withheld,
        agreement=agreement if enough else None,
    )


def _mean_of_means(means: Mapping[str, Mean]) -> Fraction | None:
    if not means:
        return None
    return sum((mean for mean, _ in means.values()), Fraction(0)) / len(means)


def option_text(source: Source, question: Question, score: Fraction) -> str:
    """Return the option of a choice question that a score comes nearest to, in its own words."""
    options = [choice.title for choice in question.choices]
    if not options and question.area is not None:
        options = list(source.model.areas[question.area].anchors)
    if not options:
        return ""
    first = 1 if question.choices else source.model.content.scale.minimum
    place = floor(score + Fraction(1, 2)) - first
    return options[min(max(place, 0), len(options) - 1)]
