"""Stage and gates as a reader sees them: the check list, its figures, what decided the verdict."""

from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Answer
from app.reporting.context import stage
from app.reporting.context.source import Source
from app.reporting.context.stage import StagePart
from tests.reports.diagnosed import case_source, source_of
from tests.reports.handmade import Figure, answered, person

GROWN: dict[str, Figure] = {
    "users": 60000,
    "new-adds": 3000,
    "target-users": 100000,
    "months-since-launch": 12,
    "data-weeks": 40,
    "wecom-verified": True,
    "aov": 300,
    "orders-per-year": 6,
    "gross-margin": 50,
    "add-cost": 10,
    "private-gmv": 2000000,
    "private-cost": 300000,
}


LOWEST = {
    "choice": Answer(1, "E1"),
    "multi": Answer((), "E1"),
    "yes-no": Answer(False, "E1"),
    "number": Answer(Fraction(0), "E1"),
}


@pytest.fixture(scope="module")
def source(private_domain: MaturityModel) -> Source:
    return case_source(private_domain, "case-1-mother-baby")


@pytest.fixture(scope="module")
def part(source: Source) -> StagePart:
    return built(source)


def built(source: Source) -> StagePart:
    part = stage.build(source)
    assert part is not None
    return part


def test_a_model_without_stages_has_no_section(kitchen_hygiene: MaturityModel) -> None:
    form = kitchen_hygiene.content.forms[0].id
    assert stage.build(source_of(kitchen_hygiene, answered(form=form))) is None


def test_the_check_list_is_the_exit_gate_of_the_verdict_line_by_line(
    part: StagePart, source: Source
) -> None:
    verdict = source.diagnosis.stage
    assert verdict is not None
    assert part.gate is not None
    words = {True: "已过", False: "未过", None: "未测"}
    expected = [(c.item.title, words[c.passed]) for c in verdict.gates[verdict.verdict]]
    assert [(line.title, line.word) for line in part.gate.lines] == expected


def test_a_line_prints_todays_figure_beside_its_threshold(part: StagePart) -> None:
    assert part.gate is not None
    lines = {line.title: line for line in part.gate.lines}
    assert (lines["7天删除率"].today, lines["7天删除率"].threshold) == ("17%", "≤12%")
    assert lines["用户量"].today == "120,000人"
    assert lines["SOP体系"].today == "L1"
    assert lines["转化稳定"].today == "未测"


def test_only_lines_that_are_not_passed_tell_what_they_need(part: StagePart) -> None:
    assert part.gate is not None
    for line in part.gate.lines:
        assert (line.needs == "") == (line.word == "已过")


def test_the_counts_add_up_to_the_lines(part: StagePart) -> None:
    assert part.gate is not None
    words = [line.word for line in part.gate.lines]
    passed, failed, unknown = (words.count(word) for word in ("已过", "未过", "未测"))
    assert part.gate.count == f"{len(words)}条：已过{passed}条，未过{failed}条，未测{unknown}条。"


def test_the_next_gate_is_shown_as_a_preview(part: StagePart) -> None:
    assert part.gate is not None
    assert part.preview is not None
    assert part.gate.title.startswith("ST1 ")
    assert part.preview.title.startswith("ST2 ")


def test_an_overdue_pilot_says_so_with_its_months(part: StagePart) -> None:
    assert part.headline.startswith("上线7个月仍停在跑模型：")
    assert any("已超期：上线7个月" in warning for warning in part.warnings)


def test_too_few_weeks_of_data_are_named_as_what_held_the_verdict(part: StagePart) -> None:
    assert "口径不变的数据只有5周，不满12周，判定不超过ST1。" in part.held_by


def test_a_reading_prints_the_clients_values_and_what_the_next_stage_lacks(
    part: StagePart,
) -> None:
    scale, economics, capability = part.readings
    assert scale.because == ("私域用户数 120,000人 ≥ 3,000人",)
    assert scale.ahead
    assert economics.because[0].startswith("LTV/CAC ")
    assert "引流承接升到L3（现在L1）" in capability.lacks


def test_a_reading_without_facts_tells_what_it_waits_for(private_domain: MaturityModel) -> None:
    part = built(source_of(private_domain, answered()))
    scale = part.readings[0]
    assert scale.stage == "未知"
    assert scale.because == ()
    assert "私域用户数" in scale.lacks[0]


def test_without_any_figure_the_headline_does_not_pretend_to_a_verdict(
    private_domain: MaturityModel,
) -> None:
    part = built(source_of(private_domain, answered()))
    assert part.headline == "阶段还判不了：出口7条都没有数"
    assert [line.word for line in part.regress] == ["缺数，判不了"]


def test_losing_money_at_scale_triggers_the_way_back(private_domain: MaturityModel) -> None:
    loss = GROWN | {"private-gmv": 100000}
    part = built(source_of(private_domain, answered(facts=loss)))
    (line,) = part.regress
    assert line.holds
    assert line.word == "已触发"
    assert any("−" in text for text in line.because)
    assert "退回条件成立，判定退回ST1。" in part.held_by


def test_scale_without_capability_is_a_warning(private_domain: MaturityModel) -> None:
    asked = [q for q in private_domain.questions.values() if q.type in LOWEST]
    weak = [
        person(role, {q.id: LOWEST[q.type] for q in asked if role in q.primary})
        for role in private_domain.roles
    ]
    settled = GROWN | {"new-adds": 600, "goal-type": "stock"}  # grows 1 % a month: stage 4
    part = built(source_of(private_domain, answered(*weak, facts=settled)))
    assert part.warnings[0].startswith("规模走在前面")
    assert [reading.ahead for reading in part.readings] == [True, True, False]
