"""The data dictionary's own tests: what must be written beside a figure, and figures that meet."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.expression import UNKNOWN
from app.domain.figures import Figures
from app.domain.world import World
from app.reporting.context.findings_measures import Measures
from app.reporting.context.kpis_catalogue import refs_of
from app.reporting.context.source import Source

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Agreed:
    """What has to be written beside a metric: ``codes`` which, ``rule`` what, ``given`` the client.

    ``given`` is today's value and how the client said it was taken, with ``refs``.
    """

    codes: str
    rule: str
    given: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two or more figures held against each other: ``sum`` with the numbers, ``reads`` it."""

    title: str
    sum: str
    reads: str
    refs: tuple[str, ...]


RULES: Final[tuple[tuple[tuple[str, ...], str, str], ...]] = (
    (("add-rate",), "", "写明分母：门店是到店成交人数，线上是去重曝光人数；两种各报各的，不相加。"),
    (
        ("deletion-7d", "first-order-7d"),
        "",
        "按加好友日期分批算，整批满7天才出数；不用当周删除除以当周新增。",
    ),
    (("private-gmv",), "private-gmv", "扣除退款，退款在发生当月扣回；同一订单只归一个来源。"),
    (
        ("private-gmv", "order-conversion"),
        "",
        "归因窗口写在页脚：默认点击后7天内付款，或私聊当天付款；改窗口提前一个月公布。",
    ),
    (("gmv-per-user",), "users", "用户按人去重：好友与群成员合并，同一人加了两个员工只算1位。"),
)
"""KPIs, the fact whose note tells how it was taken, and what must be agreed (domain, KPI tree)."""


def agreed(source: Source) -> tuple[Agreed, ...]:
    """Return what must be written beside the figures, for the metrics this model has."""
    model, measures, found = source.model, Measures(source), []
    for kpis, part, rule in RULES:
        known = [name for name in kpis if name in model.kpis]
        if not known:
            continue
        said = _given(source, measures, known, part)
        refs = [ref for name in known for ref in _known_refs(source, measures, name)]
        found.append(
            Agreed(
                codes=source.wording.joined([source.wording.kpi(name) for name in known]),
                rule=source.wording.translate(rule),
                given=said,
                refs=tuple(dict.fromkeys(refs)),
            )
        )
    return tuple(found)


def _known_refs(source: Source, measures: Measures, name: str) -> tuple[str, ...]:
    shown = measures.measure(name)
    return refs_of(source, source.model.kpis[name]) if shown and shown.known else ()


def _given(source: Source, measures: Measures, kpis: list[str], part: str) -> str:
    t = source.wording.translate
    shown = [item for name in kpis if (item := measures.measure(name)) is not None]
    values = [source.wording.beside(item.title, item.today) for item in shown]
    text = source.wording.joined(values)
    fact = Figures.of(source.diagnosis.assessment).given(part) if part else None
    if fact is not None and fact.note:
        return t("{}：「{}」").format(text, fact.note)
    if any(item.known for item in shown):
        return t("{}，归档时补写口径").format(text)
    return t("今天没有数，第一次出数就写上")


def crossings(source: Source) -> tuple[Crossing, ...]:
    """Return the client's figures held against each other, where all of them are known."""
    found = (_buyers(source), _in_groups(source), _acquisition(source))
    return tuple(item for item in found if item is not None)


def implied_buyers(figures: Figures) -> Fraction | None:
    """Return how many of today's users must be buyers to explain the month's sales.

    Orders a month = GMV ÷ AOV; a buyer places ``orders-per-year`` ÷ 12 of them.
    """
    gmv, aov = figures.number("private-gmv"), figures.number("aov")
    orders = figures.number("orders-per-year")
    if gmv is None or not aov or not orders:
        return None
    return gmv / aov * MONTHS / orders


