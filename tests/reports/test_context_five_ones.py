"""The five ones as a reader sees them: which deliverables exist, and the drafts of the others."""

from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Answer
from app.reporting.context import five_ones
from app.reporting.context.five_ones import FiveOnes
from app.reporting.context.source import Source
from tests.reports.diagnosed import case_source, source_of
from tests.reports.handmade import Figure, answered, person


@pytest.fixture(scope="module")
def source(private_domain: MaturityModel) -> Source:
    return case_source(private_domain, "case-1-mother-baby")


@pytest.fixture(scope="module")
def part(source: Source) -> FiveOnes:
    return five_ones.build(source)


@pytest.fixture(scope="module")
def blank(private_domain: MaturityModel) -> FiveOnes:
    return five_ones.build(source_of(private_domain, answered()))


def test_the_headline_counts_the_statuses_of_the_panel(part: FiveOnes, source: Source) -> None:
    (view,) = [v for v in source.diagnosis.panels if v.panel.kind == "status"]
    marks = [str(cell.status.mark) for cell in view.cells if cell.status is not None]
    words = {"full": "具备", "half": "有雏形", "empty": "缺失"}
    counted = [f"{word}{marks.count(mark)}件" for mark, word in words.items() if marks.count(mark)]
    assert part.headline == f"5件成果：{'，'.join(counted)}"


def test_the_panel_says_its_status_in_the_words_of_the_model(part: FiveOnes) -> None:
    drawing = str(part.panel)
    assert "缺失" in drawing
    assert "没有" not in drawing


def test_a_deliverable_shows_what_is_there_and_what_the_status_full_looks_like(
    part: FiveOnes, source: Source
) -> None:
    appraisal = source.model.areas["appraisal"]
    level = source.diagnosis.scorecard.areas["appraisal"].level
    assert level is not None
    shown = next(line for line in part.deliverables if line.title == "一套考核标准")
    assert shown.now == appraisal.anchors[level - 1]
    assert shown.wanted == appraisal.anchors[2]


def test_the_process_is_told_by_the_weaker_of_its_two_areas(part: FiveOnes, source: Source) -> None:
    card = source.diagnosis.scorecard.areas
    lowest = min(("acquisition", "sop-system"), key=lambda area: card[area].level or 0)
    shown = next(line for line in part.deliverables if line.title == "一套运营流程")
    assert shown.now == source.model.areas[lowest].anchors[(card[lowest].level or 0) - 1]


def test_the_strategy_marks_what_is_in_writing_and_prints_what_is_known(part: FiveOnes) -> None:
    assert part.strategy is not None
    lines = {line.title: line for line in part.strategy.lines}
    assert {title for title, line in lines.items() if line.there} == {"目标类型", "12个月用户数"}
    assert lines["12个月用户数"].text == "私域用户数120,000人、12个月用户目标500,000人"
    assert lines["目标类型"].text == "获取并转化新用户"
    assert lines["止损线"].word == "没写"


def test_what_nobody_was_asked_is_not_called_missing(blank: FiveOnes) -> None:
    assert blank.strategy is not None
    assert {line.word for line in blank.strategy.lines} == {"未评"}
    assert blank.headline == "5件成果一件都还没有评"
    assert blank.reports is not None
    assert {m.word for family in blank.reports.families for m in family.metrics} == {"未评"}


def test_without_users_there_is_no_organisation_chart(blank: FiveOnes) -> None:
    assert blank.organisation is None


def test_the_organisation_names_the_posts_that_stand_empty(part: FiveOnes, source: Source) -> None:
    assert part.organisation is not None
    plan = source.diagnosis.plan.staffing
    assert plan is not None
    drawing = str(part.organisation.drawing)
    assert plan.current["traffic"] == 0
    assert "流量" in part.organisation.headline
    assert "空缺 ·" in drawing
    assert "在岗6" in drawing  # the specialists of today


def test_a_part_time_post_is_shown_as_shared_not_as_vacant(private_domain: MaturityModel) -> None:
    half = Fraction(1, 2)
    facts: dict[str, Figure] = {
        "users": 2000,
        "specialists": 1,
        "staff-manager": 1,
        "staff-content": half,
        "staff-traffic": half,
        "staff-data": half,
    }
    source = source_of(private_domain, answered(facts=facts))
    organisation = five_ones.build(source).organisation
    assert organisation is not None
    assert organisation.headline.endswith("岗位都有人，再把职责写下来")
    drawing = str(organisation.drawing)
    assert "兼任 · 在岗0.5，需0.5" in drawing
    assert "空缺 ·" not in drawing


def test_every_metric_stands_in_exactly_one_family(part: FiveOnes, source: Source) -> None:
    assert part.reports is not None
    titles = [metric.title for family in part.reports.families for metric in family.metrics]
    items = source.model.questions["weekly-metrics"].items
    assert sorted(titles) == sorted(item.title.partition("：")[0] for item in items)
    assert [len(family.metrics) for family in part.reports.families] == [5, 6, 6]


def test_the_families_count_what_is_seen_weekly(part: FiveOnes) -> None:
    assert part.reports is not None
    assert part.reports.headline == "报表：17个数里每周看得到1个"
    assert [family.count for family in part.reports.families] == [
        "5项看得到1项",
        "6项看得到0项",
        "6项看得到0项",
    ]


def test_the_appraisal_splits_each_card_into_doing_and_outcome(
    part: FiveOnes, source: Source
) -> None:
    assert part.appraisal is not None
    for shown, card in zip(part.appraisal.cards, source.model.content.post_cards, strict=True):
        process = sum(line.weight for line in card.lines if line.process)
        assert shown.share == f"过程占{process}%"
        assert len(shown.process) + len(shown.result) == len(card.lines)
    specialist = part.appraisal.cards[0]
    assert specialist.process[0] == "25% SOP按时执行率，今天32%"


def test_procedures_in_use_are_told_by_name(private_domain: MaturityModel) -> None:
    people = person("operations", {"sops-in-use": Answer(("welcome",), "E2")})
    flow = five_ones.build(source_of(private_domain, answered(people))).process
    assert flow is not None
    assert flow.in_use.startswith("10个场景里照着SOP在做的1个：新好友欢迎；没有的：")


def test_a_model_of_another_field_shows_what_it_has(kitchen_hygiene: MaturityModel) -> None:
    form = kitchen_hygiene.content.forms[0].id
    part = five_ones.build(source_of(kitchen_hygiene, answered(form=form)))
    assert part.strategy is None
    assert part.organisation is None
    assert part.appraisal is None
    assert part.reports is None
    assert part.headline
