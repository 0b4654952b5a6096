"""The KPI system: what is measured, how, where it stands today and where it is to be next."""

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from app.domain.kpi import KpiLine
from app.reporting.context.findings_measures import Measure, Measures
from app.reporting.context.kpis_cards import Card, cards, conclusion
from app.reporting.context.kpis_catalogue import KpiFamily, families, rests_on_assumption
from app.reporting.context.kpis_checks import Agreed, Crossing, agreed, crossings, fact_checks
from app.reporting.context.kpis_tree import tree
from app.reporting.context.source import Source
from app.reporting.context.summary_plan import one_number

MOST_FIRST = 8
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class FirstMeasured:
    """A metric without a value that the plan already leans on: code, title, who, and why first."""

    code: str
    title: str
    denominator: str
    owner: str
    why: str


@dataclass(frozen=True, slots=True)
class KpiSystem:
    """The section of metrics.

    ``headline`` says how many can be measured today and which one tells whether it works; ``lead``
    how today's values stand; ``measured`` says how many have one. ``families`` is the catalogue,
    ``first`` what to measure first of what has no value (``first_title`` says how many there are),
    ``tree`` the drawing. ``cards`` are the appraisal cards under ``cards_title``; ``agreed`` what
    must be written beside the figures, ``crossings`` figures held against each other,
    ``facts_checked`` the sentence on the rest.
    """

    headline: str
    lead: tuple[str, ...]
    measured: int
    families: tuple[KpiFamily, ...]
    first_title: str
    first: tuple[FirstMeasured, ...]
    tree: Markup | None
    cards_title: str
    cards: tuple[Card, ...]
    agreed: tuple[Agreed, ...]
    crossings: tuple[Crossing, ...]
    facts_checked: str


def build(source: Source) -> KpiSystem:
    """Build the section."""
    wanted = _wanted(source)
    t = source.wording.translate
    return KpiSystem(
        headline=_headline(source),
        lead=_lead(source),
        measured=sum(line.baseline is not None for line in source.diagnosis.plan.kpis),
        families=families(source),
        first_title=t("计划要用、今天没有数的{}个，先量这{}个").format(
            len(wanted), min(len(wanted), MOST_FIRST)
        ),
        first=tuple(_first(source, line) for line in wanted[:MOST_FIRST]),
        tree=tree(source),
        cards_title=conclusion(source),
        cards=cards(source),
        agreed=agreed(source),
        crossings=crossings(source),
        facts_checked=fact_checks(source),
    )


def _headline(source: Source) -> str:
    """Say what can be measured and, where it is known, the number that tells whether it works."""
    t, lines = source.wording.translate, source.diagnosis.plan.kpis
    known = [line for line in lines if line.baseline is not None]
    if not known:
        text = t("{}个指标今天一个都没有数").format(len(lines))
        first = _wanted(source)[:1]
        return text + t("：先量{}").format(first[0].kpi.title) if first else text
    text = t("{}个指标今天只量得出{}个").format(len(lines), len(known))
    red = sum(line.colour == "red" for line in known)
    if red:
        text += t("，{}个破红线").format(red)
    return text + _deciding(source)


def _deciding(source: Source) -> str:
    """Return the clause on the one number, the same number that the summary names."""
    t, (shown, _) = source.wording.translate, _one(source)
    if shown is None or not shown.target:
        return ""
    return t("；管不管用，看{title}从{today}到{target}").format(
        title=shown.title, today=shown.today, target=shown.target
    )


def _one(source: Source) -> tuple[Measure | None, KpiLine | None]:
    """Return the metric that the summary names as the one number."""
    number = one_number(source)
    code = number.code if number is not None else ""
    line = next((item for item in source.diagnosis.plan.kpis if item.kpi.code == code), None)
    return (Measures(source).measure(line.kpi.id) if line is not None else None), line


