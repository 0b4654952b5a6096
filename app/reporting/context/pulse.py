"""The customer pulse on its own: what customers say, how many of them, and where to begin."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.definitions.questionnaire import PulseItem
from app.domain.pulse import DETRACTOR, PROMOTER, Pulse, PulseLine
from app.domain.scoring import reached
from app.reporting.charts import BarRow, bar_list
from app.reporting.context.masthead import Masthead, masthead
from app.reporting.context.source import Source

HALF_COLUMN: Final = 310.0
"""Width of a drawing that stands beside another, in user units."""

MOST_TEXTS: Final = 40
"""Texts printed at most, the most frequent first; the rest is counted."""


@dataclass(frozen=True, slots=True)
class PulseFigure:
    """One large figure with what it counts."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """One item on the scale: who answered, the mean, and the share of each step, lowest first.

    ``low`` and ``high`` name the ends; ``lowest`` marks the lowest mean.
    """

    code: str
    text: str
    answers: str
    mean: str
    shares: tuple[str, ...]
    low: str
    high: str
    lowest: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """The answers to one question with options, or the recommendation in three groups."""

    title: str
    drawing: Markup
    says: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where to begin: the item, its mean, the area it speaks of, and that area's next move."""

    code: str
    text: str
    mean: str
    area: str
    move: str


@dataclass(frozen=True, slots=True)
class PulseTexts:
    """What customers wrote to one open item: (text, times), ``rest`` how many are not shown."""

    title: str
    texts: tuple[tuple[str, str], ...]
    rest: str


@dataclass(frozen=True, slots=True)
class PulseResult:
    """The pulse result.

    ``lead`` says how many customers answered and what that carries; ``steps`` are the scale's
    numbers for the table of ``items``; ``spreads`` the distributions; ``remedies`` where to begin;
    ``texts`` the open items. Means are missing where too few customers answered.
    """

    headline: str
    lead: str
    figures: tuple[PulseFigure, ...]
    steps: tuple[str, ...]
    items: tuple[ScaleItem, ...]
    spreads: tuple[Spread, ...]
    remedies: tuple[Remedy, ...]
    texts: tuple[PulseTexts, ...]


@dataclass(frozen=True, slots=True)
class PulseReport:
    """What the templates of the pulse report may print: the head and the result."""

    cover: Masthead
    result: PulseResult


def build(source: Source) -> PulseReport:
    """Build the report."""
    return PulseReport(
        cover=masthead(source, source.wording.translate("客户脉搏报告")), result=_result(source)
    )


def _result(source: Source) -> PulseResult:
    pulse, scale = source.diagnosis.pulse, source.model.content.scale
    steps = tuple(str(level) for level in range(scale.minimum, scale.maximum + 1))
    if pulse is None or not _printable(source, pulse.customers):
        return PulseResult(_too_few(source, pulse), "", (), steps, (), (), (), ())
    return PulseResult(
        headline=_headline(source, pulse),
        lead=_lead(source, pulse),
        figures=tuple(_figures(source, pulse)),
        steps=steps,
        items=_items(source, pulse),
        spreads=tuple(_spreads(source, pulse)),
        remedies=_remedies(source, pulse),
        texts=tuple(_texts(source, line) for line in pulse.lines if line.texts),
    )


def _printable(source: Source, answers: int) -> bool:
    """Return whether a result may be printed: never that of one or two people."""
    return answers >= source.model.content.rating.agreement.minimum_group


def _too_few(source: Source, pulse: Pulse | None) -> str:
    say = source.wording.translate
    if pulse is None:
        return say("还没有客户作答")
    return say("只有{}名客户作答，人太少，不出结果").format(pulse.customers)


def _headline(source: Source, pulse: Pulse) -> str:
    """Return the conclusion: the recommendation, and what most customers object to."""
    say, wording = source.wording.translate, source.wording
    parts = []
    nps = next((line.nps for line in pulse.lines if line.nps is not None), None)
    if nps is not None:
        parts.append(say("NPS {}").format(wording.signed(nps, 0)))
    lowest = _lowest(source, pulse)
    if lowest is not None and lowest.item.area is not None:
        area = source.model.areas[lowest.item.area]
        parts.append(say("最低的是{}（{}）").format(area.title, wording.score(lowest.mean)))
    if not parts:
        return say("{}名客户作答").format(pulse.customers)
    return say("{}名客户：{}").format(pulse.customers, say("，").join(parts))


def _lead(source: Source, pulse: Pulse) -> str:
    say, bands = source.wording.translate, source.model.content.rating.agreement
    if pulse.enough:
        return say("{}名客户匿名作答，够与团队自评对照：差满{}级就作为一条发现。").format(
            pulse.customers, source.wording.plain(bands.pulse_gap)
        )
    return say("{}名客户匿名作答，不满{}名：先当线索看，不与团队自评比较。").format(
        pulse.customers, bands.pulse_minimum
    )


def _figures(source: Source, pulse: Pulse) -> Iterator[PulseFigure]:
    say, wording = source.wording.translate, source.wording
    yield PulseFigure(str(pulse.customers), say("名客户作答"))
    for line in pulse.lines:
        if not _printable(source, line.n):
            continue
        if line.nps is not None:
            yield PulseFigure(wording.signed(line.nps, 0), say("NPS（−100至100）"))
        elif line.counts:
            first, most = _most_said(source, line)
            share = source.wording.percent(Fraction(100 * most, line.n))
            yield PulseFigure(share, say("{}：{}").format(line.item.text, first))


