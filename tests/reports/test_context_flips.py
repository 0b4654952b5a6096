"""What would flip a finding, in the words of the card."""

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment
from app.reporting.context.findings_flips import Flips
from tests.reports.diagnosed import source_of
from tests.reports.handmade import Figure, answered, person


@pytest.fixture(scope="module")
def model(private_domain: MaturityModel) -> MaturityModel:
    return private_domain


def flip(model: MaturityModel, code: str, assessment: Assessment) -> str:
    """Return the sentence of the finding with this code."""
    source = source_of(model, assessment)
    findings = source.diagnosis.diagnostics.findings
    (finding,) = [finding for finding in findings if finding.rule.code == code]
    return Flips(source).sentence(finding)


def facts(**given: Figure) -> Assessment:
    return answered(facts={name.replace("_", "-"): value for name, value in given.items()})


def test_a_number_goes_from_where_it_stands_to_the_limit(model: MaturityModel) -> None:
    told = answered(person("it", {"deletion-rate": Answer(17, "E3")}))
    assert flip(model, "RU-38", told) == "Q-C2.3「7天删除率」从17%改为12%。"


def test_a_level_is_told_by_its_question_with_the_level_it_moves(model: MaturityModel) -> None:
    told = answered(
        person(
            "content",
            {"content-received": Answer(2, "E2"), "columns-kept": Answer(3, "E2")},
        )
    )
    assert flip(model, "RU-39", told) == ("Q-A1.1「内容价值」从2.0分改判为L3（内容价值L2→L3）。")


def test_an_option_that_needs_evidence_says_which(model: MaturityModel) -> None:
    told = answered(
        person(
            "content",
            {"content-received": Answer(2, "E2"), "columns-kept": Answer(2, "E2")},
        )
    )
    assert "改判为L4（要有E2证据；内容价值L2→L3）" in flip(model, "RU-39", told)


def test_items_that_a_condition_asks_for_are_named(model: MaturityModel) -> None:
    told = answered(person("private-domain-head", {"function-owners": Answer(("content",))}))
    assert flip(model, "RU-26", told) == "Q-T1.2「职能负责人」补上「运营、销售与客服」。"


def test_an_item_that_must_go_is_named(model: MaturityModel) -> None:
    told = answered(person("operations", {"compliance-breaches": Answer(("shills",))}))
    assert flip(model, "RU-10", told).startswith("Q-M6.2「违规情况」去掉「")


def test_of_items_that_only_count_the_number_is_told(model: MaturityModel) -> None:
    items = tuple(item.id for item in model.questions["tool-functions"].items)
    told = answered(
        person("it", {"tools-used": Answer(3, "E2"), "tool-functions": Answer(items[:3], "E2")}),
        facts={"users": 40_000},
    )
    assert flip(model, "RU-32", told) == "Q-T6.2「工具功能」从3/10项改为4项（工具系统L2→L3）。"


def test_a_gap_names_the_role_whose_answer_closes_it(model: MaturityModel) -> None:
    told = answered(
        person("ceo", {"strategy-shared": Answer(3, "E2")}),
        person("store", {"strategy-shared": Answer(2, "E2")}, "甲店"),
    )
    assert flip(model, "RU-02", told) == "CEO把Q-M1.1「战略统一」从L3改选L2。"


def test_what_one_person_of_the_front_line_said_is_not_printed(model: MaturityModel) -> None:
    told = answered(
        person("ceo", {"strategy-shared": Answer(4, "E2")}),
        person("regional-head", {"strategy-shared": Answer(4, "E2")}),
        person("private-domain-head", {"strategy-shared": Answer(4, "E2")}),
        person("store", {"strategy-shared": Answer(2, "E2")}, "甲店"),
    )
    sentence = flip(model, "RU-02", told)
    assert sentence == "一线有一人把Q-M1.1「战略统一」改选L4。"
    assert "甲店" not in sentence


def test_a_fact_is_told_with_its_unit_and_a_flag_with_its_words(model: MaturityModel) -> None:
    assert flip(model, "RU-35", facts(ip_count=1, price_bands=4)).startswith(
        "正在出内容的IP数从1个改为2个"
    )
    assert flip(model, "RU-52", facts(hero_dependent=True)) == (
        "「依赖一个人」从「是」改为「否」。"
    )


def test_an_answer_stands_beside_a_fact_that_is_nearer(model: MaturityModel) -> None:
    answers = {"pilot-review": Answer(2, "E2"), "replicated-units": Answer(1, "E2")}
    told = answered(person("private-domain-head", answers), facts={"stores": 11})
    sentence = flip(model, "RU-22", told)
    assert sentence.startswith("门店数从11家改为9家；或者Q-P6.")


def test_where_nothing_single_will_do_it_says_what_must_change_together(
    model: MaturityModel,
) -> None:
    answers = {
        "group-run": Answer(1, "E2"),
        "zombie-share": Answer(60, "E2"),
        "disband-rule": Answer(False, "E2"),
    }
    sentence = flip(model, "RU-19", answered(person("operations", answers)))
    assert sentence.startswith("没有哪一处单独改了就能推翻；要")
    assert "群生命周期升到L3（现在L1）" in sentence
    assert "僵尸群占比 < 30%（现在60%）" in sentence


def test_findings_that_stay_are_named_by_their_code(model: MaturityModel) -> None:
    answers = {"reports-used": Answer(2, "E2"), "weekly-metrics": Answer((), "E2")}
    source = source_of(model, answered(person("operations", answers)))
    (finding,) = [
        finding
        for finding in source.diagnosis.diagnostics.findings
        if finding.rule.family == "data-blind"
    ]
    (relative,) = finding.collapsed
    assert f"并入的{relative.rule.code}仍成立。" in Flips(source).sentence(finding)