def _lead(source: Source) -> tuple[str, ...]:
    t, lines = source.wording.translate, source.diagnosis.plan.kpis
    known = [line for line in lines if line.baseline is not None]
    if not known:
        return (t("下面的目录就是第一份数据字典：每个数先按这里的公式和分母量出来，再谈目标。"),)
    colours = Counter(line.colour for line in known)
    states = (
        (colours["green"], t("{}个达标") + _green(source, known)),
        (colours["amber"], t("{}个还没达标")),
        (colours["red"], t("{}个破红线")),
        (colours[None], t("{}个没有统一参考线、只跟自己比")),
    )
    counted = t("，").join(text.format(count) for count, text in states if count)
    said = [t("量得出的{}个里，{}。").format(len(known), counted)]
    said += _given_up(source)
    shown, line = _one(source)
    if shown is not None and line is not None and shown.target:
        said.append(
            t("{title}由{owner}负责，{by}末要从{today}到{target}{good}。").format(
                title=shown.title,
                owner=source.wording.role(line.kpi.owner),
                by=shown.by,
                today=shown.today,
                target=shown.target,
                good=t("，达标线{}（等级{}）").format(shown.good, shown.grade)
                if shown.good
                else "",
            )
        )
    return tuple(said)


def _given_up(source: Source) -> list[str]:
    """Name the metrics nothing works on any more, because the people for it were not there."""
    found, t = source.diagnosis.plan.sacrifice, source.wording.translate
    if found is None or not found.kpis:
        return []
    names = source.wording.joined([source.wording.kpi(kpi) for kpi in found.kpis])
    return [
        t("做它们的SOP因为人手不够停了，{count}个指标这一轮不设目标：{names}。").format(
            count=len(found.kpis), names=names
        )
    ]


def _green(source: Source, known: list[KpiLine]) -> str:
    """Name the good ones where they are few, and say which of them rest on an assumption."""
    t, green = source.wording.translate, [line for line in known if line.colour == "green"]
    if not 0 < len(green) <= MOST_NAMED:
        return ""
    assumed = [line for line in green if rests_on_assumption(source, line.kpi)]
    names = source.wording.joined([line.kpi.title for line in green])
    if not assumed:
        return t("（{}）").format(names)
    if len(assumed) == len(green):
        return t("（{}，全都含假设）").format(names)
    held = source.wording.joined([line.kpi.title for line in assumed])
    return t("（{}；其中{}含假设）").format(names, held)


def _wanted(source: Source) -> list[KpiLine]:
    """Return the metrics without a value that plan, cards or findings use, most needed first."""
    roadmap = source.diagnosis.plan.roadmap
    # Alignment is measured by the consultant: what the team has to measure itself comes first.
    phases = [
        planned.phase.kpis
        for planned in (roadmap.phases if roadmap else ())
        if planned.phase.kind != "align"
    ]
    weights = _weights(source)

    def need(line: KpiLine) -> tuple[int, int, int, str]:
        first = next((n for n, kpis in enumerate(phases) if line.kpi.id in kpis), len(phases))
        name = line.kpi.id
        return first, -len(line.cited_by), -weights.get(name, 0), line.kpi.code

    wanted = [
        line
        for line in source.diagnosis.plan.kpis
        if line.baseline is None
        and (line.cited_by or line.kpi.id in weights or any(line.kpi.id in kpis for kpis in phases))
    ]
    return sorted(wanted, key=need)


def _weights(source: Source) -> dict[str, int]:
    """Return the points that hang on each metric over all cards."""
    weights: dict[str, int] = {}
    for card in source.model.content.post_cards:
        for line in card.lines:
            if line.kpi is not None:
                weights[line.kpi] = weights.get(line.kpi, 0) + line.weight
    return weights


def _first(source: Source, line: KpiLine) -> FirstMeasured:
    return FirstMeasured(
        code=line.kpi.code,
        title=line.kpi.title,
        denominator=line.kpi.denominator,
        owner=source.wording.role(line.kpi.owner),
        why=_why(source, line),
    )


def _why(source: Source, line: KpiLine) -> str:
    """Say who waits for a metric: a phase's gate, findings, posts that are paid by it."""
    wording, t = source.wording, source.wording.translate
    said = []
    roadmap = source.diagnosis.plan.roadmap
    for planned in roadmap.phases if roadmap else ():
        if line.kpi.id in planned.phase.kpis:
            said.append(t("{}要看它").format(planned.phase.title))
            break
    if line.cited_by:
        codes = [source.model.rules[rule].code for rule in line.cited_by]
        said.append(t("{}靠它复查").format(wording.joined(codes)))
    for card in source.model.content.post_cards:
        weight = sum(item.weight for item in card.lines if item.kpi == line.kpi.id)
        if weight:
            said.append(t("{}占{}分").format(card.title, weight))
    return t("；").join(said)
