"""The appendix: every answer without names, every rule's verdict, and what it was made from."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Adjudication, Answer
from app.reporting.context import appendix
from app.reporting.context.appendix_answers import AnswerRow, figure
from app.reporting.context.source import Source
from tests.reports.diagnosed import CASES, case_source, full, said, source_of


def rows(source: Source) -> dict[str, AnswerRow]:
    return {row.code: row for area in appendix.build(source).answers for row in area.rows}


@pytest.mark.parametrize("name", CASES)
def test_every_scored_question_is_listed_once(private_domain: MaturityModel, name: str) -> None:
    source = case_source(private_domain, name)
    scored = [q.code for q in private_domain.questions.values() if q.type != "text"]
    codes = [row.code for area in appendix.build(source).answers for row in area.rows]
    assert sorted(codes) == sorted(scored)


@pytest.mark.parametrize("name", CASES)
def test_every_rule_is_accounted_for(private_domain: MaturityModel, name: str) -> None:
    section = appendix.build(case_source(private_domain, name))
    undecided = section.undecided.split()
    assert len(section.fired) + section.quiet_count + len(undecided) == len(private_domain.rules)
    assert all(row.code not in section.quiet for row in section.fired)
    assert all(row.conditions for row in section.fired)


def test_few_front_line_people_are_counted_without_their_answer(
    private_domain: MaturityModel,
) -> None:
    people = [said("store", label, strategy_shared=Answer(1, note="不知道")) for label in "ab"]
    ceo = said("ceo", "", strategy_shared=Answer(4, "E2"))
    row = rows(source_of(private_domain, full(ceo, *people)))["Q-M1.1"]
    assert "一线2人" in row.said
    assert "店长" not in row.said + row.notes


def test_enough_front_line_people_are_printed_as_a_mean(private_domain: MaturityModel) -> None:
    people = [
        said("store", str(n), strategy_shared=Answer(option)) for n, option in enumerate((1, 1, 2))
    ]
    assert "店长与导购3人平均1.3级" in rows(source_of(private_domain, full(*people)))["Q-M1.1"].said


def test_labels_of_respondents_never_appear(private_domain: MaturityModel) -> None:
    people = [said("store", f"张三{n}", strategy_shared=Answer(1, note="见过")) for n in range(3)]
    assert "张三" not in repr(appendix.build(source_of(private_domain, full(*people))))


def test_a_figure_of_the_profile_says_where_it_comes_from(private_domain: MaturityModel) -> None:
    facts = {"specialists": 4, "users": 30000, "aov": 300}
    row = rows(source_of(private_domain, full(facts=facts)))["Q-T2.2"]
    assert row.said == "由画像事实推算"
    assert row.value != "—"


def test_a_ruling_is_marked_and_listed_with_its_reason(private_domain: MaturityModel) -> None:
    assessment = replace(
        full(said("private-domain-head", "", sop_completeness=Answer(3, "E1"))),
        adjudications={"sop-completeness": Adjudication(2, "两店无文档")},
    )
    source = source_of(private_domain, assessment)
    assert rows(source)["Q-P2.1"].ruled
    (ruling,) = appendix.build(source).rulings
    assert (ruling.value, ruling.reason, ruling.evidence) == ("L2 起步", "两店无文档", "E2")


def test_open_answers_are_word_for_word_and_by_role_only(private_domain: MaturityModel) -> None:
    words = "群太多，第二天才看到。"
    source = source_of(private_domain, full(said("operations", "小李", bottleneck=Answer(words))))
    (item,) = appendix.build(source).verbatim
    assert item.texts == (("一线", words),)


def test_it_names_what_it_was_made_from(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    text = " ".join(value for _, value in appendix.build(source).origins)
    for expected in (private_domain.digest, source.edition.digest, "1.0.0", "2026年11月21日"):
        assert expected in text


def test_the_headline_counts_people_answers_and_rules(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    people = source.diagnosis.assessment.respondents
    given = sum(a.value is not None for p in people for a in p.answers.values())
    fired = len(source.diagnosis.diagnostics.fired())
    expected = f"{len(people)}位受访者的{given}条答复、{fired}条触发的规则，逐条可查"
    assert appendix.build(source).headline == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1200), "1,200"),
        (Fraction(36, 5), "7.2"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(0), "0"),
        (Fraction(100), "100"),
    ],
)
def test_figures_are_printed_in_full(value: Fraction, text: str) -> None:
    assert figure(value) == text
