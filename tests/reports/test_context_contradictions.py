"""Claims that numbers do not bear out: in the section on perception, the summary and the JSON."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Answer
from app.reporting.context import method, perception, summary, unknowns
from app.reporting.context.perception_contradictions import ContradictionPart
from app.reporting.context.source import Source
from app.reporting.document import diagnosis_document
from tests.reports.diagnosed import CASES, case_source, full, said, source_of


def tiering(model: MaturityModel, coverage: Answer | None) -> Source:
    answers = {"tags_and_tiers": Answer(4, "E2")}
    if coverage is not None:
        answers["tag_coverage"] = coverage
    return source_of(model, full(said("it", "", **answers)))


def part_of(source: Source) -> ContradictionPart:
    part = perception.build(source).contradictions
    assert part is not None
    return part


def test_a_row_says_claim_number_and_what_to_ask_whom(private_domain: MaturityModel) -> None:
    source = tiering(private_domain, Answer(Fraction(22), "E3"))
    (row,) = part_of(source).rows
    pair = private_domain.contradictions["tiers-without-tags"]
    assert (row.code, row.claim, row.ask, row.ask_to_see) == (
        "CO-27",
        pair.claim,
        pair.ask,
        pair.ask_to_see,
    )
    assert row.rated == "「标签分层」平均选4.0级"
    assert row.numbers == ("名下至少有3个有效标签的用户占22%。",)
    assert row.refs == ("Q-S1.1", "Q-S1.2")
    assert row.who == "技术与数据、社群运营"
    assert [(area.title, area.change) for area in row.areas] == [("S1 标签与分层", "高→中")]


def test_the_effect_says_what_falls_and_what_stays(private_domain: MaturityModel) -> None:
    effect = part_of(tiering(private_domain, Answer(Fraction(22), "E3"))).effect
    assert effect.startswith("每有一对，所在领域的可信系数乘0.7，最低留40%，本次降了1个领域。")
    assert "得分、等级、阶段和问题清单都不因此变动" in effect


def test_pairs_that_agree_are_told_as_compared(private_domain: MaturityModel) -> None:
    part = part_of(tiering(private_domain, Answer(Fraction(80), "E3")))
    assert part.lead == "1对说法与数字对照过，没有一对互相矛盾。"
    assert (part.rows, part.effect) == ((), "")


def test_without_a_pair_to_compare_the_part_is_missing(private_domain: MaturityModel) -> None:
    source = source_of(private_domain, full())
    assert perception.build(source).contradictions is None
    bare = replace(private_domain, content=replace(private_domain.content, contradictions=()))
    assert perception.build(case_source(bare, CASES[0])).contradictions is None


def test_a_claim_without_its_number_stands_among_what_is_not_assessed(
    private_domain: MaturityModel,
) -> None:
    told = unknowns.build(tiering(private_domain, None)).contradictions
    assert told.startswith("另有")
    assert "CO-27缺Q-S1.2" in told
    assert unknowns.build(case_source(private_domain, CASES[0])).contradictions == ""


@pytest.mark.parametrize(("name", "count"), [(CASES[0], 4), (CASES[1], 5)])
def test_the_cases_show_their_contradictions_everywhere_alike(
    private_domain: MaturityModel, name: str, count: int
) -> None:
    source = case_source(private_domain, name)
    part = part_of(source)
    assert part.lead.startswith(f"30对说法与数字对照过，{count}对不能同时成立。")
    assert len(part.rows) == count
    assert f"；{count}处说法与数字对不上；" in summary.build(source).basis
    assert "扣去矛盾" in method.build(source).lead


def test_the_document_carries_them_with_their_numbers(private_domain: MaturityModel) -> None:
    source = tiering(private_domain, Answer(Fraction(22), "E3"))
    document = diagnosis_document(source)["contradictions"]
    assert isinstance(document, dict)
    (entry,) = document["found"]
    assert entry["code"] == "CO-27"
    assert entry["says"] == ["名下至少有3个有效标签的用户占22%。"]
    assert entry["ask"]["roles"] == ["IT", "OPS"]
    assert document["lowered"] == {"S1": {"evidence": 0.88, "trust": 0.616}}
    waiting = {item["code"]: item["needs"] for item in document["undecided"]}
    assert "CO-28" in waiting
    assert "CO-27" not in waiting
