"""The KPI section: what can be measured today, what must be measured first, who is judged by it."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from app.content.answers import read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import diagnose
from app.domain.model import MaturityModel
from app.domain.response import Assessment, ClientProfile
from app.reporting.context import kpis, summary
from app.reporting.context.source import Edition, Source

FOLDER = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"


@cache
def model() -> MaturityModel:
    return load_model(FOLDER)


@cache
def source(name: str) -> Source:
    if not name:
        assessment = Assessment("full", ClientProfile("空白公司"))
    else:
        path = FOLDER / "examples" / name
        assessment = read_assessment(path.read_bytes(), path.name, model())
    edition = Edition("ZM-1", 1, date(2026, 11, 21), "zh-Hans", "1", "0" * 64)
    return Source.of(diagnose(model(), assessment, date(2026, 11, 21)), edition)


def mother_baby() -> Source:
    return source("case-1-mother-baby.yaml")


def test_the_headline_counts_what_can_be_measured_and_names_the_summary_s_one_number() -> None:
    part = kpis.build(mother_baby())
    lines = mother_baby().diagnosis.plan.kpis
    known = sum(line.baseline is not None for line in lines)
    assert f"{len(lines)}个指标今天只量得出{known}个" in part.headline
    number = summary.build(mother_baby()).number
    assert number is not None
    title = next(line.kpi.title for line in lines if line.kpi.code == number.code)
    today, target = number.figure.split(" → ")
    assert f"看{title}从{today}到{target}" in part.headline


def test_the_catalogue_prints_every_metric_once_with_its_denominator() -> None:
    part = kpis.build(mother_baby())
    printed = [row for family in part.families for row in family.rows]
    assert sorted(row.code for row in printed) == sorted(k.code for k in model().kpis.values())
    assert all(row.formula and row.denominator and row.owner for row in printed)


def test_a_value_of_today_names_where_it_comes_from() -> None:
    printed = [row for family in kpis.build(mother_baby()).families for row in family.rows]
    assert all(row.refs for row in printed if row.known)
    assert not any(row.refs for row in printed if not row.known)


def test_good_results_that_rest_on_an_assumption_say_so() -> None:
    part = kpis.build(mother_baby())
    ratio = next(row for f in part.families for row in f.rows if row.code == "K34")
    assert ratio.state == "达标，含假设"
    assert "其中LTV/CAC、回本月数含假设" in part.lead[0]


def test_the_families_add_up_to_the_diagnosis() -> None:
    part = kpis.build(mother_baby())
    lines = mother_baby().diagnosis.plan.kpis
    assert sum(int(family.red) for family in part.families) == sum(
        line.colour == "red" for line in lines
    )
    assert sum(int(family.total) for family in part.families) == len(lines)
    assert part.measured == sum(int(family.known) for family in part.families)


def test_what_to_measure_first_has_no_value_and_says_who_waits_for_it() -> None:
    part = kpis.build(mother_baby())
    unknown = {line.kpi.code for line in mother_baby().diagnosis.plan.kpis if line.baseline is None}
    assert part.first
    assert all(row.code in unknown and row.why for row in part.first)


def test_a_card_tells_how_many_of_its_points_can_be_counted_today() -> None:
    card = next(card for card in kpis.build(mother_baby()).cards if card.title == "内容考核卡")
    known = sum(int(row.weight) for row in card.rows if row.known)
    assert card.counted == f"100分里今天算得出{known}分"
    assert sum(int(row.weight) for row in card.rows) == 100


def test_sales_are_held_against_price_and_frequency() -> None:
    found = {row.title: row for row in kpis.build(mother_baby()).crossings}
    buyers = found["成交额反推买家"]
    assert "每月5,714单" in buyers.sum
    assert "约9,524名买家" in buyers.sum
    assert "7.9%" in buyers.reads


def test_the_client_s_own_words_on_a_figure_stand_beside_the_rule() -> None:
    sales = next(row for row in kpis.build(mother_baby()).agreed if row.codes == "K24 私域GMV")
    assert "口径为信息部自定" in sales.given


def test_nothing_known_says_what_to_measure_first() -> None:
    part = kpis.build(source(""))
    assert part.measured == 0
    assert part.headline == f"47个指标今天一个都没有数：先量{part.first[0].title}"
    assert part.crossings == ()
    assert part.tree is not None


def test_a_model_without_metrics_prints_no_cards_and_no_tree() -> None:
    diagnosis = mother_baby().diagnosis
    bare = replace(diagnosis, plan=replace(diagnosis.plan, kpis=()))
    content = replace(model().content, kpis=(), post_cards=())
    edition = mother_baby().edition
    empty = Source.of(replace(bare, model=replace(model(), content=content)), edition)
    part = kpis.build(empty)
    assert (part.tree, part.cards, part.families) == (None, (), ())
