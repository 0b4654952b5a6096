"""The one page a board reads: true to the diagnosis, and one page in every case."""

import pytest

from app.content.report_folder import read_report
from app.domain.definitions.report import ReportDefinition
from app.domain.response import AnswerValue
from app.reporting.context import cover, summary
from app.reporting.context.source import Source
from app.reporting.context.summary import Summary
from app.reporting.pdf import render_pdf
from app.reporting.templates import ROOT, page_style, render_html
from tests.reports.sample_sources import (
    DAY,
    case,
    choices,
    decided,
    interviewed,
    red_line,
    source_of,
)

CASES = ("case-1-mother-baby", "case-2-jewellery")


class _Page:
    """The context of a document that is nothing but its summary."""

    def __init__(self, source: Source) -> None:
        self.cover = cover.build(source)
        self.summary = summary.build(source)


def _pages(source: Source) -> int:
    whole = read_report(ROOT / "diagnosis")
    alone = ReportDefinition(
        id=whole.id,
        title=whole.title,
        version=whole.version,
        sections=tuple(section for section in whole.sections if section.id == "summary"),
    )
    html = render_html(alone, _Page(source), source.wording.translate, "zh-Hans")
    style = {"print.css": page_style(alone, source.theme, "zh-Hans")}
    rendered = render_pdf(
        html,
        style,
        {},
        title="一页结论",
        author="诊脉",
        language="zh-Hans",
        identifier="5a3f",
        created=DAY,
    )
    return rendered.pages


@pytest.mark.parametrize("name", CASES)
def test_the_summary_of_a_case_is_one_page(name: str) -> None:
    assert _pages(case(name)) == 1


def test_the_summary_stays_on_one_page_with_red_line_and_gate() -> None:
    heavy = decided(case(CASES[1]), choices("MPTICASR", 5) | red_line())
    assert summary.build(heavy).warning
    assert _pages(heavy) == 1


@pytest.mark.parametrize("name", CASES)
def test_the_figures_are_those_of_the_diagnosis(name: str) -> None:
    source = case(name)
    built, card = summary.build(source), source.diagnosis.scorecard
    assert built.index == source.wording.number(card.index, 1)
    assert built.level == source.wording.level(card.level)
    top = source.diagnosis.diagnostics.findings[:3]
    assert [finding.code for finding in built.findings] == [item.rule.code for item in top]
    assert built.findings_title.startswith("三件")


def test_every_finding_carries_a_figure_of_the_client() -> None:
    built = summary.build(case(CASES[0]))
    assert all(finding.says for finding in built.findings)
    assert any(character.isdigit() for finding in built.findings for character in finding.says)


def test_people_and_cost_are_those_of_the_staffing_plan() -> None:
    source = case(CASES[0])
    built, plan, roadmap = (
        summary.build(source),
        source.diagnosis.plan.staffing,
        source.diagnosis.plan.roadmap,
    )
    assert built.people is not None
    assert plan is not None
    assert roadmap is not None
    align = {phase.phase.id for phase in roadmap.phases if phase.phase.kind == "align"}
    first = next(horizon for horizon in plan.horizons if horizon.phase not in align)
    assert built.people.rows[0].people == source.wording.plain(plan.current_fte)
    assert built.people.rows[1].people == source.wording.number(first.people)
    assert built.people.rows[1].cost == source.wording.money(first.monthly_cost)


def test_the_one_number_goes_from_today_to_the_first_target() -> None:
    source = case(CASES[0])
    number = summary.build(source).number
    assert number is not None
    line = next(line for line in source.diagnosis.plan.kpis if line.kpi.code == number.code)
    assert line.baseline is not None
    assert number.figure.startswith(source.wording.plain(line.baseline))
    assert number.figure.split(" → ")[1].startswith(
        tuple(source.wording.plain(target) for target in line.targets.values())
    )


def test_a_gate_is_named_with_both_levels_and_its_holder() -> None:
    held = decided(case(CASES[1]), choices("MPICASR", 5) | choices("T", 1))
    card = held.diagnosis.scorecard
    assert card.binding is not None
    assert card.by_score is not None
    assert card.level is not None
    verdict = summary.build(held).verdict
    assert f"按分数可评L{card.by_score}" in verdict
    assert f"被专业化团队（L1）压在L{card.level}" in verdict


def test_a_red_line_comes_before_everything_else_in_the_headline() -> None:
    built = summary.build(decided(case(CASES[0]), red_line()))
    assert built.headline.startswith("合规底线（L1）")
    assert "120,000名用户" in built.headline


def test_scale_ahead_of_capability_makes_the_headline() -> None:
    built = summary.build(case(CASES[1]))
    assert built.headline.startswith("60,000名用户，能力只有L2")


def _thin() -> Summary:
    return summary.build(source_of(interviewed(("private-domain-head", {"strategy-shared": 2}))))


def test_an_assessment_that_cannot_be_rated_says_so_and_draws_no_radar() -> None:
    built = _thin()
    assert built.radar is None
    assert built.index == "—"
    assert built.level == "未评级"
    assert "评不出来" in built.headline
    assert built.people is None


def test_an_assessment_without_answers_still_has_a_page() -> None:
    source = source_of(interviewed())
    assert summary.build(source).basis == "还没有人作答。"
    assert _pages(source) == 1


def test_the_gap_of_a_withheld_front_line_is_not_told() -> None:
    people = (
        ("ceo", {"strategy-shared": 5}),
        ("store", {"strategy-shared": 1}),
        ("store", {"strategy-shared": 1}),
    )
    assert summary.build(source_of(interviewed(*people))).perceived is None


def test_an_index_of_few_areas_says_that_it_stands_for_few() -> None:
    head: dict[str, AnswerValue | None] = {"strategy-shared": 2, "strategy-written": ("users",)}
    ceo: dict[str, AnswerValue | None] = {"strategy-shared": 3, "budget-months": 6}
    asked = interviewed(("private-domain-head", head), ("ceo", ceo))
    few = summary.build(source_of(asked))
    assert few.partial == "28个领域只评出1个，指数只代表这一部分。"
    assert summary.build(case(CASES[0])).partial == ""
