"""The section on what is not known: how much is, and what would complete it."""

from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Answer
from app.reporting.context import unknowns
from app.reporting.context.unknowns_weight import known_share, question_weights
from tests.reports.diagnosed import CASES, case_source, full, said, self_check, source_of


def test_shares_of_the_index_add_up(private_domain: MaturityModel) -> None:
    diagnosis = case_source(private_domain, CASES[1]).diagnosis
    assert sum(question_weights(diagnosis).values()) == 1
    share = known_share(diagnosis)
    assert share.answered == 1
    assert sum(share.by_grade.values()) == 1


def test_a_complete_interview_is_told_by_its_weak_evidence(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    section = unknowns.build(source)
    weak = source.wording.percent(known_share(source.diagnosis).weak * 100)
    assert section.headline == f"67道题全部有答复，但{weak}的分量还只凭口头或举例"
    assert [section.questions, section.facts, section.rules] == [(), (), ()]
    assert section.weak_areas


def test_one_answer_is_told_as_almost_nothing(private_domain: MaturityModel) -> None:
    source = source_of(private_domain, full(said("ceo", "", strategy_shared=Answer(2, "E1"))))
    section = unknowns.build(source)
    undecided = len(source.diagnosis.diagnostics.undecided)
    assert section.headline == f"只看清了2%：52条规则里有{undecided}条还判不出"
    assert len(section.questions) == len(source.diagnosis.not_assessed.questions)
    assert len(section.rules) == undecided
    assert "M1战略共识" in section.areas


def test_nobody_asked_is_told_as_nothing(private_domain: MaturityModel) -> None:
    section = unknowns.build(source_of(private_domain, full()))
    assert section.headline.startswith("没有一道计分题得到答复")
    assert section.evidence is None


def test_an_open_question_says_who_can_answer_and_what_to_ask_to_see(
    private_domain: MaturityModel,
) -> None:
    section = unknowns.build(source_of(private_domain, full()))
    row = next(row for row in section.questions if row.code == "Q-M6.2")
    question = private_domain.questions["compliance-breaches"]
    assert row.who == "社群运营、技术与数据、顾问"
    assert row.ask_to_see == question.ask_to_see
    assert "RU-10" in row.waiting


def test_questions_that_decide_most_rules_come_first(private_domain: MaturityModel) -> None:
    section = unknowns.build(source_of(private_domain, full()))
    waiting = [len(row.waiting.split()) for row in section.questions]
    assert waiting == sorted(waiting, reverse=True)
    assert section.first.startswith("先问这5件")


def test_not_knowing_is_told_apart_from_not_being_asked(private_domain: MaturityModel) -> None:
    people = [said("operations", label, sop_on_time=Answer(None)) for label in ("a", "b")]
    section = unknowns.build(source_of(private_domain, full(*people)))
    rows = {row.code: row.said for row in section.questions}
    assert rows["Q-P2.3"] == "已问2人，都答不清楚"
    assert rows["Q-M1.1"] == ""


def test_what_others_knew_is_named(private_domain: MaturityModel) -> None:
    assessment = full(
        said("operations", "", sop_on_time=Answer(None)),
        said("it", "", sop_on_time=Answer(Fraction(38), "E3")),
    )
    section = unknowns.build(source_of(private_domain, assessment))
    assert "Q-P2.3（1人）" in section.unsure
    assert "Q-P2.3" in section.alone


def test_a_fact_given_in_part_names_the_missing_part(private_domain: MaturityModel) -> None:
    section = unknowns.build(source_of(private_domain, full(facts={"active-groups": 12})))
    row = next(row for row in section.facts if row.code == "F09")
    assert private_domain.fact_parts["group-size"].title in row.title
    assert private_domain.fact_parts["active-groups"].title not in row.title


def test_gate_lines_not_measured_say_how_to_measure(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    section, verdict = unknowns.build(source), source.diagnosis.stage
    assert verdict is not None
    unmeasured = [c for c in verdict.gates[verdict.verdict] if c.passed is None]
    assert [row.title for row in section.gates] == [check.item.title for check in unmeasured]
    assert all(row.needs for row in section.gates)


def test_nearly_all_is_not_called_all(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    assert "看清了" not in unknowns.build(source).headline
    thin = source_of(private_domain, self_check(private_domain, {}))
    assert "100%" not in unknowns.build(thin).headline


@pytest.mark.parametrize("name", CASES)
def test_the_key_figures_are_those_of_the_diagnosis(
    private_domain: MaturityModel, name: str
) -> None:
    source = case_source(private_domain, name)
    figures = {figure.label: figure.value for figure in unknowns.build(source).figures}
    assert figures["条规则判不出"] == str(len(source.diagnosis.diagnostics.undecided))
    assert figures["道题没有答复"] == str(len(source.diagnosis.not_assessed.questions))
