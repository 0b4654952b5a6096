"""What the plan's twelve months come to: what it must earn, what is at stake, what was constant."""

from fractions import Fraction
from typing import Final

from app.domain.business_case import BusinessCase
from app.domain.case_months import CaseScenario
from app.reporting.context.economics_case import adds_spread, share
from app.reporting.context.source import Source

SMALL_GAIN: Final = Fraction(1, 200)
"""A gain below this share of a year's cost is none."""

WHOLE_FROM: Final = Fraction(1, 10)
"""From this change on per cents have no place."""


def _negligible(case: BusinessCase) -> bool:
    return abs(case.increment.gain) < SMALL_GAIN * case.as_today.cost


def year_headline(source: Source, case: BusinessCase) -> str:
    """Say in one line what the plan has to earn against carrying on."""
    t, money = source.wording.translate, source.wording.money
    gap = case.increment
    if _negligible(case):
        return t("方案12个月的结余与照旧相同：{}").format(_real(money(case.base.result)))
    if gap.gain > 0:
        return t("方案12个月的结余比照旧多{gain}").format(gain=money(gap.gain))
    if gap.needed_change is None:
        return t("方案12个月的结余比照旧少{gain}，卖得再多也补不回来").format(gain=money(-gap.gain))
    return t("单用户月GMV{given}，方案12个月的结余比照旧少{gain}；涨{rise}才扯平").format(
        given=_given(source, case),
        gain=money(-gap.gain),
        rise=_rise(source, gap.needed_change),
    )


def _given(source: Source, case: BusinessCase) -> str:
    """Say which change of GMV per user is assumed."""
    t, change = source.wording.translate, case.inputs.gmv_change
    if not change:
        return t("不涨")
    if change > 0:
        return t("涨{}").format(_rise(source, change))
    return t("跌{}").format(_rise(source, -change))


def _rise(source: Source, change: Fraction) -> str:
    """Return a change in per cent; a place only where it is small."""
    return source.wording.percent(change * 100, 0 if change >= WHOLE_FROM else 1)


def _real(text: str) -> str:
    return text.replace("-", "−")


def arguments(source: Source, case: BusinessCase) -> tuple[str, ...]:
    """Return what the year comes to, in sentences."""
    said = (_burden, _stake, _break_even, _one_more, _incomplete)
    return tuple(text for say in said if (text := say(source, case)))


def _burden(source: Source, case: BusinessCase) -> str:
    """Say what the plan costs more than carrying on, and which rise pays for it."""
    t, money, gap = source.wording.translate, source.wording.money, case.increment
    if _negligible(case) or gap.gain > 0:
        return ""
    text = t("12个月里，方案比照旧多花{cost}，毛利一样多：没有许诺单用户GMV会涨。").format(
        cost=money(gap.cost)
    )
    if gap.margin:
        text = t("12个月里，方案比照旧多花{cost}，毛利多{margin}。").format(
            cost=money(gap.cost), margin=_real(money(gap.margin))
        )
    if gap.needed_change is None or gap.needed_to_pay is None:
        return text
    each, delay = case.inputs.gmv_per_user, case.inputs.months_to_effect
    text += t("从第{month}个月起，单用户月GMV由{now}到{even}，与照旧扯平；").format(
        month=int(delay) + 1, now=money(each), even=money(each * (1 + gap.needed_change))
    )
    if gap.needed_to_pay > 0:
        return text + t("到{pay}（涨{rise}），全年才不亏。").format(
            pay=money(each * (1 + gap.needed_to_pay)), rise=_rise(source, gap.needed_to_pay)
        )
    return text + t("只要跌幅不过{fall}，全年仍不亏。").format(
        fall=_rise(source, -gap.needed_to_pay)
    )


def _stake(source: Source, case: BusinessCase) -> str:
    """Say how little is spent until the gate before the largest rise of the payroll."""
    plan, roadmap = source.diagnosis.plan.staffing, source.diagnosis.plan.roadmap
    rises = case.inputs.team.rises()
    largest = max(rises)
    if plan is None or roadmap is None or largest <= 0:
        return ""
    month = rises.index(largest) + 1
    titles = {item.phase.id: item.phase.title for item in roadmap.phases}
    gates = [item for item in plan.horizons if 0 < item.months < month and item.phase in titles]
    if not gates:
        return ""
    gate, t, money = gates[-1], source.wording.translate, source.wording.money
    spent = -case.increment.by_month[gate.months - 1]
    if spent <= 0:
        return ""
    return t(
        "钱不是一次押上：到{phase}出口（第{n}个月末）累计只比照旧少{spent}，"
        "第{month}个月起每月多出的{rise}人工，过了关才花。"
    ).format(
        phase=titles[gate.phase],
        n=gate.months,
        spent=money(spent),
        month=month,
        rise=money(largest),
    )


