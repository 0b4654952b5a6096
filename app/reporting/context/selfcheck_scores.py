"""Second page of a self-check: the dimensions, every answer given, and the stage readings."""

from dataclasses import dataclass

from app.domain.definitions.questionnaire import Question
from app.reporting.context.scores_levels import dimension_hold, gap_to
from app.reporting.context.source import Source
from app.reporting.numerals import NOTHING


@dataclass(frozen=True, slots=True)
class SelfDimension:
    """One key or step: score, level, what holds it or how far the next level is, target, gap."""

    title: str
    score: str
    level: str
    hold: str
    target: str
    gap: str
    lowest: bool


@dataclass(frozen=True, slots=True)
class SelfAnswer:
    """One question answered: what it is about, the level chosen, what the next one looks like."""

    code: str
    topic: str
    level: str
    next_level: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the stage: its name, the stage it points at, and what was read."""

    title: str
    stage: str
    reads: str


@dataclass(frozen=True, slots=True)
class SelfScores:
    """The second page.

    ``dimensions`` are the keys and steps, ``answers`` the questions answered, lowest first;
    ``skipped`` names the questions without an answer; ``readings`` are the three readings of the
    stage (empty where the model has none).
    """

    headline: str
    dimensions: tuple[SelfDimension, ...]
    answers: tuple[SelfAnswer, ...]
    skipped: str
    readings: tuple[Reading, ...]


def self_scores(source: Source) -> SelfScores:
    """Build the page."""
    return SelfScores(
        headline=_headline(source),
        dimensions=_dimensions(source),
        answers=_answers(source),
        skipped=source.wording.joined(
            [
                f"{question.code} {question.short or question.text}"
                for question in source.diagnosis.not_assessed.questions
            ]
        ),
        readings=_readings(source),
    )


def _headline(source: Source) -> str:
    say, wording = source.wording.translate, source.wording
    card = source.diagnosis.scorecard
    rated = [
        (found.score, source.model.dimensions[name].title)
        for name, found in card.dimensions.items()
        if found.score is not None
    ]
    if not rated:
        return say("没有一项能评出得分")
    high, low = max(score for score, _ in rated), min(score for score, _ in rated)
    best = wording.joined([title for score, title in rated if score == high])
    worst = wording.joined([title for score, title in rated if score == low])
    if high == low:
        return say("{}项得分都是{}，没有长板").format(len(rated), wording.score(high))
    return say("最高的是{}（{}），最低的是{}（{}）").format(
        best, wording.score(high), worst, wording.score(low)
    )


def _dimensions(source: Source) -> tuple[SelfDimension, ...]:
    card, wording = source.diagnosis.scorecard, source.wording
    scores = [d.score for d in card.dimensions.values() if d.score is not None]
    uneven, rows = len(set(scores)) > 1, []
    for dimension in source.model.content.dimensions:
        found, target = card.dimensions[dimension.id], source.target(dimension.id)
        rows.append(
            SelfDimension(
                title=dimension.title,
                score=wording.score(found.score),
                level=wording.level(found.level),
                hold=dimension_hold(source, dimension.id),
                target=wording.score(target),
                gap=wording.signed(gap_to(target, found.score)),
                lowest=uneven and found.score == min(scores),
            )
        )
    return tuple(rows)


def _answers(source: Source) -> tuple[SelfAnswer, ...]:
    rated = [
        (result.score, source.model.questions[name])
        for name, result in source.diagnosis.questions.items()
        if result.score is not None
    ]
    rated.sort(key=lambda entry: entry[0])
    scale, say = source.model.content.scale, source.wording.translate
    rows = []
    for score, question in rated:
        texts, place = _options(source, question), int(score) - scale.minimum
        above = texts[place + 1] if place + 1 < len(texts) else ""
        rows.append(
            SelfAnswer(
                code=question.code,
                topic=question.short or question.text,
                level=f"L{int(score)}" if texts else source.wording.score(score),
                next_level=above or (say("已在最高一级") if texts else NOTHING),
            )
        )
    return tuple(rows)


def _options(source: Source, question: Question) -> tuple[str, ...]:
    """Return how the levels of a question are described; empty where it has no options."""
    if question.type != "choice" or question.area is None:
        return ()
    if question.choices:
        return tuple(choice.title for choice in question.choices)
    return source.model.areas[question.area].anchors


def _readings(source: Source) -> tuple[Reading, ...]:
    found, say = source.diagnosis.stage, source.wording.translate
    if found is None:
        return ()
    rows = []
    for title, place, text in (
        (say("规模"), found.scale, "scale_reads"),
        (say("经济"), found.economics, "economic_reads"),
        (say("能力"), found.capability, "capability_reads"),
    ):
        if place is None:
            rows.append(Reading(title, say("未评"), say("自查填的数不够，读不出来。")))
            continue
        stage = found.stages[place]
        rows.append(Reading(title, f"{stage.code} {stage.title}", getattr(stage, text)))
    return tuple(rows)
