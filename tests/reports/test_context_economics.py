"""The economics section: what is said of margin, assumptions and users, and what is left unsaid."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from app.content.answers import read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import diagnose
from app.domain.forecast import forecast_users
from app.domain.model import MaturityModel
from app.domain.response import Assessment, ClientProfile, FactValue
from app.reporting.charts import Scenario, Theme, forecast_chart
from app.reporting.context import economics
from app.reporting.context.economics_forecast import needed_adds
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


def without(assessment: Assessment, *parts: str) -> Assessment:
    facts = {name: value for name, value in assessment.facts.items() if name not in parts}
    return replace(assessment, facts=facts)


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
    found = source(without(mother_baby(), "users"))
    part = economics.build(found)
    ltv = next(line for line in part.buyer if line.code == "K33")
    assert "没有扣，偏高" in ltv.filled
    assert ltv.result == "629元"


def test_halving_an_assumption_shows_what_it_does_to_the_ratio() -> None:
    part = economics.build(source(mother_baby()))
    share = next(row for row in part.assumptions if "成为买家" in row.title)
    assert share.moves == ("减半：LTV/CAC 5.3倍", "加倍：LTV/CAC 21.3倍")
    assert share.grade == "OPJ"


def test_the_adds_that_are_needed_do_reach_the_target() -> None:
    found = forecast_users(120_000, 14_500, Fraction(3, 100), Fraction(17, 100), Fraction(1, 4))
    adds = needed_adds(found, 500_000)
    assert adds is not None
    reached = forecast_users(120_000, adds, found.churn, found.deletion, Fraction(0))
    short = forecast_users(120_000, adds - 1, found.churn, found.deletion, Fraction(0))
    assert reached.base[-1] >= 500_000 > short.base[-1]


def test_without_new_adds_no_decay_is_drawn_as_a_forecast() -> None:
    assert economics.build(source(without(mother_baby(), "new-adds"))).forecast is None


def test_an_unknown_deletion_rate_is_printed_as_an_assumption() -> None:
    silent = replace(mother_baby(), respondents=(), adjudications={})
    part = economics.build(source(silent))
    assert "7天删除率" in [row.title for row in part.assumptions]
    known = economics.build(source(mother_baby()))
    assert "7天删除率" not in [row.title for row in known.assumptions]


def test_the_monthly_account_ends_each_phase_with_margin_minus_all_costs() -> None:
    part = economics.build(source(mother_baby()))
    assert part.account is not None
    today = part.account.rows[0]
    assert (today.margin, today.left, today.needed) == ("25万元", "−10.5万元", "11.38元")
    assert all(row.alert for row in part.account.rows)


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
    assert (part.month, part.buyer, part.account, part.forecast) == ((), (), None, None)


def test_a_cost_below_the_estimated_payroll_leaves_other_costs_open() -> None:
    facts = {**mother_baby().facts, "private-cost": FactValue(Fraction(20_000))}
    part = economics.build(source(replace(mother_baby(), facts=facts)))
    assert part.account is not None
    assert part.account.rows[0].other == "—"
    assert part.account.chart is None


def test_a_goal_is_drawn_outside_the_shaded_range() -> None:
    lines = [Scenario("高", (10, 20)), Scenario("低", (10, 12))]
    goal = Scenario("目标", (None, 90), goal=True)
    wish = Scenario("目标", (None, 90))

    def shade(*scenarios: Scenario) -> str:
        drawn = str(forecast_chart(["今天", "第1月"], scenarios, title="用户"))
        fill = Theme().accent_pale
        return next(part for part in drawn.split("<") if f'fill="{fill}"' in part)

    assert shade(*lines, goal) != shade(*lines, wish)
