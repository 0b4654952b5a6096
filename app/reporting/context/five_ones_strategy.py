"""Strategy on a page: what is known today, what is in writing, and the forms still to be filled."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.definitions.questionnaire import Choice, FactPart
from app.domain.figures import Figures
from app.reporting.charts import Words, status_mark
from app.reporting.charts.status import Status
from app.reporting.clauses import short_title
from app.reporting.context.findings_measures import figure
from app.reporting.context.source import Source

WRITTEN: Final = "strategy-written"
STAGES: Final = "journey-stages"
BUDGET: Final = "budget-months"
JOURNEY: Final = "user-journey"
CANVAS: Final = "positioning-canvas"
POSITIONING: Final = "positioning"
TARGET_USERS: Final = "target-users"

TODAY: Final[dict[str, tuple[str, ...]]] = {
    "goal-type": ("goal-type",),
    "target-12m": ("users", TARGET_USERS),
    "revenue": ("private-gmv",),
    "budget": ("private-cost",),
    "channel-role": ("private-gmv", "total-gmv"),
}
"""Which facts tell today's state of an item of the written strategy."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A line with a sign and its word: there or not, or nobody asked."""

    title: str
    text: str
    mark: Markup
    word: str
    there: bool


@dataclass(frozen=True, slots=True)
class CanvasLine:
    """One field of the positioning canvas: what to write and the question that tests it."""

    title: str
    text: str
    test: str


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """One stage of the user journey with signal and action, and whether the client wrote them."""

    title: str
    trigger: str
    action: str
    mark: Markup
    word: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """The strategy page.

    ``lines`` are the items of a written strategy with today's figures; ``positioning`` says where
    the positioning stands. ``canvas`` and ``journey`` are forms to fill; each tuple may be empty.
    """

    headline: str
    code: str
    lines: tuple[Marked, ...]
    positioning: str
    positioning_code: str
    canvas: tuple[CanvasLine, ...]
    journey: tuple[JourneyLine, ...]
    journey_headline: str
    journey_code: str


def build_strategy(source: Source) -> Strategy | None:
    """Return the strategy page; None for a model that asks nothing about it."""
    question = source.model.questions.get(WRITTEN)
    canvas = source.model.frameworks.get(CANVAS)
    journey = source.model.frameworks.get(JOURNEY)
    if question is None and canvas is None and journey is None:
        return None
    positioning, positioning_code = _positioning(source)
    stages = source.model.questions.get(STAGES)
    return Strategy(
        headline=_headline(source),
        code=question.code if question else "",
        lines=tuple(_line(source, item) for item in question.items) if question else (),
        positioning=positioning,
        positioning_code=positioning_code,
        canvas=tuple(CanvasLine(i.title, i.text, i.action) for i in canvas.items) if canvas else (),
        journey=tuple(_journey(source)),
        journey_headline=_journey_headline(source),
        journey_code=stages.code if stages else "",
    )


def standing(source: Source, question: str) -> frozenset[str] | None:
    """Return the items of a list question that stand; None if nobody answered it."""
    result = source.diagnosis.questions.get(question)
    return result.items if result is not None else None


def mark_words(source: Source, yes: str, no: str) -> Words:
    """Return the chart's words with other names for "there" and "not there"."""
    say = source.wording.translate
    return replace(source.words, done=say(yes), missing=say(no))


def marked(source: Source, there: bool | None, words: Words) -> tuple[Markup, str]:
    """Return the drawn sign for there, not there, or unknown, with its word."""
    status: Status | None = None if there is None else "done" if there else "missing"
    word = {"done": words.done, "missing": words.missing}.get(status or "", words.unassessed)
    return status_mark(status, theme=source.theme, words=words), word


def _headline(source: Source) -> str:
    say, items = source.wording.translate, standing(source, WRITTEN)
    question = source.model.questions.get(WRITTEN)
    if question is None:
        return say("战略：用下面两张表当场写出来")
    if items is None:
        return say("战略：{}项写没写成文字，还没有问").format(len(question.items))
    missing = [short_title(i.title) for i in question.items if i.id not in items]
    if not missing:
        return say("战略：{}项都写成了文字").format(len(question.items))
    return say("战略：{}项写成文字的只有{}项，缺{}").format(
        len(question.items), len(items), source.wording.joined(missing)
    )


def _line(source: Source, item: Choice) -> Marked:
    items = standing(source, WRITTEN)
    there = None if items is None else item.id in items
    mark, word = marked(source, there, mark_words(source, "已写", "没写"))
    return Marked(short_title(item.title), _today(source, item.id), mark, word, there is True)


def _today(source: Source, item: str) -> str:
    figures = Figures.of(source.diagnosis.assessment)
    texts = [
        text
        for part in TODAY.get(item, ())
        if part in source.model.fact_parts and (text := _fact(source, figures, part))
    ]
    budget = source.diagnosis.questions.get(BUDGET) if item == "budget" else None
    if budget is not None and budget.value is not None:
        texts.append(
            source.wording.translate("已批的还能撑{}个月").format(
                source.wording.plain(budget.value)
            )
        )
    return source.wording.joined(texts)


def _fact(source: Source, figures: Figures, part: str) -> str:
    found = source.model.fact_parts[part]
    title = source.model.fact_of[part].title
    chosen = figures.text(part)
    if chosen is not None:
        return _choice(found, chosen)
    number = figures.number(part)
    if part == TARGET_USERS and source.diagnosis.assessment.controls.target_users is not None:
        number = Fraction(source.diagnosis.assessment.controls.target_users)
    return (
        source.wording.beside(title, figure(source.wording, number, found.unit))
        if number is not None
        else ""
    )


def _choice(part: FactPart, chosen: str) -> str:
    return next((choice.title for choice in part.choices if choice.id == chosen), chosen)


def _positioning(source: Source) -> tuple[str, str]:
    area = source.model.areas.get(POSITIONING)
    if area is None:
        return "", ""
    say, found = source.wording.translate, source.diagnosis.scorecard.areas[area.id]
    if found.level is None:
        return say("{}：未评").format(area.title), area.code
    anchor = area.anchors[found.level - source.model.content.scale.minimum]
    level = source.wording.level(found.level)
    return say("{}{}（{}分）：{}。").format(
        area.title, level, source.wording.score(found.score), anchor
    ), area.code


def _journey(source: Source) -> Iterable[JourneyLine]:
    framework = source.model.frameworks.get(JOURNEY)
    question = source.model.questions.get(STAGES)
    items = standing(source, STAGES)
    asked = {item.id for item in question.items} if question else set()
    words = mark_words(source, "已写明", "没写明")
    for item in framework.items if framework else ():
        there = None if items is None or item.id not in asked else item.id in items
        mark, word = marked(source, there, words)
        yield JourneyLine(item.title, item.trigger, item.action, mark, word)


def _journey_headline(source: Source) -> str:
    framework, items = source.model.frameworks.get(JOURNEY), standing(source, STAGES)
    if framework is None:
        return ""
    if items is None:
        return source.wording.translate("{}：每阶段写一个信号、一个动作").format(framework.title)
    return source.wording.translate("{}：{}个阶段写明了{}个").format(
        framework.title, len(framework.items), len(items)
    )