def _break_even(source: Source, case: BusinessCase) -> str:
    """Say when months stop making a loss, for all scenarios at once."""
    t, base = source.wording.translate, case.base
    years = (case.low, base, case.high)
    if all(year.pays_from == 1 for year in years):
        worst = min(base.lines, key=lambda line: line.result)
        return t("三种情形下都没有亏损的月份；最紧的是第{month}个月，结余{left}。").format(
            month=worst.month, left=source.wording.money(worst.result)
        )
    if all(line.result < 0 for year in years for line in year.lines[-1:]):
        text = t("多加或少加{spread}的人，12个月里都等不到稳定打平的月份。")
        return text.format(spread=adds_spread(source, case)) + _last_month(source, case)
    named = ((t("新增少"), case.low), (t("新增不变"), base), (t("新增多"), case.high))
    parts = [
        t("{scenario}，{reads}").format(scenario=title, reads=pays(source, year))
        for title, year in named
    ]
    first, last = base.lines[0], base.lines[-1]
    text = t("逐月看盈亏：{}。").format(t("；").join(parts))
    if 0 < last.result < first.result / 2:
        text += t("方案的月结余从第1个月的{first}薄到第12个月的{last}。").format(
            first=source.wording.money(first.result), last=source.wording.money(last.result)
        )
    return text


def pays(source: Source, year: CaseScenario) -> str:
    """Say from which month a scenario makes no loss, or from which it does."""
    t = source.wording.translate
    if year.pays_from == 1:
        return t("月月不亏")
    if year.pays_from is not None:
        return t("第{}月起不亏").format(year.pays_from)
    last_gain = max((line.month for line in year.lines if line.result >= 0), default=0)
    return t("第{}月起转亏").format(last_gain + 1) if last_gain else t("月月亏")


def _last_month(source: Source, case: BusinessCase) -> str:
    """Say at which GMV per user the last month breaks even."""
    last, kept = case.base.lines[-1], case.inputs.margin - case.inputs.variable_share
    if kept <= 0 or not last.users:
        return ""
    needed = (last.cost - last.variable) / last.users / kept
    text = source.wording.translate("第12个月要打平，单用户月GMV得有{}。")
    return text.format(source.wording.money(needed))


def _one_more(source: Source, case: BusinessCase) -> str:
    """Say whether adding more people pays within the year."""
    more, t, money = case.one_more_add, source.wording.translate, source.wording.money
    if more is None or not more.spent:
        return ""
    text = t(
        "加量值不值：每月多加1人，12个月共花{spent}获客，带回毛利{earned}"
        "（已扣删除、流失和随成交走的费用）"
    ).format(spent=money(more.spent), earned=money(more.earned))
    if more.earned < more.spent:
        return text + t("，一年内收不回：先把人留住、卖出去，再谈加量。")
    return text + t("，一年内收得回。")


def _incomplete(source: Source, case: BusinessCase) -> str:
    """Say which cost is not known or does not meet, so that the result is read with care."""
    t, money = source.wording.translate, source.wording.money
    if case.overrun:
        return t(
            "能点名的月开支已有{named}，比贵司报的月成本高{over}：要么F15漏了人工或获客，"
            "要么实际薪资低于岗位表的估算。上表按高的算；请财务对一次。"
        ).format(named=money(case.today.cost), over=money(case.overrun))
    if "private-cost" in case.missing:
        return t("F15私域月成本没有给：表里只有点得出名的几项，实际成本更高，结余因此偏好。")
    if "add-cost" in case.missing:
        return t("F23单个加粉成本没有给：获客花费含在其余成本里，三种情形的成本不随新增变。")
    return ""


def constants(source: Source, case: BusinessCase) -> tuple[str, ...]:
    """Return what was held constant, so that the table can be checked."""
    t, plan = source.wording.translate, source.diagnosis.plan.staffing
    said = [
        t("成交额＝月末用户×今天的单用户月GMV（{each}）。").format(
            each=source.wording.money(case.inputs.gmv_per_user)
        )
        if not case.inputs.gmv_change
        else t("成交额＝月末用户×单用户月GMV（今天{each}，第{month}个月起变{change}）。").format(
            each=source.wording.money(case.inputs.gmv_per_user),
            month=int(case.inputs.months_to_effect) + 1,
            change=share(source, case.inputs.gmv_change),
        ),
        t("人工按编制表的岗位月成本估，在岗的人都留下。"),
        t("其余＝工具席位＋点不出名的今天的成本（{other}，各月不变）。").format(
            other=source.wording.money(case.inputs.other)
        ),
        t("三种情形只差新增，编制相同；不计季节，也不给照旧的那条线扣超负荷的损失。"),
        t("每格各自四舍五入，末位相加可能差1。"),
    ]
    stores = max((item.store_people for item in plan.horizons), default=0) if plan else 0
    if stores:
        said.append(t("{}家门店责任人的工资在门店，不在内。").format(source.wording.number(stores)))
    return tuple(said)
