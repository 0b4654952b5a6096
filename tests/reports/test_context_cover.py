"""The cover: what it says, and what it leaves out when nobody said it."""

from dataclasses import replace

from app.reporting.context import cover
from tests.reports.sample_sources import case, interviewed, source_of


def test_the_footer_names_client_report_number_and_version() -> None:
    footer = cover.build(case("case-1-mother-baby")).footer
    assert footer == "示例母婴连锁・私域诊断与规划・ZM-2026-0001 v1"


def test_the_consultancy_may_read_it_where_one_is_named() -> None:
    assessment = interviewed(("ceo", {"strategy-shared": 2}))
    client = replace(assessment.client, consultancy="甲方咨询", consultant="顾问一组")
    built = cover.build(source_of(replace(assessment, client=client)))
    assert built.consultancy == "甲方咨询"
    assert "测试客户与甲方咨询" in built.confidentiality
    assert ("顾问", "顾问一组") in [(line.label, line.value) for line in built.lines]


def test_without_a_consultancy_only_the_client_may_read_it() -> None:
    built = cover.build(source_of(interviewed(("ceo", {"strategy-shared": 2}))))
    assert "仅供测试客户用于" in built.confidentiality
    assert "双方" not in built.confidentiality


def test_a_line_without_a_value_is_left_out() -> None:
    lines = cover.build(source_of(interviewed())).lines
    labels = [line.label for line in lines]
    assert "顾问" not in labels
    assert "访谈截止" not in labels
    assert all(line.value for line in lines)
    assert "诊断基准日" in labels


def test_the_archetype_stands_on_the_cover() -> None:
    lines = {line.label: line.value for line in cover.build(case("case-2-jewellery")).lines}
    assert "门店低频高客单" in lines["行业与类型"]