def _most_said(source: Source, line: PulseLine) -> tuple[str, int]:
    """Return the option chosen most often (all of them on a tie) and how often."""
    most = max(line.counts.values())
    chosen = [c.title for c in line.item.choices if line.counts.get(c.id, 0) == most]
    return source.wording.joined(chosen), most


# -- the items -------------------------------------------------------------------------------------


def _items(source: Source, pulse: Pulse) -> tuple[ScaleItem, ...]:
    lowest = _lowest(source, pulse)
    return tuple(
        _item(source, line, line is lowest)
        for line in pulse.lines
        if line.item.type == "scale" and _printable(source, line.n)
    )


def _lowest(source: Source, pulse: Pulse) -> PulseLine | None:
    known = [
        (line.mean, line)
        for line in pulse.lines
        if line.mean is not None and _printable(source, line.n)
    ]
    return min(known, key=lambda entry: entry[0])[1] if known else None


def _item(source: Source, line: PulseLine, lowest: bool) -> ScaleItem:
    scale, given = source.model.content.scale, _numbers(source, line.item)
    return ScaleItem(
        code=line.item.code,
        text=line.item.text,
        answers=str(line.n),
        mean=source.wording.score(line.mean),
        shares=tuple(
            source.wording.percent(Fraction(100 * given[step], line.n))
            for step in range(scale.minimum, scale.maximum + 1)
        ),
        low=line.item.low,
        high=line.item.high,
        lowest=lowest,
    )


def _numbers(source: Source, item: PulseItem) -> Counter[int]:
    """Count the numbers given to an item."""
    return Counter(
        int(value)
        for given in source.diagnosis.assessment.pulse
        if isinstance(value := given.get(item.id), int | Fraction) and not isinstance(value, bool)
    )


def _spreads(source: Source, pulse: Pulse) -> Iterator[Spread]:
    for line in pulse.lines:
        if not _printable(source, line.n):
            continue
        if line.counts:
            yield _choices(source, line)
        elif line.nps is not None:
            yield _recommendation(source, line)


def _choices(source: Source, line: PulseLine) -> Spread:
    say = source.wording.translate
    counts = [(choice.title, line.counts.get(choice.id, 0)) for choice in line.item.choices]
    first, most = _most_said(source, line)
    return Spread(
        title=f"{line.item.code} {line.item.text}",
        drawing=_bars(source, counts, line.n, line.item.text),
        says=say("{}人答，说得最多的是「{}」，占{}。").format(
            line.n, first, source.wording.percent(Fraction(100 * most, line.n))
        ),
    )


def _recommendation(source: Source, line: PulseLine) -> Spread:
    say, given = source.wording.translate, _numbers(source, line.item)
    promoters = sum(count for value, count in given.items() if value >= PROMOTER)
    detractors = sum(count for value, count in given.items() if value <= DETRACTOR)
    total = sum(given.values())
    counts = [
        (say("推荐者（{}–10分）").format(PROMOTER), promoters),
        (
            say("中立者（{}–{}分）").format(DETRACTOR + 1, PROMOTER - 1),
            total - promoters - detractors,
        ),
        (say("贬损者（0–{}分）").format(DETRACTOR), detractors),
    ]
    return Spread(
        title=f"{line.item.code} {line.item.text}",
        drawing=_bars(source, counts, total, line.item.text),
        says=say("{}人答；NPS＝推荐者占比减贬损者占比＝{}。").format(
            total, source.wording.signed(line.nps, 0)
        ),
    )


def _bars(source: Source, counts: list[tuple[str, int]], total: int, title: str) -> Markup:
    say = source.wording.translate
    return bar_list(
        [
            BarRow(name, Fraction(100 * count, total), note=say("{}人").format(count))
            for name, count in counts
        ],
        title=title,
        format=lambda value: source.wording.percent(Fraction(value)),
        theme=source.theme,
        words=source.words,
        width=HALF_COLUMN,
    )


# -- what to do ------------------------------------------------------------------------------------


def _remedies(source: Source, pulse: Pulse) -> tuple[Remedy, ...]:
    """Return the next move of every area customers place below the top, the lowest first."""
    scale = source.model.content.scale
    lines = [
        (line.mean, line)
        for line in pulse.lines
        if line.mean is not None and line.item.area is not None and _printable(source, line.n)
    ]
    remedies = []
    for mean, line in sorted(lines, key=lambda entry: entry[0]):
        area = source.model.areas[line.item.area or ""]
        place = reached(scale, mean) - scale.minimum
        if place < len(area.moves):
            remedies.append(
                Remedy(
                    code=line.item.code,
                    text=line.item.text,
                    mean=source.wording.score(mean),
                    area=f"{area.code} {area.title}",
                    move=area.moves[place],
                )
            )
    return tuple(remedies)


def _texts(source: Source, line: PulseLine) -> PulseTexts:
    """Return the texts, equal ones counted; nobody is named, the pulse is anonymous."""
    say = source.wording.translate
    counted = Counter(text.strip() for text in line.texts if text.strip())
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    shown = ranked[:MOST_TEXTS]
    hidden = sum(count for _, count in ranked[MOST_TEXTS:])
    return PulseTexts(
        title=f"{line.item.code} {line.item.text}",
        texts=tuple((text, say("{}人").format(count)) for text, count in shown),
        rest=say("另有{}条未列出。").format(hidden) if hidden else "",
    )
