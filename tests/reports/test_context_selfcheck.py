"""The short report of a self-check: what it says, what it admits, and that it has three pages."""

from datetime import date
from pathlib import Path

import pytest

from app.content.report_folder import read_report
from app.domain.model import MaturityModel
from app.domain.response import Assessment, ClientProfile
from app.reporting.context import selfcheck
from app.reporting.pdf import render_pdf
from app.reporting.templates import page_style, render_html
from tests.reports.diagnosed import self_check, source_of

FOLDER = Path(__file__).resolve().parents[2] / "reports" / "selfcheck"
FACTS = {"users": 5200, "stores": 12, "aov": 180, "months-since-launch": 8, "specialists": 1}


def test_the_level_is_always_labelled_self_reported(private_domain: MaturityModel) -> None:
    result = selfcheck.build(source_of(private_domain, self_check(private_domain, {}))).result
    assert result.label.startswith("可信度：自评")
    assert "自评" in result.headline


def test_three_first_moves_with_the_step_to_take(private_domain: MaturityModel) -> None:
    source = source_of(private_domain, self_check(private_domain, {}, FACTS))
    moves = selfcheck.build(source).result.moves
    findings = source.diagnosis.diagnostics.findings
    assert [move.code for move in moves] == [finding.rule.code for finding in findings[:3]]
    assert all(move.step for move in moves)


def test_the_weakest_areas_fill_up_what_rules_leave_open(private_domain: MaturityModel) -> None:
    options = dict.fromkeys(private_domain.forms["self-check"].questions, 4)
    source = source_of(private_domain, self_check(private_domain, {**options, "first-day": 3}))
    moves = selfcheck.build(source).result.moves
    assert len(moves) == 3
    assert "C2" in [move.code for move in moves]


def test_the_one_thing_that_limits_is_named_with_why_it_is_that_one(
    private_domain: MaturityModel,
) -> None:
    def result(rest: int, **answers: int) -> selfcheck.SelfResult:
        options = dict.fromkeys(private_domain.forms["self-check"].questions, rest)
        given = {**options, **{name.replace("_", "-"): said for name, said in answers.items()}}
        return selfcheck.build(source_of(private_domain, self_check(private_domain, given))).result

    ranked = result(3, sop_completeness=2)
    assert ranked.factor.startswith("SOP体系")
    assert ranked.factor_why == "下面先做的第一件事就针对它。"
    # Here a gate is the reason, and the verdict tells it.
    held = result(4, compliance_handled=1)
    assert held.factor.startswith("合规")
    assert held.factor_why == ""
    lowest = result(4, first_day=3)
    assert lowest.factor_why == "答过的领域里，没有哪个得分比它低。"


def test_weak_evidence_is_no_first_move_of_a_self_check(private_domain: MaturityModel) -> None:
    options = dict.fromkeys(private_domain.forms["self-check"].questions, 5)
    result = selfcheck.build(source_of(private_domain, self_check(private_domain, options))).result
    assert "RU-51" not in [move.code for move in result.moves]
    assert "先拿原件核实" in result.headline


def test_a_red_line_comes_before_growth(private_domain: MaturityModel) -> None:
    options = dict.fromkeys(private_domain.forms["self-check"].questions, 4)
    source = source_of(
        private_domain, self_check(private_domain, {**options, "compliance-handled": 1})
    )
    result = selfcheck.build(source).result
    assert "红线" in result.headline
    assert result.warning
    assert result.level.startswith("L2")


def test_the_next_level_of_every_question_is_told(private_domain: MaturityModel) -> None:
    source = source_of(private_domain, self_check(private_domain, {"first-day": 3}))
    row = next(r for r in selfcheck.build(source).scores.answers if r.code == "Q-C2.1")
    assert row.level == "L3"
    assert row.next_level == private_domain.areas["welcome"].anchors[3]


def test_it_admits_what_was_not_asked(private_domain: MaturityModel) -> None:
    page = selfcheck.build(source_of(private_domain, self_check(private_domain, {}))).beyond
    told = " ".join(limit.missing for limit in page.limits)
    assert "只有1个人作答" in told
    assert "10个领域没有问" in told
    assert page.adds
    assert page.interviews


@pytest.mark.parametrize("answered", [True, False], ids=["all-answered", "nobody-answered"])
def test_it_has_three_pages(private_domain: MaturityModel, answered: bool) -> None:
    empty = Assessment("self-check", ClientProfile("空白"))
    assessment = self_check(private_domain, {}, FACTS) if answered else empty
    source, definition = source_of(private_domain, assessment), read_report(FOLDER)
    pdf = render_pdf(
        render_html(definition, selfcheck.build(source), lambda text: text, "zh-Hans"),
        {"print.css": page_style(definition, source.theme, "zh-Hans")},
        {},
        title="自查",
        author="示例咨询",
        language="zh-Hans",
        identifier="5a3f",
        created=date(2026, 11, 21),
    )
    assert pdf.pages == 3
