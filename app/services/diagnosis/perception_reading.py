"""Whether top and front line see one company: by dimension and area, question by question.

The questions are those the report compares, and under its rule: where too few of the front line
answered one, it does not count here either, so that a gap on the screen is the gap on paper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.adjudication import open_adjudications
from app.domain.definitions.questionnaire import Question
from app.reporting.context.perception import Perception, build
from app.reporting.context.perception_contradictions import ContradictionRow
from app.reporting.context.perception_statistics import AgreementRow
from app.reporting.context.perception_views import QuestionView, shared_questions
from app.services.diagnosis.reading import Named, Reading, Target
from app.services.pulse.posters import pulse_items

SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class SideLine:
    """How the sides see one dimension or area: means over the questions both sides answered.

    ``compared`` counts those questions; where there are none, all figures are a dash. ``others``
    are people behind the front line. ``serious`` marks a gap that is a finding.
    """

    named: Named
    compared: int
    top: str
    front: str
    others: str
    gap: str
    serious: bool
    areas: tuple["SideLine", ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """One question as the report compares it, with its page."""

    told: AgreementRow
    named: Named


@dataclass(frozen=True, slots=True)
class ClaimAgainstNumber:
    """One contradiction as the report tells it, with the pages of what it rests on."""

    told: ContradictionRow
    reads: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class RulingWanted:
    """A question that waits for the consultant: gap and spread in levels, its part of the index."""

    named: Named
    gap: str
    spread: str
    weight: str


@dataclass(frozen=True, slots=True)
class PulseSoFar:
    """How many customers have answered, of those it takes before anything of it is shown."""

    answers: int
    least: int


@dataclass(frozen=True, slots=True)
class PerceptionPage:
    """The page: the report's section, the sides by dimension, and what waits for a ruling.

    ``places`` are the pages of the questions and areas the section names, by code. ``pulse`` tells
    how far the customers' answers are, None where they are shown or the form does not ask them.
    """

    told: Perception
    sides: tuple[SideLine, ...]
    questions: tuple[ComparedQuestion, ...]
    contradictions: tuple[ClaimAgainstNumber, ...]
    wanted: tuple[RulingWanted, ...]
    places: Mapping[str, Named]
    pulse: PulseSoFar | None

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing to compare, to rule on, or ruled."""
        told = self.told
        return not (
            self.questions or self.contradictions or self.wanted or told.contradictions
        ) and not (told.adjudications or told.statistics or told.pulse)


def _pulse_so_far(reading: Reading) -> PulseSoFar | None:
    form = reading.model.forms[reading.diagnosis.assessment.form]
    if not pulse_items(reading.model, form):
        return None
    least = reading.model.content.rating.agreement.pulse_minimum
    return PulseSoFar(len(reading.gathered.pulse), least)


def perception_page(reading: Reading) -> PerceptionPage:
    """Return how the sides see the enterprise."""
    told = build(reading.source)
    views = [view for view in shared_questions(reading.source) if view.gap is not None]
    questions = {question.code: question.id for question in reading.model.questions.values()}
    found = {item.contradiction.code: item for item in reading.diagnosis.contradictions.found}
    rows = told.contradictions.rows if told.contradictions is not None else ()
    return PerceptionPage(
        told=told,
        pulse=_pulse_so_far(reading) if told.pulse is None else None,
        sides=_sides(reading, views),
        questions=tuple(
            ComparedQuestion(row, reading.named(Target("question", questions[row.code])))
            for row in told.rows
        ),
        contradictions=tuple(
            ClaimAgainstNumber(
                row,
                tuple(
                    dict.fromkeys(
                        reading.read_by(reference)
                        for atom in found[row.code].trace.decisive()
                        for reference in atom.references
                    )
                ),
            )
            for row in rows
        ),
        wanted=_wanted(reading),
        places={
            **{code: reading.named(Target("question", name)) for code, name in questions.items()},
            **{
                area.code: reading.named(Target("area", area.id))
                for area in reading.model.areas.values()
            },
        },
    )


def _sides(reading: Reading, views: Sequence[QuestionView]) -> tuple[SideLine, ...]:
    by_area: dict[str, list[QuestionView]] = {}
    for view in views:
        if view.question.area is not None:
            by_area.setdefault(view.question.area, []).append(view)
    lines = []
    for dimension in reading.model.content.dimensions:
        areas = [area.id for area in dimension.areas if area.id in by_area]
        inside = [view for area in areas for view in by_area[area]]
        lines.append(
            _line(
                reading,
                Target("dimension", dimension.id),
                inside,
                tuple(_line(reading, Target("area", area), by_area[area]) for area in areas),
            )
        )
    return tuple(lines)


def _line(
    reading: Reading,
    target: Target,
    views: Sequence[QuestionView],
    areas: tuple[SideLine, ...] = (),
) -> SideLine:
    wording, bands = reading.wording, reading.model.content.rating.agreement
    top = _mean(view.top for view in views)
    front = _mean(view.front for view in views)
    gap = None if top is None or front is None else top - front
    return SideLine(
        named=reading.named(target),
        compared=len(views),
        top=wording.score(top),
        front=wording.score(front),
        others=wording.score(_mean(_support(reading, view.question) for view in views)),
        gap=wording.signed(gap),
        serious=gap is not None and abs(gap) >= Fraction(bands.gap_finding),
        areas=areas,
    )


def _support(reading: Reading, question: Question) -> Fraction | None:
    """Return the mean of the means of the roles behind the front line."""
    means = reading.diagnosis.questions[question.id].role_means
    roles = reading.model.roles
    return _mean(mean for role, (mean, _) in means.items() if roles[role].side == SUPPORT)


def _mean(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _wanted(reading: Reading) -> tuple[RulingWanted, ...]:
    wording = reading.wording
    printable = {view.question.id: view for view in shared_questions(reading.source)}
    lines = []
    for each in open_adjudications(reading.world):
        view = printable.get(each.question)
        hidden = view is not None and view.withheld
        lines.append(
            RulingWanted(
                named=reading.named(Target("question", each.question)),
                gap=wording.signed(None if hidden else each.gap),
                spread=wording.score(None if hidden else each.spread),
                weight=wording.percent(each.weight * 100, 1),
            )
        )
    return tuple(lines)