def _buyers(source: Source) -> Crossing | None:
    wording, t = source.wording, source.wording.translate
    figures = Figures.of(source.diagnosis.assessment)
    buyers, users = implied_buyers(figures), figures.number("users")
    gmv, aov = figures.number("private-gmv"), figures.number("aov")
    if buyers is None or not users or gmv is None or not aov:
        return None
    share = buyers / users * 100
    reads = t("用户里约{}是在买的人，其余还没有买或不再买。").format(wording.percent(share, 1))
    if share > 100:
        reads = t("比用户还多：客单价、频次或成交额的口径有一个不是私域的，先查清再用。")
    return Crossing(
        title=t("成交额反推买家"),
        sum=t("{gmv}÷{aov}元＝每月{orders}单；每人一年{frequency}单，约{buyers}名买家").format(
            gmv=wording.money(gmv),
            aov=wording.plain(aov),
            orders=wording.number(gmv / aov),
            frequency=wording.plain(figures.number("orders-per-year")),
            buyers=wording.number(buyers),
        ),
        reads=reads,
        refs=_fact_codes(source, "private-gmv", "aov", "orders-per-year", "users"),
    )


def _in_groups(source: Source) -> Crossing | None:
    wording, t = source.wording, source.wording.translate
    figures = Figures.of(source.diagnosis.assessment)
    groups, size = figures.number("active-groups"), figures.number("group-size")
    users = figures.number("users")
    if not groups or not size or not users:
        return None
    inside = groups * size
    return Crossing(
        title=t("群成员与用户"),
        sum=t("{groups}个群×{size}人＝{inside}人，占{users}名用户的{share}").format(
            groups=wording.number(groups),
            size=wording.plain(size),
            inside=wording.number(inside),
            users=wording.amount(users),
            share=wording.percent(inside / users * 100),
        ),
        reads=t("群里的活跃率只说得了这部分人；另外{}人要看私聊和朋友圈。").format(
            wording.number(max(users - inside, Fraction(0)))
        ),
        refs=_fact_codes(source, "active-groups", "users"),
    )


def _acquisition(source: Source) -> Crossing | None:
    wording, t = source.wording, source.wording.translate
    figures = Figures.of(source.diagnosis.assessment)
    add_cost, adds = figures.number("add-cost"), figures.number("new-adds")
    cost = figures.number("private-cost")
    if not add_cost or not adds or not cost:
        return None
    spent = add_cost * adds
    return Crossing(
        title=t("获客花费与总成本"),
        sum=t("{add_cost}元×{adds}人＝{spent}，占月成本{cost}的{share}").format(
            add_cost=wording.plain(add_cost),
            adds=wording.number(adds),
            spent=wording.money(spent),
            cost=wording.money(cost),
            share=wording.percent(spent / cost * 100),
        ),
        reads=t("余下{}才是服务老用户的人工、工具和内容。").format(
            wording.money(max(cost - spent, Fraction(0)))
        ),
        refs=_fact_codes(source, "add-cost", "new-adds", "private-cost"),
    )


def fact_checks(source: Source) -> str:
    """Say how many of the model's contradictions between facts could be looked for, and found."""
    t, checks = source.wording.translate, source.model.content.fact_checks
    world = World(source.model, source.diagnosis.assessment)
    results = [source.model.expression(check.when).evaluate(world) for check in checks]
    decided = [result for result in results if result is not UNKNOWN]
    if not decided:
        return ""
    wrong = sum(result is True for result in decided)
    said = t("另有{total}条画像事实互查，{decided}条有数可查").format(
        total=len(checks), decided=len(decided)
    )
    if len(decided) == len(checks):
        said = t("另把画像事实互查了{}条").format(len(checks))
    verdict = t("{}条对不上").format(wrong) if wrong else t("没有对不上的")
    left = len(checks) - len(decided)
    tail = t("，{}条因缺数查不了").format(left) if left else ""
    return t("{}，{}{}。").format(said, verdict, tail)


def _fact_codes(source: Source, *parts: str) -> tuple[str, ...]:
    model = source.model
    codes = [model.fact_of[part].code for part in parts if part in model.fact_of]
    return tuple(dict.fromkeys(codes))
