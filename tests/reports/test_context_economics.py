"""The economics section: what is said of margin, plan, assumptions and users, and what is not."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from app.content.answers import read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import diagnose
from app.domain.model import MaturityModel
from app.domain.response import Assessment, ClientProfile, FactValue, PlanControls
from app.reporting.charts import Scenario, Theme, forecast_chart
from app.reporting.context import economics
from app.reporting.context.economics_case import MoneyColumn, case_of
from app.reporting.context.economics_months import PlanYear
from app.reporting.context.source import Edition, Source

FOLDER = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"


@cache
def model() -> MaturityModel:
    return load_model(FOLDER)


@cache
def case(name: str) -> Assessment:
    path = FOLDER / "examples" / name
    return read_assessment(path.read_bytes(), path.name, model())


def source(assessment: Assessment) -> Source:
    edition = Edition("ZM-1", 1, date(2026, 11, 21), "zh-Hans", "1", "0" * 64)
    return Source.of(diagnose(model(), assessment, date(2026, 11, 21)), edition)


def mother_baby() -> Assessment:
    return case("case-1-mother-baby.yaml")


def with_facts(assessment: Assessment, **values: int) -> Assessment:
    given = {name.replace("_", "-"): FactValue(Fraction(value)) for name, value in values.items()}
    return replace(assessment, facts={**assessment.facts, **given})


def without(assessment: Assessment, *parts: str) -> Assessment:
    facts = {name: value for name, value in assessment.facts.items() if name not in parts}
    return replace(assessment, facts=facts)


def assuming(assessment: Assessment, **values: str) -> Assessment:
    own = {name.replace("_", "-"): Fraction(value) for name, value in values.items()}
    return replace(assessment, controls=PlanControls(assumptions=own))


def year_of(assessment: Assessment) -> PlanYear:
    found = economics.build(source(assessment)).year
    assert found is not None
    return found


def test_a_losing_month_is_the_headline_with_what_breaks_even() -> None:
    part = economics.build(source(mother_baby()))
    # 960,000 × 26 % = 249,600 against 355,000; 355,000 ÷ 120,000 ÷ 26 % = 11.38.
    assert "25万元" in part.headline
    assert "35.5万元" in part.headline
    assert "从8元到11.38元才打平" in part.headline


def test_a_paying_month_warns_of_a_shrinking_user_base() -> None:
    part = economics.build(source(case("case-2-jewellery.yaml")))
    assert "结余24.2万元" in part.headline
    assert "用户12个月会从60,000掉到49,785" in part.headline


def test_the_ratio_says_on_which_assumption_it_rests() -> None:
    part = economics.build(source(mother_baby()))
    text = next(text for text in part.lead if "LTV/CAC" in text)
    assert "20%的新增好友会成为买家（等级OPJ）" in text
    # 960,000 ÷ 168 × 12 ÷ 7.2 = 9,524 buyers among 120,000 users: 7.9 %, and 10.66 × 7.9 ÷ 20.
    assert "7.9%在买；按它算是4.2倍" in text


def test_lines_of_assumption_are_marked_and_lines_of_facts_are_not() -> None:
    part = economics.build(source(mother_baby()))
    assert {line.title for line in part.buyer if not line.assumed} == {"一位买家一年的毛利"}
    assert not any(line.assumed for line in part.month)


def test_the_arithmetic_on_paper_comes_out_to_the_printed_result() -> None:
    part = economics.build(source(mother_baby()))
    ltv = next(line for line in part.buyer if line.code == "K33")
    assert (ltv.filled, ltv.result) == ("314.5元×2年－42.6元", "586.4元")


def test_a_missing_fact_is_named_where_it_is_missing() -> None:
    part = economics.build(source(without(mother_baby(), "orders-per-year")))
    ltv = next(line for line in part.buyer if line.code == "K33")
    assert (ltv.filled, ltv.result) == ("缺F04 购买频次", "—")
    assert "F04 购买频次" in part.missing


def test_a_service_cost_that_is_unknown_is_said_not_to_be_deducted() -> None:
    part = economics.build(source(without(mother_baby(), "users")))
    ltv = next(line for line in part.buyer if line.code == "K33")
    assert "没有扣，偏高" in ltv.filled
    assert ltv.result == "629元"


# -- the plan's year -----------------------------------------------------------------------


def test_the_year_begins_with_the_month_the_client_knows() -> None:
    today = year_of(mother_baby()).rows[0]
    assert (today.users, today.margin, today.result) == ("120,000", "25.0", "−10.5")
    assert today.cumulative == "—"
    assert today.alert


def test_the_printed_lines_are_those_of_the_case() -> None:
    found = source(mother_baby())
    year, real = year_of(mother_baby()), case_of(found)
    assert real is not None
    assert len(year.rows) == 13
    last = real.base.lines[-1]
    assert year.rows[-1].users == f"{round(last.users):,}"
    assert year.rows[-1].result == f"{float(last.result) / 10_000:,.1f}".replace("-", "−")
    assert year.total.result == f"{float(real.base.result) / 10_000:,.1f}".replace("-", "−")
    assert [row.main for row in year.scenarios] == [False, True, False, False]


def test_a_plan_that_promises_nothing_says_what_it_must_earn() -> None:
    year, real = year_of(mother_baby()), case_of(source(mother_baby()))
    assert real is not None
    assert real.increment.needed_change is not None
    assert year.headline.startswith("单用户月GMV不涨，方案12个月的结余比照旧少")
    assert f"涨{round(float(real.increment.needed_change) * 100)}%才扯平" in year.headline
    assert "没有许诺单用户GMV会涨" in year.says[0]


def test_a_rise_the_client_assumes_is_called_theirs_in_the_headline() -> None:
    year = year_of(assuming(mother_baby(), gmv_change="0.15"))
    assert year.headline.startswith("单用户月GMV涨15%，")


def test_a_plan_that_earns_more_says_so() -> None:
    year = year_of(assuming(mother_baby(), gmv_change="2", months_to_effect="0"))
    assert year.headline.startswith("方案12个月的结余比照旧多")


def test_more_adds_that_do_not_pay_within_the_year_are_advised_against() -> None:
    # 12 × 11 CNY spent; at 8 CNY a user and month and a margin of 26 % less comes back.
    text = next(text for text in year_of(mother_baby()).says if "加量值不值" in text)
    assert "共花132元获客" in text
    assert "先把人留住" in text
    rich = with_facts(mother_baby(), private_gmv=9_600_000)
    text = next(text for text in year_of(rich).says if "加量值不值" in text)
    assert "一年内收得回" in text


def test_a_cost_below_what_can_be_named_is_said_not_to_meet() -> None:
    found = with_facts(mother_baby(), private_cost=200_000)
    year = year_of(found)
    assert any("F15漏了人工或获客" in text for text in year.says)
    # What cannot be told apart is not drawn.
    assert economics.build(source(found)).today is None


def test_unknown_cost_is_said_to_flatter_the_result() -> None:
    year = year_of(without(mother_baby(), "private-cost"))
    assert any("结余因此偏好" in text for text in year.says)


def test_the_facts_the_year_needs_are_asked_for() -> None:
    part = economics.build(source(without(mother_baby(), "new-adds")))
    assert part.year is None
    assert part.roi is None
    assert part.unplanned == "缺F07 月新增，12个月的账和敏感性算不了。"


def test_small_sums_stand_in_yuan_and_large_ones_in_ten_thousands() -> None:
    found = source(mother_baby())
    small = MoneyColumn.of(found, [Fraction(4_200), Fraction(-99_999)])
    large = MoneyColumn.of(found, [Fraction(-100_000)])
    huge = MoneyColumn.of(found, [Fraction(10_000_000)])
    assert (small.unit, small(Fraction(4_200))) == ("元", "4,200")
    assert (large.unit, large.signed(Fraction(-100_000))) == ("万元", "−10.0")
    assert huge(Fraction(10_000_000)) == "1,000"
    assert large(Fraction(0)) == "0"


# -- sensitivity and payroll ---------------------------------------------------------------


def test_the_tornado_names_the_strongest_driver_and_what_turns_the_year() -> None:
    part = economics.build(source(mother_baby()))
    assert part.roi is not None
    assert part.roi.headline.startswith("最能动投入产出比的是「毛利率」：20.8%到31.2%")
    assert "方案见效要几个月" in part.roi.small
    assert "毛利率" in str(part.roi.chart)


def test_a_paying_plan_names_what_alone_would_make_it_lose() -> None:
    safe = assuming(case("case-2-jewellery.yaml"), gmv_change="0.2")
    found = economics.build(source(with_facts(safe, private_gmv=3_500_000))).roi
    assert found is not None
    assert "转亏" in found.says or "会让全年亏" in found.says


def test_ltv_to_cac_fears_the_assumed_share_of_buyers() -> None:
    part = economics.build(source(mother_baby()))
    assert part.ratio is not None
    assert "10%到30%，倍数从5.3倍到16倍" in part.ratio.headline


def test_payroll_of_the_clients_cities_is_that_of_the_year() -> None:
    found = source(mother_baby())
    part, real = economics.build(found), case_of(found)
    assert part.payroll is not None
    assert real is not None
    spent = sum(line.payroll for line in real.base.lines)
    assert part.payroll.total[part.payroll.chosen] == f"{float(spent) / 10_000:,.1f}"
    assert part.payroll.rows[0].when == "今天"
    assert "换到一线城市多" in part.payroll.headline


# -- assumptions ---------------------------------------------------------------------------


def test_every_assumption_stands_with_range_grade_and_basis() -> None:
    part = economics.build(source(mother_baby()))
    churn = next(row for row in part.assumptions if row.title == "用户月流失率")
    assert (churn.value, churn.span, churn.whose, churn.grade) == (
        "3%",
        "1.5%到6%",
        "本模型",
        "OPJ",
    )
    assert all(row.basis for row in part.assumptions)
    assert not any(row.own for row in part.assumptions)


def test_the_clients_own_assumption_is_called_theirs_and_moves_the_page() -> None:
    found = assuming(mother_baby(), monthly_churn="0.01")
    part = economics.build(source(found))
    churn = next(row for row in part.assumptions if row.title == "用户月流失率")
    assert (churn.value, churn.whose, churn.own) == ("1%", "贵司", True)
    assert churn.basis == "贵司给的数，替换了本模型的3%。"
    assert part.year is not None
    assert part.year.rows[-1].users != year_of(mother_baby()).rows[-1].users


def test_what_was_measured_is_no_assumption() -> None:
    silent = replace(mother_baby(), respondents=(), adjudications={})
    titles = [row.title for row in economics.build(source(silent)).assumptions]
    known = [row.title for row in economics.build(source(mother_baby())).assumptions]
    assert "新增好友7天内删除的比例" in titles
    assert "新增好友7天内删除的比例" not in known


# -- users, cases, thin --------------------------------------------------------------------


def test_without_new_adds_no_decay_is_drawn_as_a_forecast() -> None:
    assert economics.build(source(without(mother_baby(), "new-adds"))).forecast is None


def test_a_set_target_is_told_by_the_adds_it_takes() -> None:
    aimed = replace(mother_baby(), controls=PlanControls(target_users=500_000))
    found = economics.build(source(aimed)).forecast
    assert found is not None
    assert "每月新增" in found.headline
    assert "够得着目标500,000" in found.headline


def test_cases_are_shown_with_their_caution_and_enter_no_figure() -> None:
    part = economics.build(source(mother_baby()))
    assert part.cases
    assert all(item.caution for item in part.cases)
    bare = replace(model(), content=replace(model().content, cases=()))
    edition = source(mother_baby()).edition
    other = economics.build(Source.of(diagnose(bare, mother_baby(), date(2026, 11, 21)), edition))
    assert replace(other, cases=part.cases) == part


def test_nothing_known_asks_for_the_figures_and_prints_no_empty_table() -> None:
    part = economics.build(source(Assessment("full", ClientProfile("空白公司"))))
    assert part.headline.startswith("账还算不出来")
    assert (part.month, part.buyer, part.year, part.forecast) == ((), (), None, None)
    assert (part.roi, part.ratio, part.payroll, part.today) == (None, None, None, None)


def test_a_goal_is_drawn_outside_the_shaded_range() -> None:
    lines = [Scenario("高", (10, 20)), Scenario("低", (10, 12))]
    goal = Scenario("目标", (None, 90), goal=True)
    wish = Scenario("目标", (None, 90))

    def shade(*scenarios: Scenario) -> str:
        drawn = str(forecast_chart(["今天", "第1月"], scenarios, title="用户"))
        fill = Theme().accent_pale
        return next(part for part in drawn.split("<") if f'fill="{fill}"' in part)

    assert shade(*lines, goal) != shade(*lines, wish)
