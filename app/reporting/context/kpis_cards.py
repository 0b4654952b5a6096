"""Appraisal cards: what each post is judged by, and how much of it can be counted today."""

from dataclasses import dataclass

from app.domain.definitions.kpi import CardLine, PostCard
from app.reporting.context.findings_measures import Measures
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class CardRow:
    """One line of a card: metric, weight in %, whether it judges the doing or the outcome."""

    code: str
    title: str
    weight: str
    kind: str
    today: str
    known: bool
    target: str


@dataclass(frozen=True, slots=True)
class Card:
    """One post's card.

    ``counted`` says how many of the hundred points today's figures can decide, ``balance`` how
    much of it judges the doing; ``pays`` is when and how it is paid.
    """

    title: str
    counted: str
    balance: str
    pays: str
    rows: tuple[CardRow, ...]


def cards(source: Source) -> tuple[Card, ...]:
    """Return the cards of all posts in the order of the model."""
    measures = Measures(source)
    return tuple(_card(source, measures, card) for card in source.model.content.post_cards)


def counted_points(source: Source, card: PostCard) -> int:
    """Return the points of a card whose metric has a value today (an audit has none yet)."""
    known = {line.kpi.id for line in source.diagnosis.plan.kpis if line.baseline is not None}
    return sum(line.weight for line in card.lines if line.kpi in known)


def conclusion(source: Source) -> str:
    """Return the heading of the cards: which posts can be judged by figures today."""
    t, found = source.wording.translate, source.model.content.post_cards
    if not found:
        return ""
    worst = min(found, key=lambda card: counted_points(source, card))
    points = counted_points(source, worst)
    return t("{count}张考核卡：{title}100分里今天只算得出{points}分").format(
        count=len(found), title=worst.title, points=points
    )


def _card(source: Source, measures: Measures, card: PostCard) -> Card:
    t = source.wording.translate
    process = sum(line.weight for line in card.lines if line.process)
    return Card(
        title=card.title,
        counted=t("100分里今天算得出{}分").format(counted_points(source, card)),
        balance=t("看做法{}分，看结果{}分").format(process, 100 - process),
        pays=card.pays,
        rows=tuple(_row(source, measures, line) for line in card.lines),
    )


def _row(source: Source, measures: Measures, line: CardLine) -> CardRow:
    t = source.wording.translate
    kind = t("做法") if line.process else t("结果")
    shown = measures.measure(line.kpi) if line.kpi is not None else None
    if shown is None:
        return CardRow("", line.title, str(line.weight), kind, t("逐次打分"), False, "")
    return CardRow(
        code=shown.code,
        title=shown.title,
        weight=str(line.weight),
        kind=kind,
        today=shown.today,
        known=shown.known,
        target=t("守住") if shown.held else shown.target,
    )
