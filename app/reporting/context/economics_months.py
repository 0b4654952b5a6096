"""The plan's twelve months: the monthly table, its scenarios, and what the plan has to earn."""

from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.business_case import BusinessCase
from app.domain.case_months import CaseScenario, MonthLine
from app.domain.forecast import HORIZON_MONTHS
from app.reporting.charts import Contribution, Scenario, forecast_chart
from app.reporting.charts.bars import waterfall
from app.reporting.context.economics_arguments import arguments, constants, pays, year_headline
from app.reporting.context.economics_case import MoneyColumn, adds_spread, share
from app.reporting.context.source import Source
from app.reporting.numerals import NOTHING


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the plan; ``alert`` marks a loss, ``behind`` a cumulative one."""

    when: str
    users: str
    gmv: str
    margin: str
    payroll: str
    acquisition: str
    variable: str
    other: str
    one_off: str
    result: str
    cumulative: str
    low: str
    high: str
    as_today: str
    alert: bool
    behind: bool


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One scenario over the year; ``main`` is the plan's.

    ``pays`` says in which months it makes no loss, ``recovered`` when the sum is not negative.
    """

    title: str
    users: str
    margin: str
    cost: str
    result: str
    roi: str
    pays: str
    recovered: str
    main: bool
    alert: bool


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The year of the plan.

    ``headline`` says what it must earn, ``says`` the arguments, ``unit`` the unit of all money in
    ``rows`` and ``total``; ``scenarios`` and ``chart`` hold them side by side, ``spread`` is the
    ± on new adds; ``notes`` say what was held constant.
    """

    headline: str
    says: tuple[str, ...]
    unit: str
    rows: tuple[MonthRow, ...]
    total: MonthRow
    scenarios: tuple[ScenarioRow, ...]
    spread: str
    chart: Markup
    notes: tuple[str, ...]


def plan_year(source: Source, case: BusinessCase) -> PlanYear:
    """Return the year."""
    sums = [line.cost for line in case.base.lines]
    column = MoneyColumn.of(source, [*sums, *(line.gmv for line in case.base.lines)])
    today = _row(source, column, case, case.today, source.wording.translate("今天"))
    return PlanYear(
        headline=year_headline(source, case),
        says=arguments(source, case),
        unit=column.unit,
        rows=(today, *(_month(source, column, case, line) for line in case.base.lines)),
        total=_total(source, column, case),
        scenarios=_scenarios(source, column, case),
        spread=adds_spread(source, case),
        chart=_chart(source, case),
        notes=constants(source, case),
    )


def _month(source: Source, column: MoneyColumn, case: BusinessCase, line: MonthLine) -> MonthRow:
    when = source.wording.translate("第{}月").format(line.month)
    return _row(source, column, case, line, when)


def _row(
    source: Source, column: MoneyColumn, case: BusinessCase, line: MonthLine, when: str
) -> MonthRow:
    def reached(scenario: CaseScenario) -> str:
        return column.signed(scenario.lines[line.month - 1].cumulative)

    later = line.month > 0
    return MonthRow(
        when=when,
        users=source.wording.amount(line.users),
        gmv=column(line.gmv),
        margin=column.signed(line.margin),
        payroll=column(line.payroll),
        acquisition=column(line.acquisition),
        variable=column(line.variable),
        other=column(line.other + line.tools),
        one_off=column(line.one_off),
        result=column.signed(line.result),
        cumulative=reached(case.base) if later else NOTHING,
        low=reached(case.low) if later else NOTHING,
        high=reached(case.high) if later else NOTHING,
        as_today=reached(case.as_today) if later else NOTHING,
        alert=line.result < 0,
        behind=later and line.cumulative < 0,
    )


def _total(source: Source, column: MoneyColumn, case: BusinessCase) -> MonthRow:
    lines, base = case.base.lines, case.base

    def total(name: str) -> Fraction:
        return sum((getattr(line, name) for line in lines), Fraction(0))

    return MonthRow(
        when=source.wording.translate("合计"),
        users="",
        gmv=column(total("gmv")),
        margin=column.signed(base.margin),
        payroll=column(total("payroll")),
        acquisition=column(total("acquisition")),
        variable=column(total("variable")),
        other=column(total("other") + total("tools")),
        one_off=column(total("one_off")),
        result=column.signed(base.result),
        cumulative=column.signed(base.result),
        low=column.signed(case.low.result),
        high=column.signed(case.high.result),
        as_today=column.signed(case.as_today.result),
        alert=base.result < 0,
        behind=base.result < 0,
    )


# -- scenarios -----------------------------------------------------------------------------


def _scenarios(source: Source, column: MoneyColumn, case: BusinessCase) -> tuple[ScenarioRow, ...]:
    t, spread = source.wording.translate, adds_spread(source, case)
    named = (
        (t("方案，新增少{}").format(spread), case.low, False),
        (t("方案"), case.base, True),
        (t("方案，新增多{}").format(spread), case.high, False),
        (t("照旧：今天的人，今天的新增"), case.as_today, False),
    )
    return tuple(
        ScenarioRow(
            title=title,
            users=source.wording.amount(year.lines[-1].users),
            margin=column.signed(year.margin),
            cost=column(year.cost),
            result=column.signed(year.result),
            roi=share(source, year.roi),
            pays=pays(source, year),
            recovered=_recovered(source, year),
            main=main,
            alert=year.result < 0,
        )
        for title, year, main in named
    )


def _recovered(source: Source, year: CaseScenario) -> str:
    """Say from which month the cumulative result is not negative any more."""
    t = source.wording.translate
    if year.recovered_in is None:
        return t("一年内没有")
    return t("第{}月").format(year.recovered_in) if year.recovered_in > 1 else t("一直为正")


def _chart(source: Source, case: BusinessCase) -> Markup:
    t, money = source.wording.translate, source.wording.money
    spread = adds_spread(source, case)

    def line(year: CaseScenario) -> tuple[Fraction, ...]:
        return (Fraction(0), *(month.cumulative for month in year.lines))

    return forecast_chart(
        [t("今天"), *(t("第{}月").format(month) for month in range(1, HORIZON_MONTHS + 1))],
        [
            Scenario(t("方案，新增多{}").format(spread), line(case.high)),
            Scenario(t("方案"), line(case.base), main=True),
            Scenario(t("方案，新增少{}").format(spread), line(case.low)),
            Scenario(t("照旧"), line(case.as_today), goal=True),
        ],
        title=t("12个月的累计结余"),
        desc=t("方案12个月累计{plan}，照旧{today}。").format(
            plan=money(case.base.result), today=money(case.as_today.result)
        ),
        format=lambda value: money(Fraction(value)),
        theme=source.theme,
        words=source.words,
    )


def today_chart(source: Source, case: BusinessCase) -> Markup | None:
    """Draw where a month's margin goes; None where the client's cost is unknown or exceeded."""
    t, today = source.wording.translate, case.today
    if case.missing or case.overrun:
        return None

    def money(value: Fraction) -> str:
        return source.wording.money(value).replace("-", "−")

    parts = (
        (t("获客花费"), today.acquisition),
        (t("人工（估）"), today.payroll),
        (t("随成交走的费用（假设）"), today.variable),
        (t("工具席位（假设）"), today.tools),
        (t("其余成本（倒推）"), today.other),
    )
    return waterfall(
        [Contribution(name, -value) for name, value in parts if value],
        start=Contribution(t("月毛利"), today.margin),
        total=t("月结余"),
        title=t("今天一个月的毛利去了哪里"),
        desc=t("毛利{margin}，结余{left}。").format(
            margin=money(today.margin), left=money(today.result)
        ),
        format=lambda value: money(Fraction(value)),
        theme=source.theme,
        words=source.words,
    )
