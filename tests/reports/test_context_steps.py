"""The five steps as a reader sees them: where each stands and how it gets one level up."""

import re

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Answer
from app.reporting.context import steps
from app.reporting.context.findings_measures import figure
from app.reporting.context.source import Source
from app.reporting.context.steps import Climb, StepPage, Steps
from tests.reports.diagnosed import case_source, source_of
from tests.reports.handmade import answered, person


@pytest.fixture(scope="module")
def source(private_domain: MaturityModel) -> Source:
    return case_source(private_domain, "case-1-mother-baby")


@pytest.fixture(scope="module")
def part(source: Source) -> Steps:
    return steps.build(source)


def page(part: Steps, title: str) -> StepPage:
    return next(page for page in part.pages if page.title == title)


def climb(part: Steps, title: str) -> Climb:
    return next(climb for page in part.pages for climb in page.climbs if climb.title == title)


def test_there_is_a_page_for_each_step_in_the_order_of_the_method(part: Steps) -> None:
    assert [page.title for page in part.pages] == ["IP化", "连接", "促活", "分层", "复购"]


def test_an_area_shows_the_anchor_that_applies_the_next_one_and_the_move_between(
    part: Steps, source: Source
) -> None:
    area = source.model.areas["welcome"]
    level = source.diagnosis.scorecard.areas["welcome"].level
    assert level is not None
    shown = climb(part, area.title)
    assert shown.now == area.anchors[level - 1]
    assert shown.then == area.anchors[level]
    assert shown.move == area.moves[level - 1]
    assert shown.next_level.startswith(f"L{level + 1} ")


def test_a_proof_is_a_figure_of_the_client_with_its_question(part: Steps, source: Source) -> None:
    value = source.diagnosis.questions["add-rate"].value
    assert climb(part, "加粉承接").proof == f"加粉率{source.wording.plain(value)}%（2.0分）"
    assert climb(part, "加粉承接").proof_code == "Q-C2.2"


def test_at_the_top_of_the_scale_there_is_nothing_to_climb(private_domain: MaturityModel) -> None:
    best = {"ip-defined": Answer(5, "E3"), "ip-card": Answer(_all(private_domain, "ip-card"), "E3")}
    source = source_of(
        private_domain, answered(person("content", best), person("private-domain-head", best))
    )
    shown = climb(steps.build(source), "IP自画像")
    assert shown.level.startswith("L5")
    assert (shown.then, shown.next_level, shown.move) == ("", "", "")


def _all(model: MaturityModel, question: str) -> tuple[str, ...]:
    return tuple(item.id for item in model.questions[question].items)


def test_an_area_nobody_rated_tells_whom_to_ask_and_what_to_look_at(
    private_domain: MaturityModel,
) -> None:
    part = steps.build(source_of(private_domain, answered()))
    shown = climb(part, "标签与分层")
    assert shown.score == "未评"
    assert shown.now == ""
    assert "Q-S1.1" in shown.ask
    assert "标签字典" in shown.ask


def test_steps_nobody_rated_share_a_page_and_plan_nothing(private_domain: MaturityModel) -> None:
    part = steps.build(source_of(private_domain, answered()))
    assert not any(page.alone for page in part.pages)
    assert all(page.measures == () and page.lifts == () for page in part.pages)
    assert part.headline == "5步都还没有评，先把题问完"


def test_the_headline_names_the_weakest_and_the_strongest_step(part: Steps, source: Source) -> None:
    scores = {
        dimension.title: source.diagnosis.scorecard.dimensions[dimension.id].score or 0
        for dimension in source.model.content.dimensions
        if dimension.lens == "steps"
    }
    low, high = min(scores, key=lambda t: scores[t]), max(scores, key=lambda t: scores[t])
    found = re.match(r"(.+)最弱（(.+)分），(.+)最强（(.+)分）", part.headline)
    assert found is not None
    wording = source.wording
    assert found.groups() == (low, wording.score(scores[low]), high, wording.score(scores[high]))


def test_every_kpi_of_a_step_is_told_once_judged_unjudged_or_unmeasured(
    part: Steps, source: Source
) -> None:
    lines = {
        line.kpi.code: line for line in source.diagnosis.plan.kpis if line.kpi.step == "connect"
    }
    shown = page(part, "连接")
    judged = {measure.code: measure for measure in shown.measures}
    for code, line in lines.items():
        places = (
            code in judged,
            f"{code} " in shown.unmeasured,
            f"{line.kpi.title}" in shown.unjudged,
        )
        assert sum(places) == 1, code
        if code in judged:
            assert judged[code].today == figure(source.wording, line.baseline, line.kpi.unit)


def test_sops_of_a_step_come_by_the_day_they_start_in_the_plan(part: Steps, source: Source) -> None:
    roadmap = source.diagnosis.plan.roadmap
    assert roadmap is not None
    starts = {
        source.model.sops[sop].code: item.start for item in roadmap.initiatives for sop in item.sops
    }
    for shown in part.pages:
        days = [starts[lift.code] for lift in shown.lifts if lift.starts]
        assert days == sorted(days)
        assert [lift.starts for lift in shown.lifts if lift.starts] == [
            source.wording.short_day(day) for day in days
        ]


def test_the_keys_of_a_step_tell_which_procedures_and_owners_are_missing(part: Steps) -> None:
    keys = page(part, "连接").keys
    assert keys is not None
    proofs = {line.title: line.proof for line in keys.lines}
    assert proofs["流程"] == "在用SOP：有新好友欢迎，缺建群、导购日常"
    assert proofs["团队"] == "五步负责人：缺连接"
    assert keys.missing == ("团队",)


def test_the_funnel_stands_with_the_step_it_leads_into_and_names_its_leak(part: Steps) -> None:
    drawn = {page.title: page.funnel for page in part.pages if page.funnel is not None}
    assert list(drawn) == ["连接"]
    # 6 % of users tagged against 70 % is further off than 14 % added against 30 %.
    assert "离参考线最远的是「身份确认」" in drawn["连接"].headline
    assert "话术未成文" in str(drawn["连接"].drawing)


def test_without_any_figure_there_is_no_funnel(private_domain: MaturityModel) -> None:
    part = steps.build(source_of(private_domain, answered()))
    assert all(page.funnel is None for page in part.pages)


def test_a_model_without_steps_gets_a_page_for_every_dimension(
    kitchen_hygiene: MaturityModel,
) -> None:
    form = kitchen_hygiene.content.forms[0].id
    part = steps.build(source_of(kitchen_hygiene, answered(form=form)))
    assert [page.title for page in part.pages] == [
        dimension.title for dimension in kitchen_hygiene.content.dimensions
    ]
