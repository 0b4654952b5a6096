"""Perception: who may be told apart, what a gap says, and that nobody is given away."""

from collections.abc import Mapping

import pytest

from app.domain.response import AnswerValue
from app.reporting.context import perception
from app.reporting.context.perception_views import QuestionView, shared_questions
from tests.reports.drawing import words_of
from tests.reports.sample_sources import case, decided, interviewed, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")
QUESTION = "strategy-shared"

Person = tuple[str, Mapping[str, AnswerValue | None]]


def _said(role: str, *levels: int) -> list[Person]:
    return [(role, {QUESTION: level}) for level in levels]


def _view(*people: Person) -> QuestionView:
    (view,) = shared_questions(source_of(interviewed(*people)))
    return view


def _shown(view: QuestionView) -> dict[str, float]:
    return {role.title: float(role.mean) for role in view.roles}


def test_front_line_roles_of_three_stand_by_themselves() -> None:
    view = _view(*_said("ceo", 4), *_said("store", 1, 2, 3), *_said("operations", 1, 1, 1))
    assert _shown(view) == {"CEO": 4, "店长与导购": 2, "社群运营": 1}
    assert view.gap == 4 - (2 + 1) / 2


def test_one_small_front_line_role_hides_all_of_them_in_one_figure() -> None:
    view = _view(*_said("ceo", 4), *_said("store", 1, 2, 3), *_said("operations", 5))
    assert set(_shown(view)) == {"CEO", "一线合计"}
    assert view.front == (2 + 5) / 2


def test_a_front_line_of_two_is_withheld_with_its_gap_and_spread() -> None:
    view = _view(*_said("ceo", 5), *_said("store", 1, 1))
    assert view.withheld
    assert set(_shown(view)) == {"CEO"}
    assert view.gap is None
    assert view.agreement is None


@pytest.mark.parametrize("name", CASES)
def test_no_printed_front_line_figure_rests_on_fewer_than_three(name: str) -> None:
    source = case(name)
    front = {role.title for role in source.model.roles.values() if role.side == "front"}
    for view in shared_questions(source):
        for role in view.roles:
            if role.title in front or role.title == "一线合计":
                assert role.answers >= 3


@pytest.mark.parametrize("name", CASES)
def test_a_printed_gap_is_that_of_the_diagnosis(name: str) -> None:
    source = case(name)
    gaps = [view for view in shared_questions(source) if view.gap is not None]
    assert gaps
    assert all(view.gap == source.diagnosis.agreements[view.question.id].gap for view in gaps)


@pytest.mark.parametrize("name", CASES)
def test_the_widest_gap_comes_first_whatever_its_sign(name: str) -> None:
    sizes = [abs(view.gap) for view in shared_questions(case(name)) if view.gap is not None]
    assert sizes == sorted(sizes, reverse=True)


def test_labels_of_respondents_never_reach_the_page() -> None:
    source = source_of(interviewed(*_said("ceo", 4), *_said("store", 1, 1, 1)))
    built = perception.build(source)
    assert built.plot is not None
    assert "受访者" not in words_of(built.plot)
    assert "受访者" not in repr(built)


def test_the_headline_tells_the_direction_of_the_widest_gap() -> None:
    above = source_of(interviewed(*_said("ceo", 4), *_said("store", 1, 1, 1)))
    below = source_of(interviewed(*_said("ceo", 1), *_said("store", 4, 4, 4)))
    assert perception.build(above).headline == "高层比一线乐观3.0级：「战略统一」4.0对1.0"
    assert perception.build(below).headline == "高层比一线悲观3.0级：「战略统一」1.0对4.0"


def test_a_small_gap_is_told_as_agreement() -> None:
    source = source_of(interviewed(*_said("ceo", 2), *_said("store", 2, 2, 2)))
    built = perception.build(source)
    assert "大体看见同一家公司" in built.headline
    assert built.stories == ()


def test_a_story_quotes_the_level_each_side_chose() -> None:
    source = source_of(interviewed(*_said("ceo", 4), *_said("store", 1, 1, 1)))
    (story,) = perception.build(source).stories
    anchors = source.model.areas["strategy"].anchors
    assert story.top_sees == anchors[3]
    assert story.front_sees == anchors[0]
    assert story.gap == "+3.0"


def test_a_withheld_front_line_is_told_in_words() -> None:
    built = perception.build(source_of(interviewed(*_said("ceo", 5), *_said("store", 1))))
    assert "不足3人" in built.headline
    assert built.plot is None
    assert built.rows == ()
    assert "1道题" in built.privacy


def test_one_respondent_is_no_comparison() -> None:
    built = perception.build(source_of(interviewed(*_said("ceo", 5))))
    assert built.headline.startswith("只有1人作答")
    assert built.statistics == ()
    assert built.plot is None


def test_every_statistic_says_one_sentence() -> None:
    built = perception.build(case(CASES[0]))
    assert [row.name for row in built.statistics] == [
        "方向差G",
        "标准差SD",
        "r_wg",
        "平均偏离AD",
        "一致系数α",
    ]
    assert all(row.says.endswith("。") for row in built.statistics)


def test_alpha_is_printed_to_two_places() -> None:
    source = case(CASES[0])
    alpha = perception.build(source).statistics[-1]
    assert alpha.value == source.wording.number(source.diagnosis.alpha, 2)


def test_an_adjudication_is_printed_with_reason_evidence_and_meaning() -> None:
    source = decided(case(CASES[1]), {QUESTION: 2})
    rows = {row.code: row for row in perception.build(source).adjudications}
    row = rows["Q-M1.1"]
    assert row.value == "L2"
    assert row.meaning == source.model.areas["strategy"].anchors[1]
    assert row.reason == "抽查"
    assert row.evidence == "E3 系统数据"


def test_customers_are_compared_and_their_texts_are_not_quoted() -> None:
    source = case(CASES[1])
    pulse, heard = perception.build(source).pulse, source.diagnosis.pulse
    assert pulse is not None
    assert heard is not None
    texts = [text for line in heard.lines for text in line.texts if len(text) > 4]
    assert texts
    assert not any(text in repr(pulse) for text in texts)
    assert [row.code for row in pulse.rows] == ["CP-1", "CP-2", "CP-4"]


def test_without_customers_there_is_no_customers_part() -> None:
    assert perception.build(source_of(interviewed(*_said("ceo", 3)))).pulse is None


@pytest.mark.parametrize("name", ["case-1-mother-baby", "case-2-jewellery"])
def test_the_mean_agreement_is_the_one_the_kpi_catalogue_prints(name: str) -> None:
    source = case(name)
    line = next(item for item in source.diagnosis.plan.kpis if item.kpi.id == "alignment")
    printed = next(s for s in perception.build(source).statistics if s.name == "r_wg")
    assert printed.value == f"平均{source.wording.number(line.baseline, 2)}"
