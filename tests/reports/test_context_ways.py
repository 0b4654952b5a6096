"""The cheapest ways up as a reader sees them: moves in order, what for, hours that add up."""

import re

import pytest

from app.domain.model import MaturityModel
from app.domain.move_costs import move_costs
from app.domain.next_level import NextLevel, next_levels
from app.domain.response import Answer
from app.domain.world import OVERALL
from app.reporting.context import steps
from app.reporting.context.source import Source
from app.reporting.context.steps import Steps
from app.reporting.context.steps_ways import Way
from tests.reports.diagnosed import CASES, case_source, source_of
from tests.reports.handmade import answered, person


@pytest.fixture(scope="module", params=CASES)
def source(private_domain: MaturityModel, request: pytest.FixtureRequest) -> Source:
    return case_source(private_domain, request.param)


@pytest.fixture(scope="module")
def part(source: Source) -> Steps:
    return steps.build(source)


def ways(part: Steps) -> list[Way]:
    return [part.overall, *(page.way for page in part.pages)]


def hours(text: str) -> int:
    found = re.search(r"([\d,]+)小时", text)
    assert found is not None, text
    return int(found.group(1).replace(",", ""))


def found(source: Source) -> dict[str, NextLevel]:
    diagnosis = source.diagnosis
    world = diagnosis.basis.world
    return dict(next_levels(world, move_costs(world, diagnosis.plan.staffing)))


def test_the_hours_of_the_rows_come_out_at_the_hours_of_the_headline(part: Steps) -> None:
    for way in ways(part):
        assert sum(hours(row.hours) for row in way.rows) == hours(way.headline)


def test_a_row_tells_one_move_for_each_level_of_its_area(part: Steps, source: Source) -> None:
    areas = {area.code: area for area in source.model.areas.values()}
    for way in ways(part):
        for row in way.rows:
            start, end = (int(level) for level in re.findall(r"L(\d)", row.levels))
            moves = areas[row.code].moves[start - 1 : end - 1]
            assert row.texts == moves
        assert f"{sum(len(row.texts) for row in way.rows)}步" in way.headline


def test_an_area_comes_after_what_it_requires_and_says_so(part: Steps, source: Source) -> None:
    areas = {area.code: area for area in source.model.areas.values()}
    codes = {area.id: area.code for area in areas.values()}
    for way in ways(part):
        order = [row.code for row in way.rows]
        for row in way.rows:
            for needed in areas[row.code].requires:
                if codes[needed] in order:
                    assert order.index(codes[needed]) < order.index(row.code)
                    needing = next(r for r in way.rows if r.code == codes[needed])
                    standing = source.model.content.rating.standing_level
                    if int(needing.levels[1]) < standing:
                        assert row.code in needing.purpose


def test_every_row_says_what_it_is_for(part: Steps) -> None:
    assert all(row.purpose for way in ways(part) for row in way.rows)


def test_sops_of_a_way_are_named_once_and_told_apart_from_those_of_the_plan(
    part: Steps, source: Source
) -> None:
    plan = source.diagnosis.plan
    planned = {item.sop.code for item in plan.sops} | {sop.code for sop in plan.standing}
    for way in ways(part):
        codes = [code for row in way.rows for code in row.sops]
        assert len(codes) == len(set(codes))
        if not way.running:
            continue
        beside = [code for code in codes if code not in planned]
        assert all(code in way.running for code in beside)
        assert ("编制里都已算上" in way.running) is not bool(beside)


def test_the_running_hours_are_those_the_engine_found(part: Steps, source: Source) -> None:
    path = found(source)[OVERALL]
    assert path.monthly is not None
    assert hours(part.overall.running) == round(path.monthly)


def test_the_other_dimensions_stand_on_one_line_each(part: Steps, source: Source) -> None:
    assert [line.title for line in part.keys] == ["系统化方法", "标准化流程", "专业化团队"]
    for line, target in zip(part.keys, ("method", "process", "team"), strict=True):
        path = found(source)[target]
        assert line.levels == f"L{path.today}→L{path.level}"
        for move in path.moves:
            assert source.model.areas[move.area].code in line.moves


def test_an_area_the_way_leaves_alone_keeps_its_own_next_move(part: Steps, source: Source) -> None:
    for page in part.pages:
        if page.funnel is not None:
            continue
        moved = {row.code for row in page.way.rows}
        left = [climb for climb in page.climbs if climb.code not in moved and climb.move]
        assert len(page.stays) == len(left)
        for told, climb in zip(page.stays, left, strict=True):
            assert told.startswith(f"{climb.code} {climb.title}")
            assert climb.move in told


def test_at_the_top_there_is_no_way_but_a_word(private_domain: MaturityModel) -> None:
    items = tuple(item.id for item in private_domain.questions["ip-card"].items)
    best = {"ip-defined": Answer(5, "E3"), "ip-card": Answer(items, "E3")}
    part = steps.build(source_of(private_domain, answered(person("content", best))))
    page = next(page for page in part.pages if page.title == "IP化")
    assert page.way.rows == ()
    assert page.way.blocked == "已在最高一级，守住即可"
    assert page.way.headline == ""


def test_what_nobody_rated_is_to_be_measured_first(private_domain: MaturityModel) -> None:
    half = {"ip-defined": Answer(2, "E2"), "ip-card": Answer((), "E2")}
    part = steps.build(source_of(private_domain, answered(person("content", half))))
    page = next(page for page in part.pages if page.title == "IP化")
    assert page.way.rows
    assert "I2 IP内容与矩阵" in page.way.unknown
    other = next(page for page in part.pages if page.title == "分层")
    assert other.way.blocked == "还没有评，先量S1 标签与分层、S2 分层运营"


def test_without_any_answer_nothing_is_walked(private_domain: MaturityModel) -> None:
    part = steps.build(source_of(private_domain, answered()))
    assert part.overall.rows == ()
    assert part.overall.blocked == "还没有评"
    assert all(line.hours == "" for line in part.keys)
