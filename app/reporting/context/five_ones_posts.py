"""Appraisal: the card of each post with today's values, and what appraisal holds today."""

from dataclasses import dataclass
from typing import Final

from app.domain.definitions.kpi import CardLine, PostCard
from app.reporting.clauses import short_title
from app.reporting.context.findings_measures import Measures
from app.reporting.context.five_ones_strategy import standing
from app.reporting.context.source import Source

ELEMENTS: Final = "appraisal-elements"


@dataclass(frozen=True, slots=True)
class AppraisalCard:
    """What one post is judged by, in short: the KPI section holds the cards in full.

    ``process`` and ``result`` are lines of weight, metric and today's value; ``pays`` is when and
    how the score is paid.
    """

    title: str
    share: str
    process: tuple[str, ...]
    result: tuple[str, ...]
    pays: str


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The appraisal cards; ``headline`` and ``today`` say what appraisal holds now."""

    headline: str
    today: str
    code: str
    cards: tuple[AppraisalCard, ...]


def build_appraisal(source: Source) -> Appraisal | None:
    """Return the cards of all posts; None for a model without cards."""
    cards = source.model.content.post_cards
    if not cards:
        return None
    measures = Measures(source)
    question = source.model.questions.get(ELEMENTS)
    return Appraisal(
        headline=_headline(source),
        today=_today(source),
        code=question.code if question else "",
        cards=tuple(_card(source, measures, card) for card in cards),
    )


def _headline(source: Source) -> str:
    say, items = source.wording.translate, standing(source, ELEMENTS)
    question = source.model.questions.get(ELEMENTS)
    count = len(source.model.content.post_cards)
    if question is None or items is None:
        return say("考核：{}张岗位卡，先试算一个月").format(count)
    if len(items) == len(question.items):
        return say("考核：{}项要素都有，拿下面{}张卡校一遍权重").format(len(items), count)
    return say("考核：{}项要素现在有{}项，下面{}张卡补齐").format(
        len(question.items), len(items), count
    )


def _today(source: Source) -> str:
    say, items = source.wording.translate, standing(source, ELEMENTS)
    question = source.model.questions.get(ELEMENTS)
    if question is None or items is None:
        return ""
    there = [short_title(i.title) for i in question.items if i.id in items]
    absent = [short_title(i.title) for i in question.items if i.id not in items]
    if not there:
        return say("现行考核里没有：{}。").format(source.wording.joined(absent))
    if not absent:
        return say("现行考核里都有：{}。").format(source.wording.joined(there))
    return say("现行考核里有：{}；没有：{}。").format(
        source.wording.joined(there), source.wording.joined(absent)
    )


def _card(source: Source, measures: Measures, card: PostCard) -> AppraisalCard:
    share = sum(line.weight for line in card.lines if line.process)
    return AppraisalCard(
        title=card.title,
        share=source.wording.translate("过程占{}%").format(share),
        process=tuple(_line(source, measures, line) for line in card.lines if line.process),
        result=tuple(_line(source, measures, line) for line in card.lines if not line.process),
        pays=card.pays,
    )


def _line(source: Source, measures: Measures, line: CardLine) -> str:
    say = source.wording.translate
    measure = measures.measure(line.kpi) if line.kpi is not None else None
    if measure is None:
        return f"{line.weight}% {line.title}"
    text = f"{line.weight}% {measure.title}"
    return text + say("，今天{}").format(measure.today) if measure.known else text + say("，未测")
